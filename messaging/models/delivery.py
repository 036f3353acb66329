"""A webhook as it came: the raw bytes, kept before anything else happens."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection, models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext
from uuid_utils.compat import uuid7

from channels_app.models import Channel
from messaging import sql
from tenants import naming
from tenants.isolation import DropBoxRLS
from tenants.models.uuid7 import first_id_at
from tenants.primary import leaving_read_only

CLOCKS_DIFFER_BY = timedelta(minutes=1)  # that of an id is its process's, the rest the database's
NOBODY = "-"  # the route hint of a body that names no number
HINTS = 200  # whose turn it is within one lease, at most


class DeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    def hints_in_turn(self, after: str) -> tuple[list[str], str]:
        """Return the route hints after this one that have something due, and where the next turn
        begins.
        """
        hints = [
            row["route_hint"]
            for row in sql.run("deliveries/hints_in_turn", after=after, at_most=HINTS)
        ]
        return hints, hints[-1] if len(hints) == HINTS else ""

    def lease(
        self, hints: list[str], *, at_most: int, max_bytes: int, seconds: float
    ) -> list["WebhookDelivery"]:
        """Lease waiting deliveries of these hints for `seconds`, the lanes in the ratio 8:3:1, the
        oldest of each first.

        The attempt is counted, so a process that is killed leaves a trace.
        """
        if not hints:
            return []
        share = max(1, at_most // len(hints))
        rows = sql.run(
            "deliveries/lease_deliveries",
            hints=hints,
            share=share,
            at_most=at_most,
            max_bytes=max_bytes,
            seconds=seconds,
        )
        in_turn = sorted(rows, key=lambda row: row["place"])
        return [
            WebhookDelivery(**{name: value for name, value in row.items() if name != "place"})
            for row in in_turn
        ]

    def lease_rest(self, *, seconds: float) -> list["WebhookDelivery"]:
        """Lease the delivery, of those whose first items are recorded, whose last turn is longest
        ago, or none.
        """
        return [WebhookDelivery(**row) for row in sql.run("deliveries/lease_rest", seconds=seconds)]

    def lease_suspect(self, *, seconds: float) -> list["WebhookDelivery"]:
        """Lease the oldest delivery that a process began and did not finish, or none."""
        return [
            WebhookDelivery(**row) for row in sql.run("deliveries/lease_suspect", seconds=seconds)
        ]

    def finish(self, ids: list[UUID], beside: UUID | None = None) -> None:
        """Mark the deliveries as processed; what could not be recorded is summed up in `error`.
        `beside`: a processed delivery that the same transaction recorded.
        """
        if ids:
            sql.run("deliveries/finish_deliveries", ids=ids, beside=beside)

    def process_again(self, ids: list[UUID]) -> list[UUID]:
        """Process the deliveries once more, as if they had just come. What they said before is
        recognised. Returns the ids of those that are processed again; one that is being processed
        is left alone.
        """
        return [row["id"] for row in sql.run("deliveries/replay_deliveries", ids=ids)]

    def make_due(self, before: datetime) -> int:
        """Make what came before that moment and is not processed due now, whoever had leased it.
        Returns how many they are.
        """
        (row,) = sql.run("deliveries/make_due", before=first_id_at(before))
        return row["deliveries"]

    def waiting_since(self, before: datetime) -> "DeliveryQuerySet":
        """Return what came before that moment and is not processed."""
        return self.filter(due_at__isnull=False, id__lt=first_id_at(before))

    def processed_of(
        self, since: datetime, until: datetime, *, kind: str, at_most: int
    ) -> "DeliveryQuerySet":
        """Return the first processed deliveries that came in this time. `kind`: empty: of any."""
        ids = {"id__gte": first_id_at(since - CLOCKS_DIFFER_BY)}
        ids |= {"id__lt": first_id_at(until + CLOCKS_DIFFER_BY)}
        rows = self.filter(**ids, received_at__gte=since, received_at__lt=until)
        rows = rows.filter(processed_at__isnull=False, **({"kind": kind} if kind else {}))
        return rows.order_by("id")[:at_most]

    def go_on(self, begun: Mapping[UUID, int]) -> None:
        """Note how many items of each delivery are recorded; the rest is due at once. It made
        progress, so none of its attempts counts.
        """
        if begun:
            ids = sorted(begun)
            sql.run("deliveries/go_on_with_deliveries", ids=ids, items=[begun[id] for id in ids])

    def put_back(self, ids: list[UUID], *, seconds: float, at_most: float) -> None:
        """Make the deliveries due again after so many seconds, later the longer each has waited but
        for `at_most` seconds. The attempt does not count.
        """
        if ids:
            sql.run("deliveries/put_back_deliveries", ids=ids, seconds=seconds, at_most=at_most)


class WebhookDelivery(models.Model):
    """A webhook as it came. `due_at` is the queue: NULL means that nothing is to be done, and a
    lease pushes it forward. `lane` and `route_hint` are guesses from the bytes: they decide when a
    delivery is processed, never whose it is. `recorded_items` is how many of its items are recorded
    while others still wait. `redacted_at`: items of erased people were cut out of the body, last at
    this moment; an empty body held nothing else.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=20)
    address = models.CharField(max_length=128, blank=True, default="", db_default="")
    lane = models.PositiveSmallIntegerField(default=0, db_default=0)
    route_hint = models.CharField(max_length=64, default=NOBODY, db_default=NOBODY)
    body = models.BinaryField()
    received_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(null=True)
    waits_since = models.DateTimeField(default=timezone.now, db_default=Now())
    attempts = models.PositiveSmallIntegerField(default=0)
    recorded_items = models.PositiveIntegerField(default=0, db_default=0)
    processed_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    redacted_at = models.DateTimeField(null=True, editable=False)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        db_table = "webhook_deliveries"
        verbose_name_plural = "webhook deliveries"
        constraints = [DropBoxRLS(name="delivery_isolation")]
        indexes = [
            models.Index(
                fields=["route_hint", "lane", "id"],
                condition=models.Q(due_at__isnull=False),
                name="delivery_waits_its_turn",
            ),
            # to go one release later: processes of 0.6.0 look up by it
            models.Index(
                fields=["id"],
                condition=models.Q(due_at__isnull=False, attempts__gt=0),
                name="delivery_begun",
            ),
            models.Index(
                fields=["id"],
                condition=models.Q(attempts__gt=0, processed_at__isnull=True),
                name="delivery_in_hand",
            ),
            models.Index(
                fields=["route_hint", "lane"],
                condition=models.Q(due_at__isnull=False, recorded_items__gt=0),
                name="delivery_has_a_rest",
            ),
            models.Index(fields=["id"], condition=~models.Q(error=""), name="delivery_with_error"),
        ]

    def __str__(self) -> str:
        named = {
            "provider": naming.kind_of_channel(self.kind),
            "moment": naming.moment(self.received_at),
        }
        return gettext("%(provider)s delivery of %(moment)s") % named

    @staticmethod
    def store(
        kind: str,
        body: bytes,
        *,
        address: str = "",
        lane: int = 0,
        route_hint: str = "",
    ) -> None:
        """Insert a webhook, which needs no right to read: all that a request does to the database.

        `address`: which of the provider's addresses it came to, if each channel has its own.

        Instead of asking whether a kept connection still works, the INSERT is tried once more on a
        new one, with another id: if the first was committed after all, the webhook is stored twice,
        as when its provider repeats it.
        """
        row = {
            "id": uuid7(),
            "kind": kind,
            "address": address,
            "lane": lane,
            "route_hint": route_hint or NOBODY,
            "body": body,
        }
        connection.health_check_done = True  # type: ignore[attr-defined]
        try:
            with leaving_read_only():
                sql.run("deliveries/store_delivery", **row)
        except (InterfaceError, OperationalError):
            if connection.connection is None or not connection.connection.closed:
                raise  # the server cannot be reached, or has answered
            connection.close()
            sql.run("deliveries/store_delivery", **row | {"id": uuid7()})

    @staticmethod
    def store_simulated(channel: Channel, body: bytes, *, lane: int, after: float = 0.0) -> None:
        """Insert a webhook of our own making for a test channel, which comes in so many seconds.
        Within the channel's tenant's scope, or the pipeline's.

        A function of the database inserts it: only the webhooks' process may put in anything else.
        A channel that is no test channel, or is disconnected, gets nothing.
        """
        sql.run(
            "deliveries/store_simulated_delivery",
            id=uuid7(),
            channel_id=channel.id,
            tenant_id=channel.tenant_id,
            lane=lane,
            body=body,
            after=after,
        )
