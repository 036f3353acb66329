"""The event log: what happened to a tenant's messages, conversations, contacts, channels and
templates, for the programs that follow it.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone

from channels_app.redacted import advice_of
from tenants.database import insertion
from tenants.models import TenantManager, TenantModel

if TYPE_CHECKING:
    from channels_app.models.template import MessageTemplate


class EventType(models.TextChoices):
    """What happened, as the log's readers know it. A released type keeps its name."""

    MESSAGE_RECEIVED = "message.received"
    MESSAGE_STATUS = "message.status"
    MESSAGE_FAILED = "message.failed"
    CONVERSATION_OPENED = "conversation.opened"
    CONVERSATION_CLOSED = "conversation.closed"
    CONVERSATION_HANDED_OVER = "conversation.handed_over"
    CONVERSATION_OWNER_CHANGED = "conversation.owner_changed"
    CONTACT_CREATED = "contact.created"
    CONTACT_CHANGED = "contact.changed"
    CONTACT_MERGED = "contact.merged"
    CONTACT_OPTED_OUT = "contact.opted_out"
    CONTACT_ERASED = "contact.erased"
    CHANNEL_STATUS = "channel.status"
    TEMPLATE_STATUS = "template.status"


class InsertionNumber(models.BigIntegerField):
    """A number that PostgreSQL gives each row in the order of insertion, and nobody else can give.

    The column is GENERATED ALWAYS AS IDENTITY, which Django makes for primary keys alone: the
    migration adds it.
    """

    generated = True
    db_returning = True


class EventTable(TenantManager["LoggedEvent"]):
    def append(self, events: Iterable["LoggedEvent"]) -> None:
        """Insert the events in this order, in the transaction of what they tell."""
        insertion.insert(events)


class LoggedEvent(TenantModel):
    """An event. `data` holds ids and words, never what was said, a phone number or a token.

    `stream_id`: events of one stream are delivered in their order, a message's in that of its
    conversation. `number` is its place among what is inserted: whoever changes a row holds its lock
    until the commit, so what becomes of one row has numbers in the order in which it happened,
    whatever the clocks say. `position` is its place among what can be read, given after the commit
    (channels_app/event_log/sequencer.py); NULL: not yet. Readers go by it alone.
    """

    type = models.CharField(max_length=40, choices=EventType)
    subject_id = models.UUIDField()
    stream_id = models.UUIDField()
    data: Any = models.JSONField(default=dict)
    occurred_at = models.DateTimeField(default=timezone.now)
    number = InsertionNumber(editable=False)
    position = models.BigIntegerField(null=True, editable=False)

    objects: ClassVar[EventTable] = EventTable()

    class Meta(TenantModel.Meta):
        db_table = "events"
        verbose_name = "logged event"
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["position"],
                condition=Q(position__isnull=False),
                name="event_position_given_once",
            ),
            models.CheckConstraint(condition=Q(type__in=EventType.values), name="event_type_known"),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "position"],
                condition=Q(position__isnull=False),
                name="event_of_a_tenant_in_order",
            ),
            models.Index(
                fields=["tenant", "type", "position"],
                condition=Q(position__isnull=False),
                name="event_of_a_tenant_by_type",
            ),
            models.Index(
                fields=["type", "position"],
                condition=Q(position__isnull=False),
                name="event_by_type_in_order",
            ),
            models.Index(
                fields=["number"], condition=Q(position=None), name="event_without_position"
            ),
        ]

    def __str__(self) -> str:
        return self.type

    @classmethod
    def of_channel(
        cls, tenant_id: UUID, channel_id: UUID, status: str, reason: str
    ) -> "LoggedEvent":
        """Return the event of a channel that has come to another status."""
        return cls(
            tenant_id=tenant_id,
            type=EventType.CHANNEL_STATUS,
            subject_id=channel_id,
            stream_id=channel_id,
            data={
                "channel_id": str(channel_id),
                "status": status,
                "reason": advice_of(reason),
            },
        )

    @classmethod
    def of_template(cls, template: "MessageTemplate") -> "LoggedEvent":
        """Return the event of a template that has come to another status."""
        return cls(
            tenant_id=template.tenant_id,
            type=EventType.TEMPLATE_STATUS,
            subject_id=template.id,
            stream_id=template.id,
            data={
                "template_id": str(template.id),
                "name": template.name,
                "language": template.language,
                "status": template.status,
            },
        )
