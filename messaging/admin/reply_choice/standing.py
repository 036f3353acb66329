"""Which strategy answers for a tenant or a channel, and who has chosen it."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from messaging.models import ReplyChoice
from messaging.replies import registry


class Source(TextChoices):
    """For whom a strategy was chosen."""

    CHANNEL = "channel", _("chosen for the channel")
    TENANT = "tenant", _("chosen for the tenant")
    PLATFORM = "platform", _("the platform's, for nothing was chosen")


@dataclass(frozen=True, slots=True)
class Standing:
    """`choice`: the one that holds; None: nobody has chosen, the platform's strategy answers."""

    choice: ReplyChoice | None

    @property
    def source(self) -> Source:
        if self.choice is None:
            return Source.PLATFORM
        return Source.CHANNEL if self.choice.channel_id else Source.TENANT

    @property
    def is_known(self) -> bool:
        """Whether the strategy is still installed."""
        return self.choice is None or self.choice.strategy in registry.choosable()

    @property
    def label(self) -> str | Promise:
        """What people know the strategy by; the name of one that is not installed any more."""
        if self.choice is None:
            path = settings.REPLY_STRATEGY
            return getattr(registry.at_path(path), "label", path)
        strategy = registry.choosable().get(self.choice.strategy)
        return strategy.label if strategy else self.choice.strategy


def standing_of(tenant_id: UUID, channel_id: UUID | None = None) -> Standing:
    """Return what holds for a channel, or for the channels of a tenant that have no choice of their
    own. Within a scope that may see the tenant.
    """
    return Standing(ReplyChoice.objects.holding(tenant_id, channel_id))
