"""What an endpoint is sent of an event. Pure."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from channels_app.event_log import LoggedEvent

LARGEST = 20_000  # bytes, and never reached, as Standard Webhooks advises
TEST = "webhook.test"


@dataclass(frozen=True, slots=True)
class Content:
    """An event as it is sent, the same at each try."""

    event_id: UUID
    type: str
    body: bytes


def content_of(event: LoggedEvent) -> Content:
    """Return what is sent of an event. Data that would make it too large is left out: the event is
    asked for by its id.
    """
    ids = {"id": str(event.id), "tenant_id": str(event.tenant_id)}
    body = body_of(event.type, event.occurred_at, {**event.data, **ids})
    if len(body) >= LARGEST:
        shortened = {**ids, "subject_id": str(event.subject_id), "is_shortened": True}
        body = body_of(event.type, event.occurred_at, shortened)
    return Content(event.id, event.type, body)


def content_of_test(
    event_id: UUID, tenant_id: UUID | None, endpoint_id: UUID, at: datetime
) -> Content:
    data = {
        "id": str(event_id),
        "tenant_id": str(tenant_id) if tenant_id else None,
        "endpoint_id": str(endpoint_id),
    }
    return Content(event_id, TEST, body_of(TEST, at, data))


def body_of(type: str, at: datetime, data: dict[str, Any]) -> bytes:
    moment = at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    fields = {"type": type, "timestamp": moment, "data": data}
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()
