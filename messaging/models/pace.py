"""Rate limit of a channel's sending: one row for each channel, shared by all workers.

A channel that is not proven starts with two messages under way and gets one more with each answer,
so that a dead token or a number that hangs costs little; its rate spreads what leaves over the
second.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.utils import timezone

from channels_app.models import Channel
from messaging import sql
from tenants.isolation import TenantForeignKey, within_tenant
from tenants.models import TenantManager, TenantModel

EVER = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST_REST = timedelta(minutes=15)  # of a channel; the message that was refused may wait longer


class ChannelPaceManager(TenantManager["ChannelPace"]):
    def open(self, channels: Iterable[Mapping]) -> None:
        """Insert a row for each of these (channel_id, tenant_id) that has none."""
        new = (
            ChannelPace(tenant_id=each["tenant_id"], channel_id=each["channel_id"])
            for each in channels
        )
        self.bulk_create(sorted(new, key=lambda pace: pace.channel_id), ignore_conflicts=True)

    def claim(self, channel_ids: list[UUID]) -> list[UUID]:
        """Lock these paces until the end of the transaction, so that nobody else leases from the
        channels. Those that somebody holds locked are left out.
        """
        rows = sql.run("channels/claim_paces", channel_ids=sorted(channel_ids))
        return [row["channel_id"] for row in rows]

    def are_any_waiting(self) -> bool:
        """Whether a channel with something due may send it within a second."""
        return bool(sql.run("channels/paced_channels"))

    def learn(
        self, answered: Counter[UUID], slowed: Mapping[UUID, timedelta], accounts: Iterable[UUID]
    ) -> None:
        """Record what answers say: how many came from each channel, and which channels are to rest
        for how long (`accounts`: with the channels of the same account). A row that somebody holds
        locked learns it the next time.
        """
        ids = sorted({*answered, *slowed})
        if ids:
            sql.run(
                "channels/learn_paces",
                channel_ids=ids,
                answered=[answered[each] for each in ids],
                rests=[min(slowed[each], LONGEST_REST) if each in slowed else None for each in ids],
                with_account=[each in set(accounts) for each in ids],
            )


class ChannelPace(TenantModel):
    """A channel's pace. `ready_at`: it is not leased before. `slots`: messages under way at most,
    while `proven_at` is recent. `slowed_to`: messages a second, since the provider asked for fewer.
    """

    channel = within_tenant(Channel, related_name="+")
    ready_at = models.DateTimeField(default=EVER)
    slots = models.PositiveIntegerField(default=2)
    slowed_to = models.FloatField(null=True)
    proven_at = models.DateTimeField(null=True)
    leased_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[ChannelPaceManager] = ChannelPaceManager()

    class Meta(TenantModel.Meta):
        db_table = "channel_paces"
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["channel", "tenant"], name="one_pace_per_channel"),
            TenantForeignKey(name="pace_of_a_channel_of_the_tenant", field="channel"),
        ]

    def __str__(self) -> str:
        return f"pace of {self.channel_id}"
