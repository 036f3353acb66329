"""What every event has: where it came from, and the item itself."""

from dataclasses import dataclass, field
from typing import Any

from channels_app.storable import storable_words


@dataclass(frozen=True, kw_only=True)
class Event:
    """One item of a webhook; `raw` keeps it whole, because what we do not read today we may need
    tomorrow.
    """

    account_id: str = ""  # the provider's business account that it came under
    channel_external_id: str = ""  # which of our channels it concerns
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

    `is_empty`: nothing of anybody's is in it, so however many of these a body has, one is told for
    all.
    """

    reason: str
    is_empty: bool = False
