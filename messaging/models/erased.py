"""Dedup of erased messages and other erased items: a keyed hash alone recognizes a late repetition
of their webhook.

A provider's message id can hold a phone number, so the id itself may not stay.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.utils import timezone

from channels_app.models import Channel
from messaging import sql
from tenants import encryption
from tenants.isolation import TenantForeignKey, within_tenant
from tenants.models import TenantManager, TenantModel

PURPOSE = "erased-messages"
KEPT = timedelta(days=30)  # far longer than a provider repeats a webhook
MessageKey = tuple[UUID, str]  # channel, external id, or the word for an item without one


class ErasedMessageManager(TenantManager["ErasedMessage"]):
    def among(self, keys: Iterable[MessageKey]) -> set[MessageKey]:
        """Return those of the messages and items that were erased."""
        hashes = {
            (channel_id, digest): (channel_id, external_id)
            for channel_id, external_id in keys
            for digest in encryption.keyed_hashes(external_id, PURPOSE)
        }
        if not hashes:
            return set()
        channel_ids, digests = zip(*sorted(hashes), strict=True)
        rows = sql.run("messages/known_erased", channel_ids=list(channel_ids), hashes=list(digests))
        return {hashes[row["channel_id"], bytes(row["hash"])] for row in rows}

    def remember(self, keys: Iterable[tuple[UUID, UUID, str]]) -> None:
        """Remember the hashes of messages (tenant, channel, external id) that are deleted in this
        transaction.
        """
        rows = [ErasedMessage.of(*key) for key in sorted(keys)]
        self.bulk_create(rows, ignore_conflicts=True)

    def forget(self) -> None:
        """Delete the hashes of messages that no provider repeats any more."""
        sql.run("messages/forget_erased")


class ErasedMessage(TenantModel):
    channel = within_tenant(Channel, related_name="+")
    hash = models.BinaryField(max_length=32)
    expires_at = models.DateTimeField()

    objects: ClassVar[ErasedMessageManager] = ErasedMessageManager()

    class Meta(TenantModel.Meta):
        db_table = "erased_messages"
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["channel", "hash"], name="erased_once"),
            TenantForeignKey(name="erased_from_a_channel_of_the_tenant", field="channel"),
        ]
        indexes = [models.Index(fields=["expires_at"], name="erased_until")]

    def __str__(self) -> str:
        return "an erased message"

    @classmethod
    def of(cls, tenant_id: UUID, channel_id: UUID, external_id: str) -> "ErasedMessage":
        digest = encryption.keyed_hashes(external_id, PURPOSE)[0]
        return cls(
            tenant_id=tenant_id,
            channel_id=channel_id,
            hash=digest,
            expires_at=timezone.now() + KEPT,
        )
