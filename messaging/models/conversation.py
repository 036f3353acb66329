"""A contact's thread on one channel."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.utils import timezone

from channels_app.events import InboundMessage
from channels_app.models import Channel
from messaging import sql
from messaging.arrivals import Routed
from messaging.models.contact import Contact
from tenants.isolation import TenantForeignKey, within_tenant
from tenants.models import TenantManager, TenantModel

WINDOW = timedelta(hours=24) - timedelta(minutes=1)  # a minute less than the provider's rule, for two clocks

Key = tuple[UUID, UUID, str]  # channel, contact, group


def sent_at(routed: Routed[InboundMessage]) -> datetime:
    """The provider's time of a message; never later than when it reached us, which is taken where there is none."""
    arrival = routed.arrival
    return min(arrival.event.sent_at or arrival.received_at, arrival.received_at)


@dataclass(frozen=True, slots=True)
class Place:
    """A message's place in its conversation. `previous_inbound_at`: the newest message that was there before this batch."""

    conversation_id: UUID
    seq: int
    sent_at: datetime
    previous_inbound_at: datetime | None


class ConversationManager(TenantManager["Conversation"]):
    def places_for(self, messages: list[Routed[InboundMessage]], contacts: list[Contact]) -> list[Place]:
        """Opens each message's conversation where there is none, and gives every message its place, in order.

        A message takes two numbers: its own, and the next one for its automatic answer. The contacts must be locked.
        """
        if not messages:
            return []
        keys = [
            (each.channel.id, contact.id, each.arrival.event.group_external_id)
            for each, contact in zip(messages, contacts, strict=True)
        ]
        conversations = self._open(dict(zip(keys, messages, strict=True)))
        self._advance(keys, messages, conversations)
        places = []
        for key, each in zip(keys, messages, strict=True):
            conversation = conversations[key]
            places.append(Place(conversation.id, conversation.last_seq + 1, sent_at(each), conversation.last_inbound_at))
            conversation.last_seq += 2
        return places

    def close_windows(self, message_ids: list[UUID]) -> None:
        """The provider refused these messages for its window; a transaction of its own, after theirs."""
        if message_ids:
            sql.run("close_windows", message_ids=message_ids)

    def _open(self, wanted: dict[Key, Routed[InboundMessage]]) -> dict[Key, "Conversation"]:
        channel_ids, contact_ids, groups = zip(*sorted(wanted), strict=True)
        rows = sql.run("lock_conversations", channel_ids=list(channel_ids), contact_ids=list(contact_ids), groups=list(groups))
        found = {
            (each.channel_id, each.contact_id, each.group_external_id): each for each in (Conversation(**row) for row in rows)
        }
        opened = {
            key: Conversation(
                tenant_id=each.channel.tenant_id,
                channel_id=key[0],
                contact_id=key[1],
                group_external_id=key[2],
                last_message_at=each.arrival.received_at,
            )
            for key, each in wanted.items()
            if key not in found
        }
        self.bulk_create(opened.values())
        return found | opened

    def _advance(
        self, keys: list[Key], messages: list[Routed[InboundMessage]], conversations: dict[Key, "Conversation"]
    ) -> None:
        """Counts the messages and moves the times forward, a row a conversation. A group has no window."""
        taken: dict[UUID, int] = {}
        newest: dict[UUID, datetime] = {}
        for key, each in zip(keys, messages, strict=True):
            conversation_id = conversations[key].id
            taken[conversation_id] = taken.get(conversation_id, 0) + 2
            newest[conversation_id] = max(newest.get(conversation_id, sent_at(each)), sent_at(each))
        in_group = {conversations[key].id for key in keys if key[2]}
        sql.run(
            "advance_conversations",
            ids=list(taken),
            taken=list(taken.values()),
            inbound_at=[newest[each] for each in taken],
            window_closes_at=[None if each in in_group else newest[each] + WINDOW for each in taken],
        )


class Conversation(TenantModel):
    """`window_closes_at`: until when the provider lets us write freely; counted from the contact's own messages alone."""

    class Status(models.TextChoices):
        OPEN = "open"
        CLOSED = "closed"

    channel = within_tenant(Channel, related_name="+")
    contact = within_tenant(Contact, related_name="conversations")
    group_external_id = models.CharField(max_length=512, blank=True)
    status = models.CharField(max_length=20, choices=Status, default=Status.OPEN)
    last_seq = models.BigIntegerField(default=0)
    last_message_at = models.DateTimeField(default=timezone.now)
    last_inbound_at = models.DateTimeField(null=True)
    window_closes_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[ConversationManager] = ConversationManager()

    class Meta(TenantModel.Meta):
        db_table = "conversations"
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["channel", "contact", "group_external_id"], name="one_conversation_per_channel_and_contact"
            ),
            models.CheckConstraint(condition=models.Q(status__in=["open", "closed"]), name="conversation_status_known"),
            TenantForeignKey(name="conversation_on_a_channel_of_the_tenant", field="channel"),
            TenantForeignKey(name="conversation_with_a_contact_of_the_tenant", field="contact"),
        ]
        indexes = [
            models.Index(fields=["tenant", "-last_message_at"], name="conversation_newest_first"),
            models.Index(fields=["tenant", "contact"], name="conversation_by_contact"),
        ]

    def __str__(self) -> str:
        return f"conversation {self.id}"
