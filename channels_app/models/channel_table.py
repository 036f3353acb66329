"""The table of channels: connect a channel, and store what providers report of them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.db.models import F, Func, Value
from django.db.models.functions import Now

from channels_app.models.logged_event import LoggedEvent
from channels_app.simulated_ids import is_test_id
from tenants.models import Tenant, TenantManager

if TYPE_CHECKING:
    from channels_app.models.channel import Channel

READ = ("tenant_id", "status", "status_reason", "recovers_by", "health")
CHECK = "check"  # our own word in a channel's health: what the last check with its token found


class ChannelTaken(Exception):
    """The provider's number is connected under another tenant; the message is a sentence for the
    operator.
    """


class ChannelTable(TenantManager["Channel"]):
    def connect(
        self,
        tenant: Tenant,
        *,
        kind: str,
        external_id: str,
        account_id: str,
        access_token: str,
        name: str,
    ) -> "Channel":
        """Return the tenant's channel, live and with this token: a new one, or the tenant's own
        with its token and name replaced.
        """
        own = self.filter(tenant=tenant, kind=kind, external_id=external_id).order_by("-id")
        channel = own.exclude(status=self.model.Status.DISCONNECTED).first() or own.first()
        channel = channel or self.model(
            tenant=tenant, kind=kind, external_id=external_id, is_test=is_test_id(external_id)
        )
        channel.account_id = account_id
        channel.name = name or channel.name
        channel.replace(access_token=access_token)
        channel.go_live()
        try:
            with transaction.atomic():
                named = ["name"] if name else []
                channel.save_settings("account_id", *named, *self.model.STANDING)
                self.forget_check([channel.id])
        except IntegrityError:
            raise ChannelTaken(
                f"{external_id} is connected under another tenant. Disconnect it there first."
            ) from None
        return channel

    def learn_numbers(self, numbers: Mapping[UUID, str]) -> None:
        """Store {channel id: its number as people dial it, digits}. A channel that somebody holds
        locked learns it another time.
        """
        if not numbers:
            return
        locked = (
            self.filter(id__in=numbers)
            .order_by("id")
            .select_for_update(no_key=True, skip_locked=True)
        )
        changed = [
            channel
            for channel in locked.only("phone_number")
            if channel.phone_number != numbers[channel.id]
        ]
        for channel in changed:
            channel.phone_number = numbers[channel.id]
        self.bulk_update(changed, ["phone_number"])

    def learn_shared(self, ids: Iterable[UUID]) -> set[UUID]:
        """Store that several responders share these channels. Returns those that somebody holds
        locked, which do not learn it now.
        """
        unknown = self.filter(id__in=set(ids), shared_at=None)
        free = unknown.order_by("id").select_for_update(no_key=True, skip_locked=True)
        self.filter(id__in=[channel.id for channel in free.only("id")]).update(shared_at=Now())
        return set(unknown.values_list("id", flat=True))

    def with_token_of(self, channel: "Channel") -> models.QuerySet["Channel"]:
        """Return the channel, as long as it has the token that it had when it was read."""
        return self.filter(id=channel.id, credentials=channel.credentials)

    def forget_check(self, ids: Iterable[UUID]) -> None:
        """Drop what the last check found, of channels that have another token now."""
        without = Func(
            F("health"),
            Value(CHECK),
            template="(%(expressions)s)",
            arg_joiner=" - ",
            output_field=models.JSONField(),
        )
        self.filter(id__in=ids, health__has_key=CHECK).update(health=without)

    def learn_health(
        self, reports: Iterable[tuple[UUID, Mapping[str, str], datetime]]
    ) -> dict[UUID, "Channel"]:
        """Merge reports, (channel id, word -> value, since when), into the health of their
        channels: the newest of each word counts, in whatever order they come.

        A channel that the provider restricted becomes live when the newest report says that it can
        send again. Returns the channels with their health as it is now.
        """
        in_time = sorted(reports, key=lambda report: report[2])
        locked = (
            self.filter(id__in={id for id, _, _ in in_time})
            .order_by("id")
            .select_for_update(no_key=True)
        )
        channels = {channel.id: channel for channel in locked.only(*READ)}
        parked = [channel for channel in channels.values() if channel.status in self.model.PARKED]
        changed = {
            id
            for id, words, at in in_time
            if id in channels and channels[id].merge_newer(words, at)
        }
        self.bulk_update(
            [channels[id] for id in sorted(changed)],
            ["health", "status", "status_reason", "recovers_by"],
        )
        LoggedEvent.objects.append(
            channel.status_event() for channel in parked if channel.status not in self.model.PARKED
        )
        return channels
