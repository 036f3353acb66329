"""Messages between a channel and a contact, in either direction."""

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
NOTE_LENGTH = 2000


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A message's file, which the provider keeps until it is downloaded by `external_id`."""

    external_id: str
    mime_type: str = ""
    sha256: str = ""  # in the provider's encoding
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
    """A message between a channel and a contact, in either direction. Events with the same
    `external_id` are the same message.

    `text` is the message as a person reads it, `preview` one line for lists; `error` says why part
    of the message is missing.
    """

    external_id: str
    channel_number: str = ""  # our channel's phone number, if the provider gives it
    group_external_id: str = ""  # the group of the message, if any
    kind: str = "text"
    text: str = ""
    preview: str = ""
    attachment: Attachment | None = None
    quoted_external_id: str = ""  # the message that this one answers
    target_external_id: str = ""  # the message that this one edits, revokes or reacts to
    forwarded: str = ""  # "once" or "often"
    referral: Mapping[str, Any] | None = None  # the advertisement or product behind the message
    sent_at: datetime | None = None  # by the provider's clock; None: no plausible time was given
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
    """A message from a contact to one of our channels."""

    reply_to: str  # the contact's id to which an answer is addressed

    def __post_init__(self) -> None:
        super().__post_init__()
        storable_id(self.reply_to)


@dataclass(frozen=True, kw_only=True)
class Echo(MessageEvent):
    """A message that the business's staff sent from the provider's app."""


@dataclass(frozen=True, kw_only=True)
class StandbyMessage(MessageEvent):
    """A message on a thread that another responder has: of the contact, or (`is_outbound`) of that
    responder. We were only shown it, and have nothing to answer.
    """

    is_outbound: bool


@dataclass(frozen=True, kw_only=True)
class ThreadNotice(MessageEvent):
    """Something that happened in a thread and that nobody wrote, such as a call.

    `owner`: who has had the thread since then, a ThreadOwner, where it tells that; `told_by`: in
    what way, an OwnerSource. `note`: what the previous owner said of it.
    """

    owner: str = ""
    told_by: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.set(note=storable_text(self.note, NOTE_LENGTH))


@dataclass(frozen=True, kw_only=True)
class HistoryMessage(MessageEvent):
    """A message from before the channel was connected. `status`: the delivery status of one that
    the business sent.
    """

    is_outbound: bool
    status: str = ""
