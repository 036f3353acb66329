"""Our own app at Meta, read with the app's own token."""

from dataclasses import dataclass
from typing import Any

from whatsapp.business.debug_token import inspect
from whatsapp.business.ids import node
from whatsapp.business.meanings import INSPECTING
from whatsapp.business.tokens import app, app_token, as_app
from whatsapp.graph.pagination import pages_of
from whatsapp.json_values import inner, listed, text

OBJECT = "whatsapp_business_account"


@dataclass(frozen=True)
class AppSubscription:
    """Where the webhooks of all accounts go, and which of them."""

    callback: str
    is_active: bool
    fields: frozenset[str]


def is_app_accepted() -> bool:
    """Whether Meta takes the app's id and secret for what they are; raises SendError where it
    refuses them.
    """
    told = inspect(app_token())
    return told.is_valid and told.app_id == app()[0]


def app_subscription() -> AppSubscription | None:
    """None: the app gets no webhooks of WhatsApp."""
    path = f"{node(app()[0])}/subscriptions"
    every = list(
        pages_of(
            path, what="the app's subscriptions", params=as_app(), token="", meanings=INSPECTING
        )
    )
    found = next((each for each in every if each.get("object") == OBJECT), None)
    if found is None:
        return None
    names = map(name_of, listed(found, "fields"))
    return AppSubscription(
        text(found.get("callback_url")), found.get("active") is True, frozenset(filter(None, names))
    )


def name_of(field: Any) -> str:
    """Meta writes {name, version}, and documents a plain name."""
    return field if isinstance(field, str) else text(inner({"field": field}, "field").get("name"))
