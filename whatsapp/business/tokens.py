"""Exchange the code that Meta's dialog gave for a token."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings

from channels_app.providers import SendError
from whatsapp.business.meanings import EXCHANGING
from whatsapp.graph import client
from whatsapp.graph.appsecret_proof import proof

SECONDS = 10.0  # of the thirty that a code lives
LONGEST = 100 * 365 * 24 * 3600
VISIBLE = re.compile(r"[!-~]{1,4096}")


@dataclass(frozen=True)
class Granted:
    """`expires_at`: None where Meta names no end; `inspect` knows better."""

    token: str = field(repr=False)
    expires_at: datetime | None


def exchange(code: str, *, redirect_uri: str = "") -> Granted:
    """The token for a code, once. `redirect_uri`: exactly the dialog's; none where the code came
    through Meta's script.
    """
    if not VISIBLE.fullmatch(code):
        raise SendError("The code is none of Meta's: connect again.", then="failed")
    app_id, app_secret = app()
    asked = {"client_id": app_id, "client_secret": app_secret, "code": code}
    if redirect_uri:
        asked["redirect_uri"] = redirect_uri
    answer = client.call(
        "GET", "oauth/access_token", token="", params=asked, at_longest=SECONDS, meanings=EXCHANGING
    )
    token = answer.get("access_token")
    if not isinstance(token, str) or not VISIBLE.fullmatch(token):
        raise SendError(
            "WhatsApp's answer holds no token: connect again.", then="unknown", http_status=200
        )
    return Granted(token, end_of(answer.get("expires_in")))


def app() -> tuple[str, str]:
    """Its id and its secret."""
    if not settings.META_APP_ID or not settings.META_APP_SECRET:
        raise SendError(
            "META_APP_ID and META_APP_SECRET are not set: no business can be connected.",
            then="failed",
        )
    return settings.META_APP_ID, settings.META_APP_SECRET


def app_token() -> str:
    return "|".join(app())


def as_app() -> dict[str, str]:
    """The parameters of a call that the app itself makes, for no business."""
    return {"access_token": app_token(), **proof(app_token())}


def end_of(seconds: Any) -> datetime | None:
    return (
        datetime.now(UTC) + timedelta(seconds=seconds)
        if type(seconds) is int and 0 < seconds < LONGEST
        else None
    )
