"""A webhook as it came: the raw bytes, kept before anything else happens."""

from uuid import UUID

from django.db import models
from django.utils import timezone
from uuid_utils.compat import uuid7

from messaging import sql
from tenants.isolation import DropBoxRLS

NOBODY = "-"  # the route hint of a body that names no number
HINTS = 200  # whose turn it is within one lease, at most


class DeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    def lease(self, *, after: str, at_most: int, max_bytes: int, seconds: float) -> tuple[list["WebhookDelivery"], str]:
        """Waiting deliveries, nobody else's for `seconds`: by lane 8:3:1, the route hints in turn from `after`.

        The second value is where the next turn begins. The attempt is counted: a process that is killed leaves a trace.
        """
        rows = sql.run("lease_deliveries", after=after, hints=HINTS, at_most=at_most, max_bytes=max_bytes, seconds=seconds)
        leased = [WebhookDelivery(**{name: row[name] for name in row if name != "turn_end"}) for row in rows]
        turn_end = rows[0]["turn_end"] if rows else None
        return sorted(leased, key=lambda delivery: delivery.id), turn_end or ""

    def finish(self, ids: list[UUID]) -> None:
        """Nothing of these waits any more; what could not be recorded is summed up in `error`."""
        if ids:
            sql.run("finish_deliveries", ids=ids)

    def replay(self, ids: list[UUID]) -> int:
        """These are processed once more, as if they had just come; how many. What they said before is recognised."""
        return len(sql.run("replay_deliveries", ids=ids))

    def put_back(self, ids: list[UUID]) -> None:
        """Due again shortly; the attempt does not count."""
        sql.run("put_back_deliveries", ids=ids)


class WebhookDelivery(models.Model):
    """`due_at` is the queue: NULL, nothing to do; a lease pushes it forward. `lane` and `route_hint` are guesses from the
    bytes: they decide when, never whose.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=20)
    lane = models.PositiveSmallIntegerField(default=0, db_default=0)
    route_hint = models.CharField(max_length=64, default=NOBODY, db_default=NOBODY)
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
        indexes = [
            models.Index(
                fields=["route_hint", "lane", "id"], condition=models.Q(due_at__isnull=False), name="delivery_waits_its_turn"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.received_at:%Y-%m-%d %H:%M:%S}"

    @staticmethod
    def store(kind: str, body: bytes, *, lane: int = 0, route_hint: str = "") -> None:
        """One INSERT, which needs no right to read: the only thing a webhook request does to the database."""
        sql.run("store_delivery", id=uuid7(), kind=kind, lane=lane, route_hint=route_hint or NOBODY, body=body)
