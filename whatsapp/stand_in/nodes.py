"""What the Graph API says of a thing by its id: a file that it keeps, an account or number of the
business, else a number.
"""

from typing import Any

from whatsapp.stand_in import files, onboarding
from whatsapp.stand_in.business import FRESH, REGISTERED
from whatsapp.stand_in.errors import not_seen
from whatsapp.stand_in.http import Answer, Request, Route
from whatsapp.stand_in.scripted import scripted


def node(stand_in: Any, request: Request, node_id: str) -> Answer | None:
    if node_id in stand_in.files:
        return files.node(stand_in, request, node_id)
    if "phone_number_id" in request.query:  # which is asked with for files alone
        return not_seen(node_id)
    if node_id in stand_in.business.accounts:
        return scripted("account", onboarding.account)(stand_in, request, node_id)
    return scripted("number", number)(stand_in, request, node_id)


def number(stand_in: Any, request: Request, phone_number_id: str) -> Answer:
    if stand_in.business.number(phone_number_id):
        return onboarding.number(stand_in, request, phone_number_id)
    return Answer({**FRESH, **REGISTERED, "id": phone_number_id})


ROUTES = (Route("GET", "/([^/]+)", node),)
