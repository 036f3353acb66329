"""A webhook as it came: the raw bytes, kept before anything else happens."""

from uuid import UUID

from django.db import models
from django.utils import timezone
from uuid_utils.compat import uuid7

from messaging import sql
from tenants.isolation import DropBoxRLS


class DeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    def lease(self, *, at_most: int, max_bytes: int, seconds: float) -> list["WebhookDelivery"]:
        """The oldest waiting deliveries, nobody else's for `seconds`. The attempt is counted: a killed one leaves a trace."""
        rows = sql.run("lease_deliveries", at_most=at_most, max_bytes=max_bytes, seconds=seconds)
        return sorted((WebhookDelivery(**row) for row in rows), key=lambda delivery: delivery.id)

    def finish(self, ids: list[UUID]) -> None:
        """Nothing of these waits any more; what could not be recorded is summed up in `error`."""
        if ids:
            sql.run("finish_deliveries", ids=ids)

    def put_back(self, ids: list[UUID]) -> None:
        """Due again shortly; the attempt does not count."""
        sql.run("put_back_deliveries", ids=ids)


class WebhookDelivery(models.Model):
    """`due_at` is the queue: NULL, nothing to do; a lease pushes it forward."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=20)
    body = models.BinaryField()
    received_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    processed_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        db_table = "webhook_deliveries"
        verbose_name_plural = "webhook deliveries"
        constraints = [DropBoxRLS(name="delivery_isolation")]
        indexes = [models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="delivery_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.received_at:%Y-%m-%d %H:%M:%S}"

    @staticmethod
    def store(kind: str, body: bytes) -> None:
        """One INSERT, which needs no right to read: the only thing a webhook request does to the database."""
        sql.run("store_delivery", id=uuid7(), kind=kind, body=body)
