"""Subscribe our app to an account's webhooks, and list which apps are subscribed."""

from dataclasses import dataclass
from typing import Any

from channels_app.providers import SendError
from whatsapp.business.ids import node
from whatsapp.business.meanings import CONNECTING
from whatsapp.graph import client
from whatsapp.graph.pagination import pages_of
from whatsapp.json_values import digits_or_text, inner, text

CALLBACK_LENGTH = 200


@dataclass(frozen=True)
class Subscription:
    """`callback`: where the account's webhooks go instead of the app's own address; empty: nowhere
    else.
    """

    app_id: str
    callback: str


def subscribe(waba_id: str, *, token: str, callback: str = "", verify_token: str = "") -> None:
    """Repeating it is harmless. Without a callback, one that was set before is taken off."""
    if len(callback) > CALLBACK_LENGTH:
        raise SendError(
            f"The callback address is longer than the {CALLBACK_LENGTH} characters Meta takes.",
            then="failed",
        )
    told = {"override_callback_uri": callback, "verify_token": verify_token}
    override: dict[str, Any] = {"json": told} if callback else {}
    answer = client.call("POST", path(waba_id), token=token, meanings=CONNECTING, **override)
    client.confirm(answer, "subscription")


def unsubscribe(waba_id: str, *, token: str) -> None:
    answer = client.call("DELETE", path(waba_id), token=token, meanings=CONNECTING)
    client.confirm(answer, "end of the subscription")


def subscriptions(waba_id: str, *, token: str) -> list[Subscription]:
    every = pages_of(
        path(waba_id), what="subscribed apps", params={}, token=token, meanings=CONNECTING
    )
    return [
        Subscription(
            app_id=text(digits_or_text(inner(each, "whatsapp_business_api_data").get("id"))),
            callback=text(each.get("override_callback_uri")),
        )
        for each in every
    ]


def path(waba_id: str) -> str:
    return f"{node(waba_id)}/subscribed_apps"
