"""Choose the strategy that answers for a tenant, or for one of its channels."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone
from django.utils.translation import gettext as _

from messaging.models import ReplyChoice
from messaging.replies.registry import choosable
from messaging.replies.strategy import Choosable


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
    that have no choice of their own. `given`: its settings; what is left out has its default.
    Within a scope that may see the tenant. Raises Refused.
    """
    if name not in choosable():
        known = ", ".join(sorted(choosable()))
        raise Refused({"": [_("There is no strategy of this name. There are: %s.") % known]})
    values = {
        "strategy": name,
        "settings": cleaned(choosable()[name], given),
        "changed_at": timezone.now(),
    }
    keys: dict[str, Any] = {"tenant_id": tenant_id, "channel_id": channel_id}
    choice, _is_new = ReplyChoice.objects.update_or_create(**keys, defaults=values)
    return choice


def cleaned(strategy: type[Choosable], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings as the strategy's form cleans them, in the types of JSON."""
    fields = strategy.form.base_fields
    unknown = [name for name in given if name not in fields]
    defaults = {name: field.initial for name, field in fields.items()}
    form = strategy.form({**defaults, **given})
    faults = {name: [str(each) for each in errors] for name, errors in form.errors.items()}
    faults |= {name: [_("The strategy has no setting of this name.")] for name in unknown}
    if faults:
        raise Refused(faults)
    settings: dict[str, Any] = json.loads(json.dumps(form.cleaned_data, cls=DjangoJSONEncoder))
    return settings


def forget(tenant_id: UUID, channel_id: UUID | None) -> bool:
    """Take a choice back: a channel has its tenant's again, a tenant the platform's. Returns
    whether there was one.
    """
    of_tenant = ReplyChoice.objects.filter(tenant=tenant_id)
    mine = of_tenant.filter(channel=channel_id) if channel_id else of_tenant.filter(channel=None)
    return bool(mine.delete()[0])
