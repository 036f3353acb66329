"""Messages between a channel and a contact, whoever wrote them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from channels_app.events.contacts import ContactEvent
from channels_app.storable import (
    ID_BYTES,
    KIND_LENGTH,
    NAME_LENGTH,
    storable_id,
    storable_json,
    storable_text,
    storable_words,
)

PREVIEW_LENGTH = 120


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file that stays with the provider until it is fetched by `external_id`."""

    external_id: str
    mime_type: str = ""
    sha256: str = ""  # as the provider writes it
    filename: str = ""


def storable_attachment(attachment: Attachment) -> Attachment:
    return Attachment(
        external_id=storable_id(attachment.external_id),
        mime_type=storable_words(attachment.mime_type, NAME_LENGTH),
        sha256=storable_words(attachment.sha256, NAME_LENGTH),
        filename=storable_text(attachment.filename, NAME_LENGTH),
    )


@dataclass(frozen=True, kw_only=True)
class MessageEvent(ContactEvent):
    """A message between one of our channels and a contact, whoever wrote it. The same `external_id`
    is the same message.

    `text` is what a person reads of it, `preview` its one line for lists; `error` says why
    something of it is missing.
    """

    external_id: str
    channel_number: str = ""  # our channel's number as people dial it, where the provider tells it
    group_external_id: str = ""  # the group it was written in, if any
    kind: str = "text"
    text: str = ""
    preview: str = ""
    attachment: Attachment | None = None
    quoted_external_id: str = ""  # the message it answers
    target_external_id: str = ""  # the message that it edits, takes back or reacts to
    forwarded: str = ""  # "once" or "often"
    referral: Mapping[str, Any] | None = None  # the advertisement that led here
    sent_at: datetime | None = None  # the provider's time; None: it gave none that makes sense
    error_code: str = ""
    error: str = ""

    def __post_init__(self) -> None:
        storable_id(self.external_id)
        super().__post_init__()
        self.set(
            channel_number=storable_words(self.channel_number, KIND_LENGTH),
            group_external_id=storable_words(self.group_external_id),
            kind=storable_text(self.kind, KIND_LENGTH),
            text=storable_text(self.text),
            preview=storable_text(self.preview, PREVIEW_LENGTH),
            quoted_external_id=storable_words(self.quoted_external_id),
            target_external_id=storable_words(self.target_external_id),
            referral=storable_json(self.referral),
            error_code=storable_text(self.error_code, KIND_LENGTH),
            error=storable_text(self.error, ID_BYTES),
        )
        if self.attachment:
            self.set(attachment=storable_attachment(self.attachment))


@dataclass(frozen=True, kw_only=True)
class InboundMessage(MessageEvent):
    """Somebody wrote to one of our channels."""

    reply_to: str  # the id an answer is addressed to

    def __post_init__(self) -> None:
        super().__post_init__()
        storable_id(self.reply_to)


@dataclass(frozen=True, kw_only=True)
class Echo(MessageEvent):
    """The business's own people wrote it, in the provider's app."""


@dataclass(frozen=True, kw_only=True)
class HistoryMessage(MessageEvent):
    """Written before we were connected; `status`: what the provider says became of one that the
    business wrote.
    """

    is_outbound: bool
    status: str = ""
