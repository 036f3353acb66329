"""Append to the log and read it, in the caller's scope."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Max

from channels_app.models.logged_event import LoggedEvent


def append(events: Iterable[LoggedEvent]) -> None:
    """Insert the events in this order, with one statement, in the transaction of what they tell."""
    LoggedEvent.objects.append(events)


def read_after(position: int, tenant_id: UUID | None, at_most: int) -> list[LoggedEvent]:
    """Return the next events after a position, in order; without a tenant, those of all that the
    scope sees.

    Whoever goes on after the last event's position misses none, however late one was committed.
    """
    events = LoggedEvent.objects.filter(position__gt=position)
    if tenant_id is not None:
        events = events.filter(tenant=tenant_id)
    return list(events.order_by("position")[:at_most])


def newest_position() -> int:
    """Return the position of the newest event that the scope sees; 0 where there is none."""
    return LoggedEvent.objects.aggregate(newest=Max("position"))["newest"] or 0
