"""What a token may do, and until when, as Meta says it: what came through a browser proves nothing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from channels_app.providers import SendError
from channels_app.storable import storable_text
from whatsapp import client
from whatsapp.access.meanings import INSPECTING
from whatsapp.access.nodes import is_node
from whatsapp.access.tokens import app
from whatsapp.items import Json, digits_or_text, inner, moment, objects, text
from whatsapp.proof import proof

MANAGEMENT, MESSAGING = "whatsapp_business_management", "whatsapp_business_messaging"
NEVER = (None, 0, "0")


@dataclass(frozen=True)
class Inspected:
    """`expires_at`, `data_access_expires_at`: None is never. `waba_ids`: the accounts it may manage, the newest first.
    `names_accounts`: it is limited to them. `messaging_ids`: those it may write from; None is all of them. `reason`: why it is
    not valid.
    """

    is_valid: bool
    app_id: str
    user_id: str
    expires_at: datetime | None
    data_access_expires_at: datetime | None
    scopes: frozenset[str]
    waba_ids: tuple[str, ...]
    messaging_ids: tuple[str, ...] | None
    reason: str
    names_accounts: bool = True

    def covers(self, waba_id: str) -> bool:
        """Whether it may both manage this account and write from it."""
        return self.is_valid and waba_id in self.waba_ids and (self.messaging_ids is None or waba_id in self.messaging_ids)


def inspect(token: str) -> Inspected:
    """Asked with the app's own token."""
    own = "|".join(app())
    asked = {"input_token": token, "access_token": own, **proof(own)}
    data = inner(client.call("GET", "debug_token", token="", params=asked, meanings=INSPECTING), "data")
    if type(data.get("is_valid")) is not bool:
        raise unreadable()
    return Inspected(
        is_valid=data["is_valid"],
        app_id=text(digits_or_text(data.get("app_id"))),
        user_id=text(digits_or_text(data.get("user_id"))),
        expires_at=end_of(data.get("expires_at")),
        data_access_expires_at=end_of(data.get("data_access_expires_at")),
        scopes=frozenset(scopes_of(data)),
        waba_ids=targets_of(data, MANAGEMENT) or (),
        messaging_ids=targets_of(data, MESSAGING),
        reason="" if data["is_valid"] else reason_of(data, token),
        names_accounts=bool(targets_of(data, MANAGEMENT) is not None and data.get("granular_scopes")),
    )


def end_of(value: Any) -> datetime | None:
    """An end that cannot be read is not taken for none."""
    if value in NEVER:
        return None
    end = moment(value)
    if end is None:
        raise unreadable()
    return end


def scopes_of(data: Json) -> set[str]:
    scopes = data.get("scopes")
    return {scope for scope in scopes if isinstance(scope, str)} if isinstance(scopes, list) else set()


def targets_of(data: Json, scope: str) -> tuple[str, ...] | None:
    """The accounts that a scope is granted for, none where it is not granted; None: Meta limits it to no accounts."""
    granted = [each for each in objects(data, "granular_scopes") if each.get("scope") == scope]
    if any("target_ids" not in each for each in granted):
        return None
    ids = [digits_or_text(target) for each in granted if isinstance(each["target_ids"], list) for target in each["target_ids"]]
    return tuple(dict.fromkeys(filter(is_node, ids)))


def reason_of(data: Json, token: str) -> str:
    words = text(inner(data, "error").get("message")).replace(token, "[token]")
    return storable_text(f"Meta says that the token is not valid: {words or 'it gives no reason.'}", 300)


def unreadable() -> SendError:
    return SendError("WhatsApp's answer does not describe the token.", then="unknown", http_status=200)
