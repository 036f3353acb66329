"""The base class of all events, and the event for an item that cannot be recorded."""

from dataclasses import dataclass, field
from typing import Any

from channels_app.storable import storable_words


@dataclass(frozen=True, kw_only=True)
class Event:
    """One item of a webhook. `raw` keeps the whole item, because fields that we do not read today
    may be needed later.
    """

    account_id: str = ""  # the provider's id of the business account
    channel_external_id: str = ""  # the provider's id of the channel
    raw: Any = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.set(
            account_id=storable_words(self.account_id),
            channel_external_id=storable_words(self.channel_external_id),
        )

    def set(self, **values: Any) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)


@dataclass(frozen=True, kw_only=True)
class Rejected(Event):
    """An item that cannot be recorded; `reason` is a sentence for the operator.

    `is_empty`: the item holds nobody's data, so one Rejected stands for all such items of a body
    with the same reason.
    """

    reason: str
    is_empty: bool = False
