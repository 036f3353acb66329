"""Which strategy answers, and where that was chosen."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from messaging.models import ReplyChoice
from messaging.models.reply_choice import Source
from messaging.replies.registry import choosable


def holding(tenant_id: UUID, channel_id: UUID | None) -> dict[str, Any]:
    """Return what holds for a channel, None: for those of the tenant without a choice of their own,
    as HoldingStrategySerializer shows it.
    """
    choice = ReplyChoice.objects.holding(tenant_id, channel_id)
    if choice is None:
        return of_platform()
    return {
        "strategy": choice.strategy,
        "settings": choice.settings,
        "comes_from": choice.source.value,
        "available": choice.strategy in choosable(),
        "changed_at": choice.changed_at,
    }


def of_platform() -> dict[str, Any]:
    strategy = import_string(settings.REPLY_STRATEGY)
    names = (name for name, each in choosable().items() if each is strategy)
    return {
        "strategy": next(names, None),
        "settings": {},
        "comes_from": Source.PLATFORM.value,
        "available": True,
        "changed_at": None,
    }
