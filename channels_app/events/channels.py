"""Updates about a business account, its channels and its templates."""

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
    """A change to a template of an account. `values` holds the new values of the MessageTemplate
    fields that the provider reports.
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
    """An update about a business account, or one of its channels or templates. `kind` is the
    provider's name for the update.

    `summary`: a sentence for the operator; an update without one is neither listed nor applied.
    `number`: the channel's phone number, if the provider gives that instead of an id; with neither,
    the update concerns all channels of the account. `health`: the changed entries of the channel's
    health. `parks`: the new status of a channel that cannot send; `recovers_by`: how the channel
    comes back; `lifts`: the channel can send again. `is_shared`: other
    responders answer on the channel, too.
    """

    kind: str
    summary: str = ""
    severity: str = "info"  # or "warning", "critical"
    number: str = ""
    health: Mapping[str, str] = field(default_factory=dict)
    parks: str = ""
    recovers_by: str = "reconnect"
    lifts: bool = False
    is_shared: bool = False
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
