"""Keys that callers of the API give to their requests, so that a repeated one is done once."""

from datetime import timedelta
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.utils import timezone
from uuid_utils.compat import uuid7

from messaging import sql
from tenants.models import TenantManager, TenantModel

KEPT = timedelta(hours=24)
LONGEST_KEY = 255
AT_ONCE = 1000


class IdempotencyKeyManager(TenantManager["IdempotencyKey"]):
    def claim(self, tenant_id: UUID, key: str, request_hash: bytes) -> UUID | None:
        """Take the key for the caller's transaction. Returns the id of its row, or None if a
        request that was done has it; one that is being done is waited for.
        """
        rows = sql.run(
            "api/claim_idempotency_key",
            id=uuid7(),
            tenant_id=tenant_id,
            key=key,
            request_hash=request_hash,
            over_before=timezone.now() - KEPT,
        )
        return rows[0]["id"] if rows else None

    def forget(self) -> None:
        """Delete some of the keys that are over, of every tenant that the scope sees."""
        sql.run("api/forget_idempotency_keys", over_before=timezone.now() - KEPT, at_most=AT_ONCE)

    def answered(self, id: UUID, status: int, answer: str) -> None:
        self.filter(id=id).update(status=status, answer=answer)


class IdempotencyKey(TenantModel):
    """A key, what was asked with it (`request_hash`, a SHA-256), and what was answered: JSON as a
    text, so that it is answered in the same order again. Kept for 24 hours.
    """

    key = models.CharField(max_length=LONGEST_KEY)
    request_hash = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField(default=0)
    answer = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[IdempotencyKeyManager] = IdempotencyKeyManager()

    class Meta(TenantModel.Meta):
        db_table = "idempotency_keys"
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["tenant", "key"], name="idempotency_key_used_once_a_day"
            ),
        ]
        indexes = [models.Index(fields=["created_at"], name="idempotency_key_by_age")]

    def __str__(self) -> str:
        return str(self.id)
