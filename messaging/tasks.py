"""The tasks of the rooms, where Procrastinate looks for them, and the letters that tasks send.

A task keeps the name that it had when its module was another one: jobs that wait in the queue are
found by it.
"""

from messaging.conversations.tasks import tell_read, tell_typing
from messaging.conversations.thread_tasks import order_thread
from messaging.maintenance.tasks import forget_done, forget_outdated, take_up_abandoned
from messaging.media.tasks import fetch_media, upload_media
from messaging.monitoring.tasks import watch
from messaging.outgoing_webhooks import notices

__all__ = [
    "fetch_media",
    "forget_done",
    "forget_outdated",
    "notices",
    "order_thread",
    "take_up_abandoned",
    "tell_read",
    "tell_typing",
    "upload_media",
    "watch",
]
