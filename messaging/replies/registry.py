"""The strategies that can be chosen: those that are built in, and those that REPLY_STRATEGIES
names.
"""

import json
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

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


def strategy(name: str, given: Mapping[str, Any]) -> Strategy:
    """Return the strategy that is registered by this name, with its settings, or the one at a
    dotted path, which has none. Raises NotRegistered, and ImportError.
    """
    if "." in name:
        return at_path(name)
    if name not in choosable():
        raise NotRegistered(name)
    return made(choosable()[name], json.dumps(given, sort_keys=True))


@cache
def at_path(path: str) -> Strategy:
    made_there: Strategy = import_string(path)()
    return made_there


@lru_cache(MADE_AT_ONCE)
def made(chosen: type[Choosable], given: str) -> Strategy:
    return chosen(json.loads(given))
