"""Every status a provider ever reported, and the one that counts.

A status that comes before its message is known waits here with no message; rank decides, never the
order of arrival.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.utils import timezone
from uuid_utils.compat import uuid7

from channels_app.events import StatusUpdate
from channels_app.lifecycle.parking import Refusal
from channels_app.models import Channel
from messaging import sql
from messaging.arrivals import NO_DELIVERY, Arrival
from messaging.models.message import Message
from messaging.models.moved import Moved
from messaging.references import attempt_of, message_id_of
from tenants.database import insertion
from tenants.isolation import TenantForeignKey, within_tenant
from tenants.models import TenantManager, TenantModel

# A later word never undoes an earlier one that ranks higher. `failed` counts unless delivery is
# proven.
REPORTED = ["sent", "failed", "delivered", "read", "played"]
RANKS = ["held", "expired", "cancelled", "queued", "sending", "unknown", "accepted", *REPORTED]

KEPT_WAITING = timedelta(days=7)  # what has no message by then is another application's
ORPHANS_AT_ONCE = 1000
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

Candidates = list[tuple[Arrival[StatusUpdate], list[UUID]]]


class MessageStatusManager(TenantManager["MessageStatus"]):
    def find_messages(self, candidates: Candidates) -> dict[int, tuple[UUID, UUID]]:
        """Return, for each (status, channels it may be of), its message's id and channel id, found
        by external id or by our reference.
        """
        rows = [
            (index, each, channel_id)
            for index, (each, ids) in enumerate(candidates)
            for channel_id in ids
        ]
        if not rows:
            return {}
        found = sql.run(
            "statuses/find_messages_of_statuses",
            indexes=[index for index, _, _ in rows],
            channel_ids=[channel_id for _, _, channel_id in rows],
            external_ids=[each.event.external_id for _, each, _ in rows],
            message_ids=[message_id_of(each.event.reference) for _, each, _ in rows],
        )
        return {row["index"]: (row["message_id"], row["channel_id"]) for row in found}

    def record(self, statuses: list["MessageStatus"]) -> list[Moved]:
        """Record each status once, and move the messages that they are of. Returns those that have
        moved.
        """
        rows = sorted(
            statuses, key=lambda row: (row.channel_id, row.external_id, row.status, row.participant)
        )
        insertion.insert_new(rows)
        known = [row for row in rows if row.message_id]
        if not known:
            return []
        found = sorted({row.message_id for row in known if row.message_id})
        Message.objects.lock(found)
        columns = {
            name: [getattr(row, name) for row in known]
            for name in ("channel_id", "external_id", "message_id", "attempt")
        }
        sql.run("statuses/adopt_statuses", **columns)
        return self.apply(found)

    def match_waiting(self, message_ids: Iterable[UUID]) -> list[Moved]:
        """Apply statuses that came before the external ids of these messages were known. The
        messages are locked. Returns those that have moved.
        """
        rows = sql.run("statuses/match_waiting_statuses", ids=sorted(set(message_ids)))
        return self.apply(row["message_id"] for row in rows)

    def expire_orphans(self) -> list[Moved]:
        """Delete some statuses that matched no message of ours within a week, after a last look for
        their messages. Returns the messages that have moved.
        """
        before = timezone.now() - KEPT_WAITING
        moved, _ = self.match_recorded(LONG_AGO, before, at_most=ORPHANS_AT_ONCE)
        sql.run("messages/expire_orphans", before=before, at_most=ORPHANS_AT_ONCE)
        return moved

    def match_recorded(
        self, after: datetime, until: datetime, *, at_most: int
    ) -> tuple[list[Moved], datetime | None]:
        """Apply the waiting statuses that were recorded between these moments and whose messages
        are known by now; so many are looked at, the oldest first. Returns the messages that have
        moved, and from when to look on; None: nothing is left.
        """
        (found,) = sql.run(
            "statuses/messages_of_waiting_statuses", after=after, until=until, at_most=at_most
        )
        Message.objects.lock(found["message_ids"])
        moved = self.match_waiting(found["message_ids"])
        return moved, found["reached"] if found["looked_at"] == at_most else None

    def apply(self, message_ids: Iterable[UUID]) -> list[Moved]:
        """Move each of these messages, which are locked, to the highest-ranking status that was
        reported of it, if that ranks above its own. Returns those that have moved.
        """
        ids = sorted(set(message_ids))
        if not ids:
            return []
        rows = sql.run("statuses/apply_statuses", ids=ids, ranks=RANKS, reported=REPORTED)
        return [Moved(**row) for row in rows]


class MessageStatus(TenantModel):
    channel = within_tenant("channels.Channel", related_name="+")
    message = within_tenant(Message, null=True, related_name="statuses")
    external_id = models.CharField(max_length=512)
    attempt = models.PositiveSmallIntegerField(null=True)
    status = models.CharField(max_length=64)
    participant = models.CharField(max_length=512, blank=True)
    recipient_ids = models.JSONField(null=True)
    pricing = models.JSONField(null=True)
    conversation_origin = models.CharField(max_length=64, blank=True, default="", db_default="")
    error_code = models.CharField(max_length=64, blank=True)
    error = models.CharField(max_length=512, blank=True)
    raw = models.JSONField(null=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=timezone.now)

    # Of a row on its way in: where it came, and what the failure says beyond its message.
    delivery_id: UUID = NO_DELIVERY
    reference_id: UUID | None = None  # the message that our reference names
    closes_window = False
    opts_out = False
    is_anothers = False
    refusal: Refusal | None = None

    objects: ClassVar[MessageStatusManager] = MessageStatusManager()

    class Meta(TenantModel.Meta):
        db_table = "message_statuses"
        verbose_name_plural = "message statuses"
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["channel", "external_id", "status", "participant"], name="status_kept_once"
            ),
            TenantForeignKey(name="status_on_a_channel_of_the_tenant", field="channel"),
            TenantForeignKey(name="status_of_a_message_of_the_tenant", field="message"),
        ]
        indexes = [
            models.Index(fields=["message"], name="status_of_message"),
            models.Index(
                fields=["recorded_at"],
                condition=models.Q(message__isnull=True),
                name="status_waiting",
            ),
        ]

    def __str__(self) -> str:
        return self.status

    @property
    def has_side_effects(self) -> bool:
        of_its_message = self.closes_window or self.opts_out or self.is_anothers
        return bool(self.refusal or (self.message_id and of_its_message))

    @classmethod
    def of(
        cls, arrival: Arrival[StatusUpdate], channel: Channel, message_id: UUID | None
    ) -> "MessageStatus":
        event = arrival.event
        row = cls(
            id=uuid7(),
            tenant_id=channel.tenant_id,
            channel_id=channel.id,
            message_id=message_id,
            external_id=event.external_id,
            attempt=attempt_of(event.reference),
            status=event.status,
            participant=event.participant,
            recipient_ids=[list(each) for each in event.recipient_ids] or None,
            pricing=event.pricing,
            conversation_origin=event.conversation_origin,
            error_code=event.error_code,
            error=event.error,
            raw=event.raw,
            occurred_at=event.occurred_at or arrival.received_at,
        )
        row.delivery_id = arrival.delivery_id
        row.reference_id = message_id_of(event.reference)
        row.closes_window, row.opts_out = event.closes_window, event.opts_out
        row.is_anothers = event.is_anothers
        # not of what was repaired since
        if event.parks and channel.connected_at and row.occurred_at > channel.connected_at:
            row.refusal = Refusal(channel, event.parks, event.error, event.recovers_by)
        return row
