"""A business's accounts and numbers as the Graph API shows, subscribes and registers them."""

import re
from typing import Any

from whatsapp.json_values import Json
from whatsapp.stand_in.business import DEREGISTERED, REGISTERED
from whatsapp.stand_in.errors import not_seen
from whatsapp.stand_in.http import Answer, Request, Route, graph_error
from whatsapp.stand_in.paging import page_of
from whatsapp.stand_in.scripted import scripted

PIN = re.compile(r"[0-9]{6}")


def account(stand_in: Any, request: Request, account_id: str) -> Answer:
    owned = stand_in.business.accounts[account_id]
    return Answer(asked_for(request, {"id": owned.id, "name": owned.name}))


def number(stand_in: Any, request: Request, phone_number_id: str) -> Answer:
    return Answer(asked_for(request, stand_in.business.number(phone_number_id)))


def numbers(stand_in: Any, request: Request, account_id: str) -> Answer:
    owned = stand_in.business.accounts.get(account_id)
    if owned is None:
        return not_seen(account_id)
    return Answer(
        page_of(stand_in, request, [asked_for(request, each) for each in owned.numbers.values()])
    )


def asked_for(request: Request, thing: Json) -> Json:
    fields = {"id", *request.query.get("fields", ",".join(thing)).split(",")}
    return {key: value for key, value in thing.items() if key in fields}


def subscribe(stand_in: Any, request: Request, account_id: str) -> Answer:
    owned = stand_in.business.accounts.get(account_id)
    if owned is None:
        return not_seen(account_id)
    owned.callback = (request.json() or {}).get("override_callback_uri", "")
    return Answer({"success": True})


def subscriptions(stand_in: Any, request: Request, account_id: str) -> Answer:
    """A token that was granted nothing sees every account, as it sees every number: one that is not
    the business's is ours.
    """
    owned = stand_in.business.accounts.get(account_id)
    if owned is None and request.token in stand_in.business.grants:
        return not_seen(account_id)
    callback = owned.callback if owned else ""
    app = {
        "whatsapp_business_api_data": {
            "id": stand_in.business.client_id or "1",
            "name": "Stand-in",
            "link": stand_in.url,
        }
    }
    override = {"override_callback_uri": callback} if callback else {}
    return Answer({"data": [] if callback is None else [{**app, **override}]})


def unsubscribe(stand_in: Any, request: Request, account_id: str) -> Answer:
    owned = stand_in.business.accounts.get(account_id)
    if owned is None:
        return not_seen(account_id)
    owned.callback = None
    return Answer({"success": True})


def register(stand_in: Any, request: Request, phone_number_id: str) -> Answer:
    business, pin = stand_in.business, str((request.json() or {}).get("pin"))
    if not PIN.fullmatch(pin) or request.json().get("messaging_product") != "whatsapp":
        return graph_error(100, "Invalid PIN format. PIN must be exactly 6 digits")
    if business.pins.setdefault(phone_number_id, pin) != pin:
        return graph_error(133005, "(#133005) Two step verification PIN Mismatch")
    (business.number(phone_number_id) or {}).update(REGISTERED)
    return Answer({"success": True})


def deregister(stand_in: Any, request: Request, phone_number_id: str) -> Answer:
    (stand_in.business.number(phone_number_id) or {}).update(DEREGISTERED)
    return Answer({"success": True})


SUBSCRIBED_APPS = "/([^/]+)/subscribed_apps"
ROUTES = (
    Route("GET", "/([^/]+)/phone_numbers", scripted("phone_numbers", numbers)),
    Route("POST", SUBSCRIBED_APPS, scripted("subscribe", subscribe)),
    Route("GET", SUBSCRIBED_APPS, scripted("subscriptions", subscriptions)),
    Route("DELETE", SUBSCRIBED_APPS, scripted("unsubscribe", unsubscribe)),
    Route("POST", "/([^/]+)/register", scripted("register", register)),
    Route("POST", "/([^/]+)/deregister", scripted("deregister", deregister)),
)
