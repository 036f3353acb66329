"""The window in which a contact may be written to, after a message of theirs."""

from datetime import datetime, timedelta

from channels_app import providers
from messaging.models.thread_owner import Ownership, idle_after

CLOCKS_DIFFER_BY = timedelta(minutes=1)  # the window closes so long before the provider's does


def window_after(inbound_at: datetime, kind: str) -> datetime | None:
    """Return until when a message of the contact's lets us write; None without such a rule."""
    window = providers.get(kind).window
    return inbound_at + window.lasts - CLOCKS_DIFFER_BY if window else None


def window_of_thread(known: Ownership, kind: str) -> datetime | None:
    """Return until when the contact's last message lets the thread's owner write, to whichever
    responder it went; None where nothing is known of it.
    """
    if known.ends_at is None:
        return None
    return window_after(known.ends_at - idle_after(kind), kind)
