"""What became of a message of ours, as ticks with their times. Each has words, too, for whoever
does not see it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from messaging.models import Message, MessageStatus

Status = Message.Status
Words = str | Promise

GONE, SEEN, WAITS, WRONG, OPEN = "gone", "seen", "waits", "wrong", "open"
# how each is marked: the mark, its tone, and its words
MARKS: dict[str, tuple[str, str, Words]] = {
    Status.QUEUED: ("◷", WAITS, _("Waits for its turn")),
    Status.SENDING: ("◷", WAITS, _("Being sent")),
    Status.HELD: ("◷", OPEN, _("Held back")),
    Status.ACCEPTED: ("✓", GONE, _("Accepted by the provider")),
    Status.SENT: ("✓", GONE, _("Sent")),
    Status.DELIVERED: ("✓✓", GONE, _("Delivered")),
    Status.READ: ("✓✓", SEEN, _("Read")),
    Status.PLAYED: ("✓✓", SEEN, _("Played")),
    Status.UNKNOWN: ("?", OPEN, _("Nobody knows whether it arrived")),
    Status.FAILED: ("✗", WRONG, _("Failed")),
    Status.EXPIRED: ("✗", WRONG, _("Expired before it could leave")),
    Status.CANCELLED: ("✗", WRONG, _("Cancelled before it left")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """`people`: of how many of a group's members it was reported."""

    mark: str
    tone: str
    words: Words
    at: datetime | None = None
    people: int = 1


def ticks_of(message: Message) -> list[Tick]:
    """Return what was reported of the message, in its order, and what it is now where no report
    says that. The reports must be loaded.
    """
    if message.direction != Message.Direction.OUTBOUND:
        return []
    reported = list(reported_of(message))
    is_told = message.status in {status.status for status in message.statuses.all()}
    return reported if is_told else [*reported, tick(message.status, at_of(message))]


def reported_of(message: Message) -> Iterator[Tick]:
    """Yield a tick for each word that was reported, of the first time that it was."""
    first: dict[str, MessageStatus] = {}
    members: dict[str, set[str]] = {}
    for status in message.statuses.all():
        first.setdefault(status.status, status)
        members.setdefault(status.status, set()).add(status.participant)
    for word, status in first.items():
        yield tick(word, status.occurred_at, people=len(members[word]))


def tick(word: str, at: datetime | None, people: int = 1) -> Tick:
    """Return the tick of a status; a word that moves no message stands for itself."""
    mark, tone, words = MARKS.get(word, ("", WAITS, capfirst(word)))
    return Tick(mark=mark, tone=tone, words=words, at=at, people=people)


def at_of(message: Message) -> datetime | None:
    """Return when it became what it is, as far as its row tells."""
    return message.sent_at if message.status in (Status.ACCEPTED, Status.SENT) else None
