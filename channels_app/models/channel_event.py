"""What happened to a business account, to one of its channels or templates: the history that
operators read.
"""

import hashlib
import json
from datetime import date, datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from channels_app.events import ChannelUpdate
from channels_app.models.channel import Channel
from tenants.isolation import TenantForeignKey, within_tenant
from tenants.models import TenantManager, TenantModel

SHOWN = 20


def fingerprint(update: ChannelUpdate, moment: datetime | date) -> str:
    """Return the same for the same words about the same moment, however often they come."""
    said = [
        update.kind,
        update.account_id,
        update.channel_external_id,
        moment.isoformat(),
        update.raw,
    ]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


class ChannelEventManager(TenantManager["ChannelEvent"]):
    def record(self, events: list["ChannelEvent"]) -> None:
        """Keep each event once for its tenant."""
        self.bulk_create(
            sorted(events, key=lambda event: (event.tenant_id, event.fingerprint)),
            ignore_conflicts=True,
        )

    def newest_of(self, channel: Channel) -> models.QuerySet["ChannelEvent"]:
        """Return the channel's newest events, those of its whole account included."""
        of_account = self.filter(
            tenant=channel.tenant_id, provider=channel.kind, account_id=channel.account_id
        )
        return of_account.filter(Q(channel=channel) | Q(channel=None)).order_by(
            "-occurred_at", "-id"
        )[:SHOWN]


class ChannelEvent(TenantModel):
    """Something that a provider reported: `kind` is its word for it. Without a channel it concerns
    the whole account.
    """

    class Severity(models.TextChoices):
        INFO = "info", _("Info")
        WARNING = "warning", _("Warning")
        CRITICAL = "critical", _("Critical")

    channel = within_tenant(Channel, null=True, related_name="events")
    provider = models.CharField(max_length=20)
    account_id = models.CharField(max_length=128)
    kind = models.CharField(max_length=64)
    severity = models.CharField(max_length=10, choices=Severity)
    summary = models.CharField(max_length=500)
    raw: Any = models.JSONField(null=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=timezone.now)
    delivery_id = models.UUIDField()
    fingerprint = models.CharField(max_length=64)

    objects: ClassVar[ChannelEventManager] = ChannelEventManager()

    class Meta(TenantModel.Meta):
        db_table = "channel_events"
        verbose_name = "channel event"
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["tenant", "fingerprint"], name="channel_event_kept_once_a_tenant"
            ),
            models.CheckConstraint(
                condition=Q(severity__in=["info", "warning", "critical"]),
                name="channel_event_severity_known",
            ),
            TenantForeignKey(name="event_of_a_channel_of_the_tenant", field="channel"),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "provider", "account_id", "-occurred_at"],
                name="channel_event_by_account",
            )
        ]

    def __str__(self) -> str:
        return self.summary
