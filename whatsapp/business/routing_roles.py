"""Our role on a number that several responders share.

Meta's page "Routing roles": the answer has `roles` and `is_standby`. Neither the address nor the
names of the roles have been seen, so the address is a setting, and a role is known by the word that
its name holds.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

from channels_app.providers import SendError
from whatsapp.business.ids import node
from whatsapp.business.meanings import CONNECTING
from whatsapp.graph import client
from whatsapp.json_values import Json, inner, listed, objects, text

ROLES = ("escalation", "primary")  # what sending does depends on the first
STANDBY = "standby"
KEYS = {"roles", "is_standby"}


def thread_role(phone_number_id: str, *, token: str, path: str) -> str:
    """Returns "escalation", "primary", "standby", or nothing for who has no role. Raises SendError.

    `path`: below the API's version, with "{phone_number_id}" and perhaps a query.
    """
    path, _, query = path.replace("{phone_number_id}", node(phone_number_id)).partition("?")
    params = dict(parse_qsl(query))
    answer = client.call("GET", path, token=token, params=params, meanings=CONNECTING)
    told = next((each for each in places(answer) if KEYS & each.keys()), None)
    if told is None:
        raise SendError(
            "WhatsApp's answer names no roles: correct WHATSAPP_ROUTING_ROLES_PATH.",
            then="failed",
            http_status=200,
        )
    names = " ".join(names_in(told)).lower()
    return next(
        (role for role in ROLES if role in names),
        STANDBY if told.get("is_standby") is True or STANDBY in names else "",
    )


def places(answer: Json) -> Iterator[Json]:
    """Where the roles may stand: in the answer, in its lists, or in an object of it."""
    yield answer
    for key in answer:
        yield from objects(answer, key)
        yield inner(answer, key)


def names_in(told: Json) -> list[str]:
    """A role is a word, or an object that holds words."""
    roles: list[Any] = listed(told, "roles") or [told.get("roles")]
    return [
        text(word)
        for role in roles
        for word in (role.values() if isinstance(role, dict) else [role])
    ]
