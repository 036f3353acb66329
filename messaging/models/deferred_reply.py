"""Automatic answers that take their time: each waits here until its strategy was asked for it."""

import json
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from messaging import sql
from messaging.models.conversation import Conversation
from messaging.models.message import Message
from tenants.database import insertion
from tenants.isolation import TenantForeignKey, within_tenant
from tenants.models import TenantManager, TenantModel


class DeferredReplyManager(TenantManager["DeferredReply"]):
    def put_off(self, rows: Iterable["DeferredReply"]) -> int:
        """Store deferred replies, of different conversations, which are locked. Whatever waited in
        these is superseded: a burst of messages is answered once. Returns how much that was.
        """
        given = list(rows)
        if not given:
            return 0
        ids = [row.conversation_id for row in given]
        superseded = sql.run("deferred_replies/supersede", conversation_ids=ids)
        seconds = float(settings.DEFERRED_REPLY_WAIT_SECONDS)
        insertion.insert(
            given, due_at=f"statement_timestamp() + make_interval(secs => {seconds!r})"
        )
        return len(superseded)

    def lease(
        self, lease: UUID, *, after: UUID, full: Collection[UUID], at_most: int, seconds: float
    ) -> list["DeferredReply"]:
        """Lease due replies for `seconds`, of the tenants after this one in turn, but for those in
        `full`. Within a scope of the pipeline.
        """
        limits = {"at_most": at_most, "seconds": seconds}
        rows = sql.run(
            "deferred_replies/lease", lease=lease, after=after, full=list(full), **limits
        )
        return [DeferredReply.leased(**row) for row in rows]

    def lease_overdue(self, lease: UUID, *, at_most: int, seconds: float) -> list["DeferredReply"]:
        """Lease replies whose deadline has passed while they waited."""
        rows = sql.run(
            "deferred_replies/lease_overdue", lease=lease, at_most=at_most, seconds=seconds
        )
        return [DeferredReply.leased(**row) for row in rows]

    def forget(self) -> None:
        """Delete some of those that ended thirty days ago."""
        sql.run("deferred_replies/forget_ended")

    def count_attempt(self, reply: "DeferredReply") -> bool:
        """Note that a reply is asked for, if it is still leased by the same process. Returns
        whether it is.
        """
        mine = self.filter(id=reply.id, lease=reply.lease)
        return bool(mine.update(attempts=F("attempts") + 1))

    def give_back(self, ids: Iterable[UUID], lease: UUID) -> None:
        """Make replies that were leased, and asked for without an end, due at once."""
        mine = self.filter(id__in=list(ids), lease=lease)
        mine.update(lease=None, due_at=Now(), attempts=F("attempts") - 1)


class DeferredReply(TenantModel):
    """`due_at` is the queue: NULL means that it is over, and then `outcome` says how. A lease
    pushes it forward. `deadline`: when it is too late for an answer. `strategy` and `settings`:
    who is asked, as it was chosen when the message came, without secrets: those are the choice's.
    """

    class Outcome(models.TextChoices):
        ANSWERED = "answered", _("Answered")
        UNANSWERED = "unanswered", _("Not answered: the message says why")
        SUPERSEDED = "superseded", _("The contact wrote again: that message is answered")
        LEFT = "left", _("Left to people: the conversation says why")

    message = within_tenant(Message, related_name="+")
    conversation = within_tenant(Conversation, related_name="+")
    strategy = models.CharField(max_length=200)
    settings: Any = models.JSONField(default=dict)
    deadline = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    lease = models.UUIDField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[DeferredReplyManager] = DeferredReplyManager()

    class Meta(TenantModel.Meta):
        db_table = "deferred_replies"
        verbose_name = _("deferred reply")
        verbose_name_plural = _("deferred replies")
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["tenant", "message"], name="message_has_one_deferred_reply"
            ),
            models.CheckConstraint(
                condition=Q(outcome="", due_at__isnull=False, ended_at=None)
                | Q(
                    outcome__in=["answered", "unanswered", "superseded", "left"],
                    due_at=None,
                    lease=None,
                    ended_at__isnull=False,
                ),
                name="deferred_reply_waits_or_is_over",
            ),
            TenantForeignKey(name="deferred_reply_to_a_message_of_the_tenant", field="message"),
            TenantForeignKey(
                name="deferred_reply_in_a_conversation_of_the_tenant", field="conversation"
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "due_at"],
                condition=Q(due_at__isnull=False),
                name="deferred_reply_due_of_tenant",
            ),
            models.Index(
                fields=["deadline"],
                condition=Q(due_at__isnull=False),
                name="deferred_reply_in_time",
            ),
            models.Index(
                fields=["conversation"],
                condition=Q(due_at__isnull=False),
                name="deferred_reply_waiting_in",
            ),
            models.Index(
                fields=["ended_at"],
                condition=Q(due_at__isnull=True),
                name="deferred_reply_over_since",
            ),
        ]

    @classmethod
    def leased(cls, *, settings: str, **row: Any) -> "DeferredReply":
        return cls(settings=json.loads(settings), **row)

    def __str__(self) -> str:
        return str(self.get_outcome_display() or _("Waits for its answer"))

    def end(self, outcome: "DeferredReply.Outcome") -> None:
        """End a reply whose row is locked."""
        DeferredReply.objects.filter(id=self.id).update(
            outcome=outcome, due_at=None, lease=None, ended_at=Now()
        )

    def is_late(self, now: datetime) -> bool:
        return self.deadline <= now
