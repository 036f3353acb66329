"""Bubbles: messages of a conversation as its page shows them."""

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from channels_app.message_parts import Choice
from channels_app.redacted import advice_of
from messaging.admin.thread_page.notices import in_words
from messaging.admin.thread_page.ticks import Tick, ticks_of
from messaging.conversations.thread import CHANGES, Shown
from messaging.media.pictures import may_be_picture
from messaging.models import Media, Message

Words = str | Promise
Status = Message.Status
TEXT = "text"
FILES: dict[str, Words] = {
    "image": _("Photo"),
    "video": _("Video"),
    "audio": _("Audio"),
    "document": _("Document"),
    "sticker": _("Sticker"),
}
DID = (_("Edited an earlier message"), _("Deleted a message"), _("Reacted"))
CHANGED: dict[str, Words] = dict(zip(CHANGES, DID, strict=True))
WENT_WRONG: dict[str, Words] = {
    Status.FAILED: _("It was not delivered."),
    Status.UNKNOWN: _("Nobody knows whether it arrived."),
    Status.EXPIRED: _("It was not sent: it would have come too late."),
    Status.HELD: _("It is held back."),
    Status.CANCELLED: _("It was not sent: it was cancelled."),
}
AGAIN = (Status.FAILED, Status.EXPIRED, Status.UNKNOWN)
NOT_OURS = (Message.Origin.PHONE_APP, *Message.ASIDE)
MAP = "https://www.openstreetmap.org/?mlat={0}&mlon={1}#map=16/{0}/{1}"


@dataclass(frozen=True, slots=True)
class Bubble:
    """`day`: that of the message where another day begins with it; `here`: the messages of the same
    page.
    """

    shown: Shown
    day: date | None
    here: Set[UUID]

    @property
    def message(self) -> Message:
        return self.shown.message

    @property
    def words(self) -> str:
        """What stands in it beside its parts and its file; empty: they say everything."""
        message, parts = self.message, self.shown.parts
        if self.shown.is_edited or (message.kind == TEXT and self.shown.text):
            return self.shown.text
        if parts.template and not parts.says_all:
            return message.text.removeprefix(parts.template).strip()
        if parts.says_all:
            return ""
        if message.attachment:
            return message.text
        return in_full(message) or message.kind

    @property
    def notice(self) -> str:
        """What a provider's notice says."""
        message = self.message
        return in_words(message.preview or message.text or message.kind)

    @property
    def changed(self) -> Words:
        """What it did to another message, of one that changes something which is not shown here."""
        return CHANGED.get(self.message.kind, "") if self.message.target_external_id else ""

    @property
    def file(self) -> Media | None:
        return None if self.shown.is_revoked else self.message.attachment

    @property
    def file_label(self) -> Words:
        kind = self.message.kind
        is_told = kind == "audio" and not self.message.text
        return (self.message.preview if is_told else "") or FILES.get(kind, _("File"))

    @property
    def is_picture(self) -> bool:
        return self.file is not None and may_be_picture(self.file)

    @property
    def map(self) -> str:
        """The address of the place on a map; empty where it is not known where it is."""
        place = self.shown.parts.place
        if place is None or place.latitude is None or place.longitude is None:
            return ""
        return MAP.format(f"{place.latitude:.6f}", f"{place.longitude:.6f}")

    @property
    def buttons(self) -> list[tuple[Choice, bool]]:
        """Its buttons, each with whether somebody pressed it."""
        return [(each, each.id in self.shown.pressed) for each in self.shown.parts.buttons]

    @property
    def sections(self) -> list[tuple[str, list[tuple[Choice, bool]]]]:
        """The sections of its list: the title, and the rows with whether somebody chose each."""
        pressed = self.shown.pressed
        return [
            (section.title, [(each, each.id in pressed) for each in section.choices])
            for section in self.shown.parts.sections
        ]

    @property
    def quotes_here(self) -> bool:
        quoted = self.shown.quoted
        return quoted is not None and quoted.message.id in self.here

    @property
    def ticks(self) -> list[Tick]:
        return ticks_of(self.message)

    @property
    def went_wrong(self) -> Words:
        return WENT_WRONG.get(self.message.status, "")

    @property
    def meaning(self) -> str:
        """What the error means, in our words."""
        return advice_of(self.message.error)

    @property
    def provider_said(self) -> str:
        """What the provider wrote itself: its code and its words."""
        said = self.message.error.removeprefix(self.meaning).strip().removeprefix("(")
        code = self.message.error_code
        words = said.removesuffix(")")
        return words if not code or code in words else ": ".join(filter(None, (code, words)))

    @property
    def not_answered(self) -> str:
        message = self.message
        is_told = not message.is_history and message.origin != Message.Origin.STANDBY
        return message.get_unanswered_display() if message.unanswered and is_told else ""

    @property
    def may_leave_again(self) -> bool:
        is_ours = self.message.direction == Message.Direction.OUTBOUND
        return is_ours and self.message.status in AGAIN and self.message.origin not in NOT_OURS


def in_full(message: Message) -> str:
    """Return what a message without parts says: its preview names what it is, and its text is whole
    and has its lines.
    """
    on_one_line = " ".join(message.text.split())
    is_cut = message.preview.endswith("…")
    text = message.text if is_cut or message.preview == on_one_line else ""
    return text or message.preview or message.text


def bubbles_of(shown: Iterable[Shown]) -> Iterator[Bubble]:
    items = list(shown)
    here = {item.message.id for item in items}
    last = None
    for item in items:
        day = timezone.localdate(item.message.created_at)
        yield Bubble(item, day if day != last else None, here)
        last = day
