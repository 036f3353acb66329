"""Statuses that were stored as waiting while their message became known: looked at again.

Two transactions that do not see each other store the status and the message's external id, so the
look comes after both. Most statuses that wait are another application's on the same number, and
wait until they expire: each is looked at for half a minute, and a few times more after that.
"""

from datetime import datetime, timedelta

from django.utils import timezone

from channels_app import event_log
from messaging.logged.messages import of_statuses
from messaging.models import MessageStatus
from tenants.scope import router_scope

LATELY = timedelta(seconds=30)  # longer than most transactions, with several sweeps in it
ALL = timedelta(minutes=30)
AT_ONCE = 5000


def match_latest() -> None:
    """Match the statuses of the last half minute. Within a scope of the pipeline."""
    now = timezone.now()
    moved, _ = MessageStatus.objects.match_recorded(now - LATELY, now, at_most=AT_ONCE)
    event_log.append(of_statuses(moved))


def match_all() -> None:
    """Match the statuses of the last half hour, a portion a transaction."""
    now = timezone.now()
    after: datetime | None = now - ALL
    while after:
        with router_scope():
            moved, after = MessageStatus.objects.match_recorded(after, now, at_most=AT_ONCE)
            event_log.append(of_statuses(moved))
