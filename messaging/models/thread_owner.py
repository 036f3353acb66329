"""Who has a conversation's thread on a channel that several responders share: the newest word about
it counts, in whatever order the words come. Pure.

A channel with one responder has no words, and its conversations no owner.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from channels_app import providers
from channels_app.events import MessageEvent, OwnerSource, ThreadOwner
from messaging.arrivals import Routed
from messaging.models.owner_events import is_contacts, word_of
from messaging.models.owner_word import OwnerWord

A_DAY = timedelta(days=1)
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
    """What is known of a thread's owner while words are heard, in any order. `until`: the contact's
    silence since their newest message makes the thread nobody's then; None: no message of theirs is
    known. `heard`: the words that belong in its history.
    """

    newest: OwnerWord | None
    until: datetime | None
    heard: list[OwnerWord] = field(default_factory=list)

    def hear_message(self, routed: Routed[MessageEvent], at: datetime) -> None:
        """Take into account what a message of this moment says."""
        event = routed.arrival.event
        word = word_of(event, at)
        if word and is_contacts(event):
            until = at + idle_after(routed.channel.kind)
            self.until = max(self.until or until, until)
        if word:
            self.hear(word)

    def hear(self, word: OwnerWord) -> None:
        owner_before = self.owner_at(word.at)
        is_news = word.is_newer_than(self.newest)
        if is_news:
            self.newest = word
        if word.told_by not in INFERRED or (is_news and word.owner != owner_before):
            self.heard.append(word)

    def owner_at(self, now: datetime) -> str:
        """Return who has the thread at this moment; empty where nothing was ever told of it."""
        if self.newest is None:
            return ""
        is_idle = self.ends_at is not None and self.ends_at <= now
        return ThreadOwner.NOBODY if is_idle else self.newest.owner

    @property
    def is_ours(self) -> bool:
        return self.newest is not None and self.newest.owner == ThreadOwner.US

    @property
    def ends_at(self) -> datetime | None:
        """The moment from which on the thread is nobody's. A word that somebody has a silent
        contact's thread proves that they wrote within the day before it.
        """
        if self.newest is None or (self.until and self.until > self.newest.at):
            return self.until
        return self.newest.at + A_DAY


class Owned(models.Model):
    """A thread with an owner. `owner` is what the newest word says, `owner_since` its moment and
    `owner_told_by` its source; all empty: the channel has one responder, as far as is known.
    `owner_until`: the thread is nobody's then if the contact stays silent.
    """

    owner = models.CharField(
        max_length=6, choices=ThreadOwner, blank=True, default="", db_default=""
    )
    owner_told_by = models.CharField(
        max_length=11, choices=OwnerSource, blank=True, default="", db_default=""
    )
    owner_since = models.DateTimeField(null=True)
    owner_until = models.DateTimeField(null=True)
    last_inbound_at: datetime | None

    class Meta:
        abstract = True

    constraints = [
        models.CheckConstraint(
            condition=Q(owner="", owner_told_by="", owner_since=None)
            | Q(
                owner__in=ThreadOwner.values,
                owner_told_by__in=OwnerSource.values,
                owner_since__isnull=False,
            ),
            name="conversation_owner_with_source_and_moment",
        )
    ]

    def ownership(self) -> Ownership:
        """Return what is known of the owner. Before anything is told of it, the contact's newest
        message tells that it was ours.
        """
        if self.owner and self.owner_since:
            word = OwnerWord(self.owner, self.owner_told_by, self.owner_since)
            return Ownership(word, self.owner_until)
        if self.last_inbound_at:
            word = OwnerWord(ThreadOwner.US, OwnerSource.MESSAGE, self.last_inbound_at)
            return Ownership(word, self.last_inbound_at + A_DAY)
        return Ownership(None, None)

    def set_ownership(self, known: Ownership) -> None:
        """Set what is known of the owner now; not saved."""
        if known.newest:
            self.owner, self.owner_told_by = known.newest.owner, known.newest.told_by
            self.owner_since, self.owner_until = known.newest.at, known.until

    def owner_at(self, now: datetime) -> str:
        """Return who has the thread at this moment, a ThreadOwner; empty: it is not shared."""
        return self.ownership().owner_at(now) if self.owner else ""
