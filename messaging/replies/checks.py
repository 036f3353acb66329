"""A start-up check: what REPLY_STRATEGY and REPLY_STRATEGIES name can be used."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.utils.module_loading import import_string

from messaging.replies.registry import BUILT_IN

NAME = re.compile("[a-z][a-z_]{0,63}")


@register()
def check_strategies(**kwargs: Any) -> list[CheckMessage]:
    names = Counter(each.name for each in BUILT_IN)
    found = [*faults_of("REPLY_STRATEGY", settings.REPLY_STRATEGY)]
    for path in settings.REPLY_STRATEGIES:
        found += faults_of("REPLY_STRATEGIES", path) or choosing_faults(import_string(path), names)
    return [Error(sentence, id="messaging.E001") for sentence in found]


def faults_of(setting: str, path: str) -> list[str]:
    try:
        strategy = import_string(path)
    except ImportError as error:
        return [f"{setting} names {path!r}, which cannot be imported ({type(error).__name__})."]
    if not callable(getattr(strategy, "reply_to", None)):
        return [f"{setting} names {path!r}, which has no method reply_to."]
    return []


def choosing_faults(strategy: Any, names: Counter[str]) -> Iterator[str]:
    """Yield what keeps tenants from choosing a strategy."""
    path = f"{strategy.__module__}.{strategy.__qualname__}"
    name, form = getattr(strategy, "name", ""), getattr(strategy, "form", None)
    if not NAME.fullmatch(name):
        yield f"{path} needs a name of lower-case letters and underscores, 64 at most."
    elif names[name]:
        yield f"{path} has the name {name!r}, which another strategy has, too."
    if not (isinstance(form, type) and issubclass(form, forms.BaseForm)):
        yield f"{path} needs a form, a class of Django's: what may be set of it."
    if not getattr(strategy, "label", ""):
        yield f"{path} needs a label: what people choose it by."
    names[name] += 1
