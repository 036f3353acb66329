"""What a provider tells us, in our own words. Frozen, and storable: what PostgreSQL would refuse never leaves this file.

A provider's parser builds these; building one raises Unstorable where the item cannot be kept, and the parser yields a
Rejected in its place. Text is repaired instead (NUL and lone surrogates become U+FFFD), because a person wrote it.
"""

import math
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

ID_BYTES = 512
NAME_LENGTH = 256
KIND_LENGTH = 64
TEXT_LENGTH = 65_536

UNWRITABLE = re.compile("[\x00\ud800-\udfff]")


class Unstorable(ValueError):
    """An item that the database would refuse; the message is a sentence for the operator."""


def storable_text(text: str, length: int = TEXT_LENGTH) -> str:
    return UNWRITABLE.sub("\ufffd", text)[:length]


def storable_words(text: str, length: int = ID_BYTES) -> str:
    """Text that an index holds: bounded in bytes."""
    return storable_text(text).encode()[:length].decode(errors="ignore")


def storable_id(value: Any) -> str:
    """An identifier as it came. It is compared for equality, so it is never repaired."""
    if not isinstance(value, str) or not value:
        raise Unstorable("An identifier is missing or not a text.")
    if UNWRITABLE.search(value) or len(value.encode()) > ID_BYTES:
        raise Unstorable(f"An identifier is longer than {ID_BYTES} bytes or holds characters that cannot be stored.")
    return value


def storable_json(value: Any) -> Any:
    """The item as PostgreSQL's jsonb takes it; raises Unstorable for numbers that it does not."""
    if isinstance(value, str):
        return storable_text(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise Unstorable("A number is too large, or not a number.")
    if isinstance(value, dict):
        return {storable_text(key): storable_json(each) for key, each in value.items()}
    if isinstance(value, list):
        return [storable_json(each) for each in value]
    return value


@dataclass(frozen=True, kw_only=True)
class Event:
    """One item of a webhook; `raw` keeps it whole, because what we do not read today we may need tomorrow."""

    account_id: str = ""  # the provider's business account that it came under
    channel_external_id: str = ""  # which of our channels it concerns
    raw: Any = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.set(account_id=storable_words(self.account_id), channel_external_id=storable_words(self.channel_external_id))

    def set(self, **values: Any) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)


@dataclass(frozen=True, kw_only=True)
class InboundMessage(Event):
    """Somebody wrote to one of our channels."""

    external_id: str  # the provider's message id; the same id is the same message
    sender_ids: tuple[tuple[str, str], ...]  # (kind, value): every id the provider knows the sender by, best first
    reply_to: str  # the id an answer is addressed to
    sender_name: str = ""
    group_external_id: str = ""  # the group it was written in, if any
    kind: str = "text"
    text: str = ""
    sent_at: datetime | None = None  # the provider's time; None: it gave none that makes sense

    def __post_init__(self) -> None:
        if not self.sender_ids:
            raise Unstorable("The message names no sender.")
        for value in (self.external_id, self.channel_external_id, self.reply_to, *(value for _, value in self.sender_ids)):
            storable_id(value)
        super().__post_init__()
        self.set(
            sender_name=storable_text(self.sender_name, NAME_LENGTH),
            group_external_id=storable_words(self.group_external_id),
            kind=storable_text(self.kind, KIND_LENGTH),
            text=storable_text(self.text),
            raw=storable_json(self.raw),
        )


@dataclass(frozen=True, kw_only=True)
class StatusUpdate(Event):
    """What became of a message that we sent."""

    external_id: str
    status: str  # sent, delivered, read, played, failed; any other word is kept and changes nothing
    reference: str = ""  # what we gave the provider with the message; data, not authority
    participant: str = ""  # the group member it speaks of
    error_code: str = ""
    error: str = ""
    closes_window: bool = False  # it failed because the provider's window for free messages has closed
    parks: str = ""  # it failed because the channel must be repaired: the status that the channel takes
    occurred_at: datetime | None = None

    def __post_init__(self) -> None:
        storable_id(self.external_id)
        storable_id(self.channel_external_id)
        storable_id(self.status)
        super().__post_init__()
        self.set(
            status=storable_words(self.status, KIND_LENGTH),
            reference=storable_text(self.reference, ID_BYTES),
            participant=storable_words(self.participant),
            error_code=storable_text(self.error_code, KIND_LENGTH),
            error=storable_text(self.error, ID_BYTES),
            raw=storable_json(self.raw),
        )


@dataclass(frozen=True, kw_only=True)
class ChannelEvent(Event):
    """Anything else a provider reports, by its own `kind`: account, template, quality, echo, history, ..."""

    kind: str


@dataclass(frozen=True, kw_only=True)
class Rejected(Event):
    """An item that cannot be recorded; `reason` is a sentence for the operator."""

    reason: str
