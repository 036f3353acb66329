"""Who has a conversation's thread on a channel that several responders share: the newest word about
it counts, in whatever order the words come. Pure.

A channel with one responder has no words, and its conversations no owner.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Q

from channels_app import providers
from channels_app.events import MessageEvent, OwnerSource, ThreadOwner
from messaging.arrivals import Routed
from messaging.models.owner_events import is_contacts, word_of
from messaging.models.owner_word import OwnerWord

A_DAY = timedelta(days=1)
OWNER_COLUMNS = ("owner", "owner_told_by", "owner_told_at", "owner_since", "owner_until")
# what is said in a thread again and again
INFERRED = {OwnerSource.MESSAGE, OwnerSource.STANDBY}


def idle_after(kind: str) -> timedelta:
    """Return how long a thread on channels of this kind keeps its owner while its contact is
    silent; a day where the provider does not say.
    """
    provider = providers.get(kind)
    return provider.idle_after if isinstance(provider, providers.ThreadControl) else A_DAY


@dataclass(slots=True)
class Ownership:
    """What is known of a thread's owner while words are heard, in any order.

    `since`: when the owner came to have it. `until`: the contact's silence since their newest
    message makes the thread nobody's then; None: no message of theirs is known. `heard`: the words
    that belong in its history. `changed`: the word that gave it another owner, if one did.
    """

    newest: OwnerWord | None = None
    since: datetime | None = None
    until: datetime | None = None
    heard: list[OwnerWord] = field(default_factory=list)
    changed: OwnerWord | None = None

    def hear_message(self, routed: Routed[MessageEvent], at: datetime) -> bool:
        """Take into account what a message of this moment says. Returns whether it made the thread
        ours.
        """
        event = routed.arrival.event
        word = word_of(event, at)
        if word and is_contacts(event):
            until = at + idle_after(routed.channel.kind)
            self.until = max(self.until or until, until)
        return word is not None and self.hear(word) and word.owner == ThreadOwner.US

    def hear(self, word: OwnerWord) -> bool:
        """Take a word into account. Returns whether the thread has another owner by it."""
        is_news = word.is_newer_than(self.newest)
        is_change = is_news and word.owner != self.owner_at(word.at)
        if is_news:
            self.newest = word
        if is_change:
            self.since, self.changed = word.at, word
        if is_change or word.told_by not in INFERRED:
            self.heard.append(word)
        return is_change

    def owner_at(self, now: datetime) -> str:
        """Return who has the thread at this moment; empty where nothing was ever told of it."""
        if self.newest is None:
            return ""
        is_idle = self.ends_at is not None and self.ends_at <= now
        return ThreadOwner.NOBODY if is_idle else self.newest.owner

    def columns(self) -> dict[str, Any]:
        """Return what a conversation's row holds of it; None: nothing is known."""
        word = self.newest
        told = (word.owner, word.told_by, word.at) if word else (None, None, None)
        return dict(zip(OWNER_COLUMNS, (*told, self.since, self.until), strict=True))

    @property
    def ends_at(self) -> datetime | None:
        """The moment from which on the thread is nobody's.

        Where no message of the contact's is known, a day after the newest word; and where we were
        passed a thread, which proves that they wrote within the day before.
        """
        if self.newest is None:
            return self.until
        is_passed = self.newest.told_by == OwnerSource.PASSED
        if self.until is None or (is_passed and self.until <= self.newest.at):
            return self.newest.at + A_DAY
        return self.until


class Owned(models.Model):
    """A thread with an owner. `owner`: what the newest word says; `owner_told_by` and
    `owner_told_at`: its source and moment; `owner_since`: when the owner came to have it. All
    empty: the channel has one responder, as far as is known. `owner_until`: the thread is nobody's
    then if the contact stays silent; NULL: no message of theirs is known.
    """

    owner = models.CharField(
        max_length=6, choices=ThreadOwner, blank=True, default="", db_default=""
    )
    owner_told_by = models.CharField(
        max_length=11, choices=OwnerSource, blank=True, default="", db_default=""
    )
    owner_told_at = models.DateTimeField(null=True)
    owner_since = models.DateTimeField(null=True)
    owner_until = models.DateTimeField(null=True)
    last_inbound_at: datetime | None

    class Meta:
        abstract = True

    constraints = [
        models.CheckConstraint(
            condition=Q(owner="", owner_told_by="", owner_told_at=None, owner_since=None)
            | Q(
                owner__in=ThreadOwner.values,
                owner_told_by__in=OwnerSource.values,
                owner_told_at__isnull=False,
                owner_since__isnull=False,
            ),
            name="conversation_owner_with_source_and_moments",
        )
    ]

    def ownership(self) -> Ownership:
        """Return what is known of the owner. Before anything is told of it, the contact's newest
        message tells that it was ours.
        """
        if self.owner and self.owner_told_at:
            word = OwnerWord(self.owner, self.owner_told_by, self.owner_told_at)
            return Ownership(word, self.owner_since, self.owner_until)
        if at := self.last_inbound_at:
            word = OwnerWord(ThreadOwner.US, OwnerSource.MESSAGE, at)
            return Ownership(word, at, at + A_DAY)
        return Ownership()

    def set_ownership(self, known: Ownership) -> None:
        """Set what is known of the owner now; not saved."""
        if known.newest:
            for name, value in known.columns().items():
                setattr(self, name, value)

    def owner_at(self, now: datetime) -> str:
        """Return who has the thread at this moment, a ThreadOwner; empty: it is not shared."""
        return self.ownership().owner_at(now) if self.owner else ""
