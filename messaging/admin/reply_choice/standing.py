"""Which strategy answers for a tenant or a channel, and who has chosen it."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.utils.functional import Promise

from messaging.models import ReplyChoice
from messaging.models.reply_choice import Source
from messaging.replies import registry


@dataclass(frozen=True, slots=True)
class Standing:
    """`choice`: the one that holds; None: nobody has chosen, the platform's strategy answers."""

    choice: ReplyChoice | None

    @property
    def source(self) -> Source:
        return self.choice.source if self.choice else Source.PLATFORM

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
