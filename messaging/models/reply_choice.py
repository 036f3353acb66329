"""Which reply strategy a tenant has chosen, for all its channels or for one of them."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from channels_app.models import Channel
from tenants import encryption
from tenants.isolation import TenantForeignKey, within_tenant
from tenants.models import TenantManager, TenantModel
from tenants.models.sealed import Sealed

SECRET = "The secret of the reply strategy"  # noqa: S105  what is sealed


@dataclass(frozen=True, slots=True)
class Chosen:
    """A strategy with its settings, as a key of what is made of it. `settings`: a JSON object;
    `sealed`: those that are secret, for who knows what they belong to; empty: there are none.
    """

    strategy: str
    settings: str = "{}"
    sealed: str = ""
    belongs_to: str = ""

    def given(self) -> dict[str, Any]:
        """Return the settings, the secret ones in clear. Raises CannotOpen."""
        secrets = {}
        if self.sealed:
            secrets = json.loads(encryption.unseal(self.sealed, self.belongs_to, SECRET))
        return json.loads(self.settings) | secrets


class Source(models.TextChoices):
    """For whom the strategy that answers was chosen."""

    CHANNEL = "channel", _("chosen for the channel")
    TENANT = "tenant", _("chosen for the tenant")
    PLATFORM = "platform", _("the platform's, for nothing was chosen")


class ReplyChoiceManager(TenantManager["ReplyChoice"]):
    def for_channels(self, channels: Iterable[Channel]) -> dict[UUID, "ReplyChoice"]:
        """Return the choice that holds for each of these channels, by its id: the channel's own,
        else its tenant's. A channel for which nothing was chosen is left out.
        """
        of_tenants = {channel.id: channel.tenant_id for channel in channels}
        rows = self.filter(tenant__in=set(of_tenants.values()))
        chosen = {(row.tenant_id, row.channel_id): row for row in rows}
        found = {
            id: chosen.get((tenant_id, id)) or chosen.get((tenant_id, None))
            for id, tenant_id in of_tenants.items()
        }
        return {id: choice for id, choice in found.items() if choice}

    def holding(self, tenant_id: UUID, channel_id: UUID | None) -> "ReplyChoice | None":
        """Return the choice that holds for a channel, None: for those without one of their own."""
        of_either = self.filter(Q(channel=channel_id) | Q(channel=None), tenant=tenant_id)
        return of_either.order_by(F("channel").asc(nulls_last=True)).first()


class ReplyChoice(Sealed, TenantModel):
    """`strategy`: the name of a registered strategy (messaging/replies/registry.py); `settings`:
    its settings, as its form cleaned them, but for those that are secret, which are the sealed
    `credentials`. `channel`: NULL is every channel of the tenant that has no choice of its own.
    """

    what_is_sealed = SECRET

    channel = within_tenant(Channel, null=True, related_name="+")
    strategy = models.CharField(max_length=64)
    settings: Any = models.JSONField(default=dict, blank=True)
    credentials = models.TextField(blank=True, default="", db_default="", editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    audited_with = ("channel_id",)

    objects: ClassVar[ReplyChoiceManager] = ReplyChoiceManager()

    class Meta(TenantModel.Meta):
        db_table = "reply_choices"
        verbose_name = _("choice of a reply strategy")
        verbose_name_plural = _("choices of reply strategies")
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["tenant", "channel"],
                nulls_distinct=False,
                name="one_reply_strategy_per_channel",
            ),
            TenantForeignKey(name="reply_strategy_of_a_channel_of_the_tenant", field="channel"),
        ]

    def __str__(self) -> str:
        return self.strategy

    @property
    def source(self) -> Source:
        return Source.CHANNEL if self.channel_id else Source.TENANT

    def chosen(self) -> Chosen:
        settings = json.dumps(self.settings, sort_keys=True)
        return Chosen(self.strategy, settings, self.credentials, self._seal_of())
