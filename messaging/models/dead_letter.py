"""Dead letters: items of a delivery that could not be recorded, each with its reason."""

import json
import logging
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from channels_app.events import Event
from channels_app.storable import storable_text
from messaging.arrivals import Arrival
from tenants.isolation import PlatformRLS
from tenants.models.uuid7 import first_id_at

logger = logging.getLogger(__name__)

WHOLE_DELIVERY = -1


class DeadLetterQuerySet(models.QuerySet["DeadLetter"]):
    def keep(self, letters: Iterable["DeadLetter"]) -> None:
        in_order = sorted(letters, key=lambda letter: (letter.delivery_id, letter.position))
        DeadLetter.objects.bulk_create(in_order, ignore_conflicts=True)

    def deliveries_of(
        self, since: datetime, until: datetime, *, kind: str, at_most: int
    ) -> list[UUID]:
        """Return the first deliveries that came in this time and have something set aside. `kind`:
        empty: of any.
        """
        ids = {"delivery_id__gte": first_id_at(since), "delivery_id__lt": first_id_at(until)}
        rows = self.filter(**ids, **({"kind": kind} if kind else {}))
        found = rows.order_by("delivery_id").values_list("delivery_id", flat=True).distinct()
        return list(found[:at_most])

    def log(self, letters: Iterable["DeadLetter"]) -> None:
        """Log one line for each cause in each delivery. Unroutable items only wait for their
        channel, and are no warning.
        """
        causes = Counter((letter.delivery_id, letter.cause, letter.reason) for letter in letters)
        for (delivery_id, cause, reason), number in causes.items():
            level = logging.WARNING if cause == DeadLetter.Cause.REJECTED else logging.INFO
            logger.log(
                level, "%s items of delivery %s are %s: %s", number, delivery_id, cause, reason
            )


class DeadLetter(models.Model):
    """An item that could not be recorded. `unroutable` ones wait for their channel, and are
    processed once it is connected.
    """

    class Cause(models.TextChoices):
        REJECTED = "rejected", _("Rejected")
        UNROUTABLE = "unroutable", _("Unroutable")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    delivery = models.ForeignKey("WebhookDelivery", on_delete=models.CASCADE, db_index=False)
    position = models.IntegerField(
        help_text=_("The item's place in the delivery; -1: the delivery as a whole.")
    )
    cause = models.CharField(max_length=20, choices=Cause)
    reason = models.CharField(max_length=500)
    kind = models.CharField(max_length=20)
    channel_external_id = models.CharField(max_length=512, blank=True)
    item = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = DeadLetterQuerySet.as_manager()

    class Meta:
        db_table = "dead_letters"
        verbose_name = "item that was not recorded"
        verbose_name_plural = "items that were not recorded"
        constraints = [
            models.UniqueConstraint(fields=["delivery", "position"], name="dead_letter_kept_once"),
            PlatformRLS(name="dead_letter_isolation"),
        ]
        indexes = [
            models.Index(
                fields=["kind", "channel_external_id"],
                condition=models.Q(cause="unroutable"),
                name="dead_letter_waits_for",
            ),
            models.Index(
                fields=["created_at"],
                condition=models.Q(cause="rejected"),
                name="dead_letter_rejected_lately",
            ),
        ]

    def __str__(self) -> str:
        return self.reason

    @classmethod
    def of(cls, arrival: Arrival, kind: str, cause: str, reason: str) -> "DeadLetter":
        event: Event = arrival.event
        return cls(
            delivery_id=arrival.delivery_id,
            position=arrival.position,
            cause=cause,
            reason=reason[:500],
            kind=kind,
            channel_external_id=event.channel_external_id,
            item=as_text(event.raw),
        )

    @classmethod
    def whole(cls, delivery_id: UUID, kind: str, reason: str) -> "DeadLetter":
        """Return a dead letter for a whole delivery; its bytes stay where they are."""
        return cls(
            delivery_id=delivery_id,
            position=WHOLE_DELIVERY,
            cause=cls.Cause.REJECTED,
            reason=reason,
            kind=kind,
        )


def as_text(item: object) -> str:
    """Return the item in a form to look at. The delivery's bytes are the original."""
    try:
        return storable_text(json.dumps(item))
    except (ValueError, RecursionError):
        return ""
