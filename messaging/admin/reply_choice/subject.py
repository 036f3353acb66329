"""For whom a strategy is chosen: a tenant, or one of its channels."""

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from channels_app.models import Channel
from messaging.admin.reply_choice.standing import Standing, standing_of
from messaging.models import ReplyChoice
from tenants.models import Tenant

Owner = Tenant | Channel


@dataclass(frozen=True, slots=True)
class Subject:
    """`standing`: what answers for it; `above`: what would, had it no choice of its own."""

    row: Owner
    standing: Standing
    above: Standing

    @property
    def channel(self) -> Channel | None:
        return self.row if isinstance(self.row, Channel) else None

    @property
    def tenant(self) -> Tenant:
        return self.row.tenant if isinstance(self.row, Channel) else self.row

    @property
    def channel_id(self) -> UUID | None:
        return self.channel.id if self.channel else None

    @property
    def own(self) -> ReplyChoice | None:
        """Its own choice."""
        choice = self.standing.choice
        return choice if choice and choice.channel_id == self.channel_id else None

    @property
    def address(self) -> str:
        """The page on which it is chosen."""
        kind = "channel" if self.channel else "tenant"
        return reverse(f"admin:messaging_replychoice_of_{kind}", args=[self.row.pk])

    @property
    def page(self) -> str:
        """The page of the tenant or the channel itself."""
        opts = self.row._meta
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[self.row.pk])


def subject_of(row: Owner) -> Subject:
    if isinstance(row, Channel):
        return Subject(row, standing_of(row.tenant_id, row.id), standing_of(row.tenant_id))
    return Subject(row, standing_of(row.id), Standing(None))
