"""What a test or an operator asks of the second responders on our numbers."""

import json
from typing import Any

from whatsapp.stand_in.http import Answer, Request, Route
from whatsapp.stand_in.responders import ACTIONS, NotTheirs

ADDRESS = "/stand-in/responders"


def shown(stand_in: Any, request: Request) -> Answer:
    """By number: the roles, and who has which thread."""
    return Answer({number: each.state() for number, each in stand_in.responders.items()})


def added(stand_in: Any, request: Request) -> Answer:
    """`number`, and what of `primary`, `escalation` and `we_listen` is not as it is by itself."""
    given = request.json()
    stand_in.second_responder(given.pop("number"), **given)
    return shown(stand_in, request)


def acting(stand_in: Any, request: Request) -> Answer:
    """`number`, `does` (one of ACTIONS), and what that takes: `person`, `text`, `note`,
    `entry_point`. Answers who has the thread then, and the webhooks that we were told.
    """
    given = request.json()
    shared, action = stand_in.responders.get(given.pop("number", "")), given.pop("does", "")
    if shared is None or action not in ACTIONS:
        return Answer({"error": "No such responder, or nothing that one does."}, 404)
    try:
        told = getattr(shared, action)(**given)
    except (NotTheirs, TypeError) as error:
        return Answer({"error": str(error)}, 409)
    owner = shared.owner_of(given["person"])
    return Answer({"owner": owner, "webhooks": [json.loads(body) for body in told]})


ROUTES = (
    Route("GET", ADDRESS, shown, is_open=True),
    Route("POST", ADDRESS, added, is_open=True),
    Route("POST", f"{ADDRESS}/act", acting, is_open=True),
)
