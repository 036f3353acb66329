"""The thread of a conversation as people see it: a page of its messages in order, with what changed
them applied, and the parts of each.

In: a conversation, and the place that a page begins or ends at. Out: its messages as they are
shown. It may import its app's ground alone.
"""

from messaging.conversations.thread.changes import CHANGES, Shown, shown, statuses
from messaging.conversations.thread.pages import Page, after, around, before, newest
from messaging.models import Conversation

__all__ = [
    "CHANGES",
    "Page",
    "Shown",
    "after",
    "around",
    "before",
    "newest",
    "shown",
    "statuses",
    "thread",
]


def thread(conversation: Conversation, length: int) -> tuple[list[Shown], bool]:
    """Return the newest messages, oldest first, and whether there are earlier ones."""
    page = newest(conversation, length)
    return shown(conversation, page.messages), page.before is not None
