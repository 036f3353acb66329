"""Events that happen: logged for real, and in the order in which they are told."""

from functools import cache
from uuid import UUID, uuid5

from channels_app.event_log import EventType, LoggedEvent, append
from channels_app.event_log.sequencer import give_positions
from tenants.scope import tenant_scope

STREAMS = UUID(int=1)


@cache
def stream(word: str) -> UUID:
    return uuid5(STREAMS, word)


def happen(
    tenant_id: UUID, names: str, type: str = EventType.MESSAGE_RECEIVED, **data: object
) -> list[UUID]:
    """Log an event for each name and give them their positions; their ids. "a1" is of the stream
    "a".
    """
    events = [
        LoggedEvent(
            tenant_id=tenant_id,
            type=type,
            subject_id=stream(name),
            stream_id=stream(name.rstrip("0123456789")),
            data={"name": name, **data},
        )
        for name in names.split()
    ]
    with tenant_scope(tenant_id):
        append(events)
    give_positions(len(events) + 1000)
    return [event.id for event in events]
