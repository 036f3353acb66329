"""Who answers in a conversation: automation, or people, and what they are waited for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from channels_app.storable import storable_text
from messaging import sql
from tenants.models import Tenant

# `replies_paused_until` of a conversation that people have until they hand it back
UNTIL_HANDED_BACK = datetime(9999, 1, 1, tzinfo=UTC)
NOTE_LENGTH = 500


class Answering(models.TextChoices):
    """Who answers in a conversation."""

    AUTOMATION = "automation", _("Automation")
    WAITING = "waiting", _("Waits for a person")
    PERSON = "person", _("A person")


class Because(models.TextChoices):
    """Why a conversation waits for a person."""

    STRATEGY = "strategy", _("The reply strategy asked for a person.")
    FAILED = "failed", _("The reply strategy failed.")
    TIMEOUT = "timeout", _("The reply strategy gave no answer in time.")
    UNSENDABLE = "unsendable", _("The reply strategy gave an answer that cannot be sent.")
    ORDER = "order", _("Somebody left it to people.")


@dataclass(frozen=True, slots=True)
class LeftToPeople:
    """That a conversation is to wait for a person. `note`: what they are told, if anything;
    `until`: when automation goes on, unless they hand it back before.
    """

    because: str
    note: str
    until: datetime

    @classmethod
    def of(cls, tenant: Tenant, because: Because, note: str = "") -> "LeftToPeople":
        return cls(because.value, storable_text(note, NOTE_LENGTH), peoples_until(tenant))


def is_waiting() -> Q:
    """Return the condition of a conversation that waits for a person now."""
    return Q(waiting_since__isnull=False, replies_paused_until__gt=Now())


class LeavesToPeople:
    """What the manager of conversations does about them."""

    def leave_to_people(self, left: Mapping[UUID, LeftToPeople]) -> list[Mapping[str, Any]]:
        """Let these conversations, which are locked, wait for a person, unless they do already.
        Returns those that did not.
        """
        if not left:
            return []
        columns = ("because", "note", "until")
        arrays = {name: [getattr(each, name) for each in left.values()] for name in columns}
        return sql.run("conversations/leave_to_people", ids=list(left), **arrays)

    def end_waits(self, *, at_most: int) -> int:
        """Forget of some conversations that they waited for a person, because automation answers in
        them again. Returns how many these were. Within a scope that may see every tenant.
        """
        return len(sql.run("conversations/end_waits", at_most=at_most))


def peoples_until(tenant: Tenant) -> datetime:
    """Return until when a conversation that goes to people now is theirs, unless they hand it back
    before.
    """
    hours = tenant.handover_hours
    return timezone.now() + timedelta(hours=hours) if hours else UNTIL_HANDED_BACK


class AnsweredByPeople(models.Model):
    """A conversation that automation answers in, unless `replies_paused_until` lies ahead: then it
    waits for a person since `waiting_since` and because of `waiting_because`, or a person has it.
    """

    replies_paused_until = models.DateTimeField(null=True)
    waiting_because = models.CharField(
        max_length=10, choices=Because, blank=True, default="", db_default=""
    )
    waiting_note = models.CharField(max_length=NOTE_LENGTH, blank=True, default="", db_default="")
    waiting_since = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    constraints = [
        models.CheckConstraint(
            condition=Q(waiting_because="", waiting_note="", waiting_since=None)
            | Q(waiting_because__in=Because.values, waiting_since__isnull=False),
            name="conversation_waits_for_a_known_reason",
        )
    ]
    indexes = [
        models.Index(
            fields=["tenant", "waiting_since"],
            condition=Q(waiting_since__isnull=False),
            name="conversation_waits_for_people",
        )
    ]

    def has_waited_at(self, moment: datetime) -> bool:
        """Return whether it waited for a person before this moment, and still does: what staff
        wrote before it waited is no answer to that, however late it is told.
        """
        return self.waiting_since is not None and self.waiting_since < moment

    def answering_at(self, now: datetime) -> Answering:
        """Return who answers at this moment."""
        if self.replies_paused_until is None or self.replies_paused_until <= now:
            return Answering.AUTOMATION
        return Answering.WAITING if self.waiting_since else Answering.PERSON
