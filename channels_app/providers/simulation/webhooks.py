"""The webhooks of test channels: made and read here, in a form of our own. Pure.

{"type": "message" | "status", ...}. Which channel one is of says the address that it is stored
with, which nobody else can post to.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from channels_app.events import ContactEvent, Event, InboundMessage, Rejected, StatusUpdate
from channels_app.providers.simulation.recipients import Report
from channels_app.storable import Unstorable

UNREADABLE = "It is no webhook of a test channel."


@dataclass(frozen=True, kw_only=True)
class FollowUp:
    """A webhook that comes so many seconds later."""

    body: bytes
    after: float


def message(sender: ContactEvent, *, external_id: str, name: str, text: str) -> bytes:
    """Return the webhook of a text that somebody writes."""
    return written(
        type="message",
        id=external_id,
        ids=sender.contact_ids,
        personal_kinds=sender.personal_kinds,
        name=name,
        text=text,
    )


def status(report: Report, *, external_id: str, reference: str) -> bytes:
    """Return the webhook of a status of a message that was sent."""
    return written(
        type="status",
        id=external_id,
        reference=reference,
        status=report.status,
        code=report.code,
        error=report.error,
    )


def written(**fields: Any) -> bytes:
    return json.dumps(fields).encode()


def parse(body: bytes, address: str) -> Iterator[Event]:
    """Return what a webhook says that came to this address."""
    where: dict[str, Any] = {"account_id": address, "channel_external_id": address}
    try:
        told = json.loads(body)
        yield READERS[told["type"]](told, where)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, Unstorable):
        yield Rejected(reason=UNREADABLE, **where)


def read_message(told: Mapping[str, Any], where: Mapping[str, Any]) -> InboundMessage:
    ids = tuple((kind, value) for kind, value in told["ids"])
    _, reply_to = ids[0]
    return InboundMessage(
        external_id=told["id"],
        contact_ids=ids,
        personal_kinds=tuple(told["personal_kinds"]),
        contact_name=told["name"],
        text=told["text"],
        preview=told["text"],
        reply_to=reply_to,
        raw=told,
        **where,
    )


def read_status(told: Mapping[str, Any], where: Mapping[str, Any]) -> StatusUpdate:
    return StatusUpdate(
        external_id=told["id"],
        reference=told["reference"],
        status=told["status"],
        error_code=told["code"],
        error=told["error"],
        raw=told,
        **where,
    )


READERS: dict[str, Callable[[Mapping[str, Any], Mapping[str, Any]], Event]] = {
    "message": read_message,
    "status": read_status,
}
