"""The tasks of the rooms, where Procrastinate looks for them, and the letters that tasks send.

A task keeps the name that it had when its module was another one: jobs that wait in the queue are
found by it.
"""

from messaging.conversations.tasks import tell_read, tell_typing
from messaging.conversations.thread_tasks import order_thread
from messaging.inbound.redaction import redact_delivery
from messaging.maintenance.nightly import purge_old
from messaging.maintenance.tasks import (
    end_waits,
    forget_done,
    forget_outdated,
    match_statuses,
    take_up_abandoned,
)
from messaging.media.tasks import fetch_media, upload_media
from messaging.monitoring.tasks import watch
from messaging.outgoing_webhooks import notices
from messaging.privacy.tasks import continue_erasures, erase_contact

__all__ = [
    "continue_erasures",
    "end_waits",
    "erase_contact",
    "fetch_media",
    "forget_done",
    "forget_outdated",
    "match_statuses",
    "notices",
    "order_thread",
    "purge_old",
    "redact_delivery",
    "take_up_abandoned",
    "tell_read",
    "tell_typing",
    "upload_media",
    "watch",
]
