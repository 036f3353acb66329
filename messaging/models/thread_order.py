"""Orders about who has a thread: to pass it on, to release it, to take it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from channels_app.events import NOTE_LENGTH
from messaging import sql
from messaging.models.conversation import Conversation
from tenants.isolation import TenantForeignKey, within_tenant
from tenants.models import TenantManager, TenantModel

WORTH_ASKING = timedelta(minutes=10)  # what waited longer expires
EXPIRED = "It waited too long to be worth asking."


class ThreadOrderManager(TenantManager["ThreadOrder"]):
    def begin(self, tenant_id: UUID, order_id: UUID, *, per_minute: int) -> str:
        """Begin a tenant's order, if it is its turn: after the conversation's earlier messages have
        left, and within so many orders a minute of all tenants. Within a scope of the pipeline.
        Returns the order's status; empty: there is none.
        """
        sql.run("threads/count_orders_alone")
        rows = sql.run(
            "threads/begin_order",
            tenant_id=tenant_id,
            id=order_id,
            per_minute=per_minute,
            expires_before=timezone.now() - WORTH_ASKING,
            expired=EXPIRED,
        )
        return rows[0]["status"] if rows else ""

    def refuse(self, order_id: UUID, error: str) -> None:
        """Let an order fail that was not begun."""
        now = timezone.now()
        waiting = self.filter(id=order_id, status=ThreadOrder.Status.QUEUED)
        waiting.update(status=ThreadOrder.Status.FAILED, error=error, ended_at=now)

    def settle(self, order_id: UUID, **outcome: Any) -> bool:
        """Record the outcome of an order that was begun. Returns whether nobody knew it before."""
        open_ones = (ThreadOrder.Status.SENDING, ThreadOrder.Status.UNKNOWN)
        begun = self.filter(id=order_id, status__in=open_ones)
        return bool(begun.update(ended_at=timezone.now(), **outcome))

    def settle_unknown(self, conversations: Mapping[UUID, UUID]) -> None:
        """Settle orders whose outcome nobody knows by what was told of their threads since they
        were begun. `conversations`: their ids, each with its tenant's.
        """
        if conversations:
            sql.run(
                "threads/settle_unknown_orders",
                conversation_ids=list(conversations),
                tenant_ids=list(conversations.values()),
            )

    def give_up(self, *, unknown_after: timedelta) -> None:
        """Mark orders as unknown whose asker was killed, and let those expire that no task takes
        up.
        """
        now = timezone.now()
        lost = self.filter(status=ThreadOrder.Status.SENDING, begun_at__lt=now - unknown_after)
        conversations = dict(lost.values_list("conversation_id", "tenant_id"))
        lost.update(status=ThreadOrder.Status.UNKNOWN, ended_at=now)
        self.settle_unknown(conversations)
        late = now - WORTH_ASKING - unknown_after
        forgotten = self.filter(status=ThreadOrder.Status.QUEUED, created_at__lt=late)
        forgotten.update(status=ThreadOrder.Status.EXPIRED, error=EXPIRED, ended_at=now)


class ThreadOrder(TenantModel):
    """An order. The provider is asked at most once: `unknown` is an order whose answer never came,
    until the next word about the thread's owner settles it. `by`: who ordered it.
    """

    class Action(models.TextChoices):
        PASS = "pass", _("pass the thread on")
        RELEASE = "release", _("release the thread")
        TAKE = "take", _("take the thread")

    class Status(models.TextChoices):
        QUEUED = "queued", _("Queued")
        SENDING = "sending", _("Sending")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        UNKNOWN = "unknown", _("Unknown")
        EXPIRED = "expired", _("Expired")

    conversation = within_tenant(Conversation, related_name="thread_orders")
    action = models.CharField(max_length=7, choices=Action)
    note = models.CharField(max_length=NOTE_LENGTH, blank=True)
    by = models.CharField(max_length=150, blank=True)
    status = models.CharField(max_length=7, choices=Status, default=Status.QUEUED)
    error_code = models.CharField(max_length=64, blank=True)
    error = models.CharField(max_length=512, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[ThreadOrderManager] = ThreadOrderManager()

    class Meta(TenantModel.Meta):
        db_table = "thread_orders"
        constraints = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(
                condition=Q(action__in=["pass", "release", "take"]), name="thread_order_known"
            ),
            models.CheckConstraint(
                condition=Q(status="queued", begun_at=None, ended_at=None)
                | Q(status="sending", begun_at__isnull=False, ended_at=None)
                | Q(status__in=["done", "failed", "unknown", "expired"], ended_at__isnull=False),
                name="thread_order_status_with_its_moments",
            ),
            models.UniqueConstraint(
                fields=["tenant", "conversation"],
                condition=Q(ended_at=None),
                name="one_thread_order_at_a_time",
            ),
            TenantForeignKey(
                name="thread_order_in_a_conversation_of_the_tenant", field="conversation"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "conversation"], name="thread_order_of_conversation"),
            models.Index(
                fields=["begun_at"], condition=Q(begun_at__isnull=False), name="thread_order_begun"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()}: {self.get_status_display()}"
