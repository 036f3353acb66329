"""The strategies that can be chosen: those that are built in, and those that REPLY_STRATEGIES
names.
"""

from collections.abc import Mapping
from functools import cache, lru_cache

from django.conf import settings
from django.utils.module_loading import import_string

from messaging.models.reply_choice import Chosen
from messaging.replies.builtin import Silence, StaticReply
from messaging.replies.office_hours import OfficeHours
from messaging.replies.strategy import Choosable, Strategy

BUILT_IN: tuple[type[Choosable], ...] = (StaticReply, OfficeHours, Silence)
MADE_AT_ONCE = 1000  # strategies with settings of their own, in memory


class NotRegistered(LookupError):
    """No strategy has this name, or not any more."""


def choosable() -> Mapping[str, type[Choosable]]:
    """Return the strategies that tenants may choose, by their names."""
    return loaded(tuple(settings.REPLY_STRATEGIES))


@cache
def loaded(paths: tuple[str, ...]) -> Mapping[str, type[Choosable]]:
    classes = (*BUILT_IN, *(import_string(path) for path in paths))
    return {each.name: each for each in classes}


def strategy(chosen: Chosen) -> Strategy:
    """Return the strategy that is registered by the chosen name, with its settings, or the one at a
    dotted path, which has none. Raises NotRegistered, CannotOpen, and ImportError.
    """
    if "." in chosen.strategy:
        return at_path(chosen.strategy)
    if chosen.strategy not in choosable():
        raise NotRegistered(chosen.strategy)
    return made(choosable()[chosen.strategy], chosen)


@cache
def at_path(path: str) -> Strategy:
    made_there: Strategy = import_string(path)()
    return made_there


@lru_cache(MADE_AT_ONCE)
def made(strategy: type[Choosable], chosen: Chosen) -> Strategy:
    """Return a strategy with its settings. What is secret of them is opened here, once for as long
    as neither they nor their seal change.
    """
    return strategy(chosen.given())
