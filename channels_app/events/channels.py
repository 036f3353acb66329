"""What happens to a business account, its channels and its templates."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from channels_app.events.base import Event
from channels_app.storable import (
    KIND_LENGTH,
    NAME_LENGTH,
    storable_id,
    storable_json,
    storable_text,
    storable_words,
)

SUMMARY_LENGTH = 500


@dataclass(frozen=True, kw_only=True)
class TemplateChange:
    """A template of an account is now so. `values`: of what is told, the new status, category,
    quality, reason, components.
    """

    external_id: str
    name: str
    language: str
    values: Mapping[str, Any]


def storable_template(change: TemplateChange) -> TemplateChange:
    return TemplateChange(
        external_id=storable_id(change.external_id),
        name=storable_id(change.name),
        language=storable_id(change.language),
        values=storable_json(change.values),
    )


@dataclass(frozen=True, kw_only=True)
class ChannelUpdate(Event):
    """What happened to a business account, to one of its channels or templates; `kind` is the
    provider's word.

    `summary`: a sentence for the operator; none: it is not listed. `number`: the channel's number
    as people dial it, where the provider names it so; neither that nor a channel: it concerns all
    of the account's. `health`: what of the channel's health is now so. `parks`: the status that a
    channel which cannot send takes, `recovers_by`: how it comes back; `lifts`: it can send again.
    """

    kind: str
    summary: str = ""
    severity: str = "info"  # or "warning", "critical"
    number: str = ""
    health: Mapping[str, str] = field(default_factory=dict)
    parks: str = ""
    recovers_by: str = "reconnect"
    lifts: bool = False
    template: TemplateChange | None = None
    occurred_at: datetime | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self.set(
            kind=storable_words(self.kind, KIND_LENGTH),
            summary=storable_text(self.summary, SUMMARY_LENGTH),
            number=storable_words(self.number, KIND_LENGTH),
            health={name: storable_text(value, NAME_LENGTH) for name, value in self.health.items()},
            raw=storable_json(self.raw),
        )
        if self.template:
            self.set(template=storable_template(self.template))
