"""Choose the strategy that answers for a tenant, or for one of its channels.

A setting whose field has the widget PasswordInput is secret: it is sealed, never shown again, and
stays where a request leaves it out. None empties it.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import time
from typing import Any
from uuid import UUID

from django import forms
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from messaging.models import ReplyChoice
from messaging.replies.registry import choosable
from messaging.replies.strategy import Choosable
from tenants.encryption import CannotOpen

UNFIT = gettext_noop(
    "This takes a text, a number, true or false; of several choices, a list of them."
)


class SettingsEncoder(DjangoJSONEncoder):
    """Write settings as JSON, a time as people write it: 09:00."""

    def default(self, o: Any) -> Any:
        if isinstance(o, time) and not (o.second or o.microsecond):
            return o.isoformat("minutes")
        return super().default(o)


class Refused(ValueError):
    """The choice cannot be made. `faults`: sentences, by the name of a setting; "" for those that
    are about the strategy.
    """

    def __init__(self, faults: Mapping[str, list[str]]) -> None:
        super().__init__(faults)
        self.faults = faults

    def sentences(self) -> list[str]:
        """Return what is wrong, each with the setting that it is about."""
        return [
            f"{name}: {sentence}" if name else sentence
            for name, sentences in self.faults.items()
            for sentence in sentences
        ]


def choose(
    tenant_id: UUID, channel_id: UUID | None, name: str, given: Mapping[str, Any]
) -> ReplyChoice:
    """Let a strategy answer from the next message on: for a channel, or for all of its tenant's
    that have no choice of their own. `given`: its settings; what is left out has its default, or
    the secret that is stored. Within a scope that may see the tenant. Raises Refused.
    """
    if name not in choosable():
        known = ", ".join(sorted(choosable()))
        raise Refused({"": [_("There is no strategy of this name. There are: %s.") % known]})
    strategy = choosable()[name]
    keys: dict[str, Any] = {"tenant_id": tenant_id, "channel_id": channel_id}
    stored = ReplyChoice.objects.select_for_update(no_key=True).filter(**keys).first()
    of_strategy = stored if stored and stored.strategy == name else None
    kept = kept_secrets(of_strategy, given) if of_strategy else {}
    values = cleaned(strategy, {**given, **kept})
    if of_strategy and kept:
        refuse_elsewhere(strategy, of_strategy.settings, values, kept)
    choice = stored or ReplyChoice.objects.get_or_create(**keys, defaults={"strategy": name})[0]
    secrets = {each: values.pop(each) for each in secret_settings(strategy)}
    choice.strategy, choice.settings, choice.changed_at = name, values, timezone.now()
    choice.credentials = ""
    if secrets:
        choice.seal(**secrets)
    choice.save()
    return choice


def secret_settings(strategy: type[Choosable]) -> list[str]:
    """Return the names of a strategy's settings that are secret."""
    fields = strategy.form.base_fields.items()
    return [name for name, field in fields if isinstance(field.widget, forms.PasswordInput)]


def kept_secrets(stored: ReplyChoice, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the stored secrets that are neither given anew nor emptied, as far as they can be
    opened.
    """
    try:
        known = stored.secrets() if stored.credentials else {}
    except CannotOpen:
        return {}
    return {name: secret for name, secret in known.items() if secret and given.get(name, "") == ""}


def refuse_elsewhere(
    strategy: type[Choosable],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    kept: Iterable[str],
) -> None:
    """Raise Refused if secrets would be kept while an address changes: who may change that would
    have them sent to himself.
    """
    fields = strategy.form.base_fields.items()
    addresses = [name for name, field in fields if isinstance(field, forms.URLField)]
    if any(before.get(name) != after[name] for name in addresses):
        sentence = _("Give it again: the stored one is not for the new address.")
        raise Refused({name: [sentence] for name in kept})


def cleaned(strategy: type[Choosable], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings as the strategy's form cleans them, in the types of JSON."""
    fields = strategy.form.base_fields
    unknown = [name for name in given if name not in fields]
    defaults = {name: field.initial for name, field in fields.items()}
    known = {name: value for name, value in given.items() if name in fields}
    unfit = [name for name, value in known.items() if not fits(fields[name], value)]
    typed = {name: as_typed(value) for name, value in known.items() if name not in unfit}
    form = strategy.form({**defaults, **typed})
    faults = {name: [str(each) for each in errors] for name, errors in form.errors.items()}
    faults |= {name: [_(UNFIT)] for name in unfit}
    faults |= {name: [_("The strategy has no setting of this name.")] for name in unknown}
    if faults:
        raise Refused(faults)
    settings: dict[str, Any] = json.loads(json.dumps(form.cleaned_data, cls=SettingsEncoder))
    return settings


def fits(field: forms.Field, value: Any) -> bool:
    """Return whether a value of JSON is one that could be typed into a form, or several where the
    field takes several.
    """
    takes_several = isinstance(field, forms.MultipleChoiceField) and isinstance(value, list)
    return not any(isinstance(each, dict | list) for each in (value if takes_several else [value]))


def as_typed(value: Any) -> Any:
    """Return a value of JSON as somebody would type it into a form."""
    if isinstance(value, list):
        return [as_typed(each) for each in value]
    return value if value is None else str(value)


def forget(tenant_id: UUID, channel_id: UUID | None) -> bool:
    """Take a choice back: a channel has its tenant's again, a tenant the platform's. Returns
    whether there was one.
    """
    of_tenant = ReplyChoice.objects.filter(tenant=tenant_id)
    mine = of_tenant.filter(channel=channel_id) if channel_id else of_tenant.filter(channel=None)
    return bool(mine.delete()[0])
