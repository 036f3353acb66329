"""The event log: what happened is written in the transaction that did it, and read in one order
that nobody's late commit changes.

In: events, appended in the caller's scope. Out: the same, by position. It may import its app's
ground alone; every room of every app may append.
"""

from channels_app.event_log.log import append, newest_position, read_after
from channels_app.models.logged_event import EventType, LoggedEvent

__all__ = ["EventType", "LoggedEvent", "append", "newest_position", "read_after"]
