"""What was recorded from a delivery, as lines of its page."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from channels_app.events import (
    AddressBookEntry,
    ChannelUpdate,
    Echo,
    Event,
    HistoryMessage,
    IdentityChange,
    InboundMessage,
    MessageEvent,
    Preference,
    Rejected,
    StandbyMessage,
    StatusUpdate,
    ThreadNotice,
)
from channels_app.models import ChannelEvent
from messaging.admin import people
from messaging.inbound.contents import Item, contents_of
from messaging.models import DeadLetter, Message, WebhookDelivery

WHAT: dict[type[Event], Any] = {
    InboundMessage: _("Message of a contact"),
    Echo: _("Message of staff, in the provider's app"),
    StandbyMessage: _("Message on a thread of another responder"),
    ThreadNotice: _("Notice of the provider"),
    HistoryMessage: _("Message from the phone's history"),
    IdentityChange: _("Change of a contact's ids"),
    Preference: _("Wish about marketing"),
    AddressBookEntry: _("Entry of the address book"),
    Rejected: _("Item that cannot be recorded"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`links`: the rows that say it, each as (address, words); `note`: what became of it, where
    there is none.
    """

    number: int
    what: str
    whose: str
    links: list[tuple[str, str]] = field(default_factory=list)
    note: str = ""


def lines_of(delivery: WebhookDelivery) -> tuple[list[Line], bool]:
    """Return a line for each of the first items, and whether the delivery has more."""
    items, has_more = contents_of(delivery)
    letters = DeadLetter.objects.filter(delivery=delivery.id)
    places = [item.position for item in items]
    aside = set(letters.filter(position__in=places).values_list("position", flat=True))
    messages = words_of_messages({item.message_id for item in items if item.message_id})
    events = words_of_channel_events({id for item in items for id in item.channel_event_ids})
    is_done = delivery.processed_at is not None
    lines = []
    for item in items:
        links = [messages[item.message_id]] if item.message_id in messages else []
        links += [events[id] for id in item.channel_event_ids if id in events]
        note = "" if links else note_of(item, is_aside=item.position in aside, is_done=is_done)
        lines.append(
            Line(
                number=item.position + 1,
                what=what(item.event),
                whose=whose(item),
                links=links,
                note=note,
            )
        )
    return lines, has_more


def words_of_messages(ids: set[UUID]) -> dict[UUID | None, tuple[str, str]]:
    rows = Message.objects.filter(id__in=ids).select_related("conversation__contact")
    shown = people.with_id_shown(rows, contact__conversations="conversation")
    return {
        row.id: (
            reverse("admin:messaging_message_change", args=[row.id]),
            " ".join(people.words_of(row.shown_id, row.conversation.contact))
            + f": {row.get_status_display()}, {row.preview or row.text or row.kind}"[:100],
        )
        for row in shown.only(
            *("id", "status", "preview", "text", "kind", "conversation__contact__name"),
            *("conversation__contact__saved_name", "conversation__contact__username"),
        )
    }


def words_of_channel_events(ids: set[UUID]) -> dict[UUID, tuple[str, str]]:
    rows = ChannelEvent.objects.filter(id__in=ids) if ids else []
    return {
        row.id: (reverse("admin:channels_channelevent_change", args=[row.id]), row.summary)
        for row in rows
    }


def what(event: Event) -> str:
    match event:
        case StatusUpdate():
            return gettext("Status: {status}").format(status=event.status)
        case ChannelUpdate():
            return gettext("Update of an account or channel: {kind}").format(kind=event.kind)
        case MessageEvent():
            return f"{WHAT[type(event)]}, {event.kind}"
    return str(WHAT.get(type(event), type(event).__name__))


def whose(item: Item) -> str:
    if item.channel is None:
        return item.event.channel_external_id
    tenant = item.channel.tenant
    return f"{tenant.name or tenant.slug}, {item.channel.name or item.channel.number}"


def note_of(item: Item, *, is_aside: bool, is_done: bool) -> str:
    """Return what became of an item that no row is linked for."""
    if is_aside:
        return gettext("Set aside: see above.")
    if not is_done:
        return gettext("Not recorded yet.")
    match item.event:
        case StatusUpdate() if item.is_recorded:
            return gettext("Recorded. Its message is not known here.")
        case MessageEvent() | StatusUpdate():
            return gettext("Not there any more: deleted by its age, or since it was recorded.")
        case ChannelUpdate():
            return gettext("Nothing is listed of it.")
    return gettext("Recorded. It changes a contact and has no page of its own.")
