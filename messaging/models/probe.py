"""The hourly probe of a channel that was parked because a message was refused: one held message
that tries it again.
"""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from channels_app.models import Channel
from messaging import sql
from messaging.models.message import Message
from tenants.isolation import TenantForeignKey, within_tenant
from tenants.models import TenantManager, TenantModel


class ChannelProbeManager(TenantManager["ChannelProbe"]):
    def begin(self) -> int:
        """Queue one held message of each parked channel that is due for a probe. Returns their
        number.
        """
        channel_ids = Message.objects.channels_holding()
        chosen = sql.run("channels/probes_due", channel_ids=channel_ids)
        probes = [ChannelProbe(**row, asked_at=timezone.now()) for row in chosen]
        replaced = ["message_id", "attempts", "asked_at"]
        self.bulk_create(
            probes,
            update_conflicts=True,
            unique_fields=["channel", "tenant"],
            update_fields=replaced,
        )
        held = Message.objects.filter(
            id__in=[probe.message_id for probe in probes], status=Message.Status.HELD
        )
        return held.update(status=Message.Status.QUEUED, due_at=Now(), error="", error_code="")


class ChannelProbe(TenantModel):
    """The latest probe of a channel. It lets one attempt through: the next one of a message with
    `attempts` attempts.

    `message_id` is no foreign key: the message may be purged before the next probe.
    """

    channel = within_tenant(Channel, related_name="+")
    message_id = models.UUIDField()
    attempts = models.PositiveSmallIntegerField()
    asked_at = models.DateTimeField()

    objects: ClassVar[ChannelProbeManager] = ChannelProbeManager()

    class Meta(TenantModel.Meta):
        db_table = "channel_probes"
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["channel", "tenant"], name="one_probe_per_channel"),
            TenantForeignKey(name="probe_of_a_channel_of_the_tenant", field="channel"),
        ]

    def __str__(self) -> str:
        return f"probe of {self.channel_id}"
