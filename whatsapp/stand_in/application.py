"""The app's own settings at Meta: where its webhooks go, and which of them."""

from typing import Any

from whatsapp.stand_in.http import Answer, Request, Route, graph_error
from whatsapp.stand_in.scripted import scripted


def subscriptions(stand_in: Any, request: Request, app_id: str) -> Answer:
    """Only the app itself is told."""
    business = stand_in.business
    given_id, _, given_secret = request.token.partition("|")
    if (
        given_id != app_id
        or business.client_id not in ("", given_id)
        or business.client_secret not in ("", given_secret)
    ):
        return graph_error(190, "Invalid OAuth access token.")
    callback = stand_in.callback if business.app_callback is None else business.app_callback
    fields = [{"name": name, "version": "v25.0"} for name in business.app_fields]
    told = {
        "object": "whatsapp_business_account",
        "callback_url": callback,
        "active": business.app_is_active,
        "fields": fields,
    }
    return Answer({"data": [told] if callback else []})


ROUTES = (Route("GET", "/([^/]+)/subscriptions", scripted("app_subscriptions", subscriptions)),)
