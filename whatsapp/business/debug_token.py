"""Inspect a token with Meta's debug_token: what it may do, and until when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from channels_app.providers import SendError
from channels_app.storable import storable_text
from whatsapp.business.ids import is_node
from whatsapp.business.meanings import INSPECTING
from whatsapp.business.tokens import as_app
from whatsapp.graph import client
from whatsapp.json_values import Json, digits_or_text, inner, listed, moment, objects, text

MANAGEMENT, MESSAGING = "whatsapp_business_management", "whatsapp_business_messaging"
NEVER = (None, 0, "0")


@dataclass(frozen=True)
class Inspected:
    """What Meta says of a token, which is a hint: what works decides.

    `expires_at`, `data_access_expires_at`: None is never. `scopes`: its permissions, those that are
    listed for single accounts too. `account_ids`: business accounts that it names, the newest
    first; Meta may name none of those that the token reaches. `reason`: why it is not valid.
    """

    is_valid: bool
    app_id: str
    user_id: str
    expires_at: datetime | None
    data_access_expires_at: datetime | None
    scopes: frozenset[str]
    account_ids: tuple[str, ...]
    reason: str

    @property
    def missing_scopes(self) -> list[str]:
        """The permissions that a business's token must have, and that are not listed for this
        one.
        """
        return [scope for scope in (MANAGEMENT, MESSAGING) if scope not in self.scopes]


def inspect(token: str) -> Inspected:
    """Asked with the app's own token."""
    asked = {"input_token": token, **as_app()}
    data = inner(
        client.call("GET", "debug_token", token="", params=asked, meanings=INSPECTING), "data"
    )
    if type(data.get("is_valid")) is not bool:
        raise unreadable()
    return Inspected(
        is_valid=data["is_valid"],
        app_id=text(digits_or_text(data.get("app_id"))),
        user_id=text(digits_or_text(data.get("user_id"))),
        expires_at=end_of(data.get("expires_at")),
        data_access_expires_at=end_of(data.get("data_access_expires_at")),
        scopes=frozenset(scopes_of(data)),
        account_ids=account_ids_of(data),
        reason="" if data["is_valid"] else reason_of(data, token),
    )


def end_of(value: Any) -> datetime | None:
    """Raise on an expiry that cannot be read: None would mean that the token never expires."""
    if value in NEVER:
        return None
    end = moment(value)
    if end is None:
        raise unreadable()
    return end


def scopes_of(data: Json) -> set[str]:
    scopes = [
        *listed(data, "scopes"),
        *(each.get("scope") for each in objects(data, "granular_scopes")),
    ]
    return {scope for scope in scopes if isinstance(scope, str)}


def account_ids_of(data: Json) -> tuple[str, ...]:
    """The accounts that either permission is granted for, as far as Meta names them."""
    granted = [
        each
        for each in objects(data, "granular_scopes")
        if each.get("scope") in (MANAGEMENT, MESSAGING)
    ]
    ids = [digits_or_text(target) for each in granted for target in listed(each, "target_ids")]
    return tuple(dict.fromkeys(filter(is_node, ids)))


def reason_of(data: Json, token: str) -> str:
    words = text(inner(data, "error").get("message")).replace(token, "[token]")
    return storable_text(
        f"Meta says that the token is not valid: {words or 'it gives no reason.'}", 300
    )


def unreadable() -> SendError:
    return SendError(
        "WhatsApp's answer does not describe the token.", then="unknown", http_status=200
    )
