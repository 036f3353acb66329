"""What people settled by hand: whether a message arrived whose outcome nobody knows."""

from collections.abc import Iterable
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.utils import timezone

from messaging import sql
from messaging.models.message import Message
from messaging.models.moved import Moved
from tenants.isolation import TenantForeignKey, within_tenant
from tenants.models import TenantManager, TenantModel

DID_NOT_ARRIVE = "Somebody who asked found that it did not arrive."


class SettlementManager(TenantManager["Settlement"]):
    def order(self, message_ids: Iterable[UUID], status: str, by: str) -> list[Moved]:
        """Move messages of ours whose outcome is unknown to this status, "sent" or "failed", and
        keep each order. Returns those that have moved.
        """
        error = DID_NOT_ARRIVE if status == Message.Status.FAILED else ""
        ids = sorted(message_ids)
        rows = sql.run("messages/settle_unknown", ids=ids, status=status, error=error)
        self.bulk_create(
            Settlement(
                tenant_id=row["tenant_id"],
                message_id=row["id"],
                status=status,
                ordered_by=by[:150],
            )
            for row in rows
        )
        return [Moved(**row) for row in rows]


class Settlement(TenantModel):
    """A person's word that a message arrived, or did not. A status that the provider reports later
    still counts as it would have.
    """

    message = within_tenant(Message, related_name="settlements")
    status = models.CharField(max_length=10)
    ordered_by = models.CharField(max_length=150)
    ordered_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[SettlementManager] = SettlementManager()

    class Meta(TenantModel.Meta):
        db_table = "message_settlements"
        constraints = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(status__in=["sent", "failed"]), name="settlement_status_known"
            ),
            TenantForeignKey(name="settlement_of_a_message_of_the_tenant", field="message"),
        ]
        indexes = [models.Index(fields=["message"], name="settlement_of_message")]

    def __str__(self) -> str:
        return f"settled as {self.status} by {self.ordered_by}"
