"""Find a person's items in the bytes of all deliveries, remember them by their hashes, and have
them cut out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from uuid import UUID

from django.utils import timezone

from channels_app.events import ContactEvent, Event, MessageEvent, StatusUpdate
from channels_app.models import Channel
from messaging import sql
from messaging.inbound.batches import events_of
from messaging.inbound.erased_items import words_for
from messaging.inbound.redaction import redact
from messaging.models import ContactChange, ErasedMessage, Erasure, Message, WebhookDelivery
from messaging.privacy.catalogue import messages_of
from messaging.privacy.portions import step
from messaging.privacy.quotes import strings_in
from messaging.privacy.subject import Subject
from tenants.models.uuid7 import first_id_at
from tenants.scope import operator_scope

AT_ONCE = 2000  # deliveries
FIRST = UUID(int=0)
# ids are made before their rows are committed, and by clocks that differ
STILL_COMING = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Held:
    """What a delivery holds of a person: keys (tenant, channel, word) of their items, and what
    items of others quote, pairs of a number and an id.
    """

    keys: frozenset[tuple[UUID, UUID, str]]
    quoted: frozenset[tuple[str, str]]


def scan(erasure_id: UUID, subject: Subject) -> bool:
    """Redact all deliveries that hold something of the person. Returns whether none is left: those
    that are not processed yet are looked at again the next time.
    """
    with step(erasure_id) as erasure:
        after, words = erasure.scanned_to or FIRST, words_of(subject)
    # what comes later may quote what the words do not hold yet
    settled = first_id_at(timezone.now() - STILL_COMING)
    is_clean = is_more = True
    while is_more:
        with operator_scope():
            named, after, is_more = named_after(after, words)
        for id in named:
            is_clean &= redact_one(erasure_id, id, subject)
        if is_clean and after < settled:
            with step(erasure_id) as erasure:
                erasure.scanned_to = after
    return is_clean


def is_clean_now(erasure: Erasure, subject: Subject) -> bool:
    """Return whether no delivery holds anything of the person, in the caller's transaction. The
    senders must be locked.
    """
    after, words, is_more = erasure.scanned_to or FIRST, words_of(subject), True
    while is_more:
        named, after, is_more = named_after(after, words)
        for delivery in WebhookDelivery.objects.filter(id__in=named):
            if held_by(delivery, subject):
                return False
    return True


def named_after(after: UUID, words: list[bytes]) -> tuple[list[UUID], UUID, bool]:
    """Look at the next deliveries after an id. Returns those that may name the person, where to go
    on, and whether there are more.
    """
    rows = sql.run("privacy/deliveries_naming", after=after, at_most=AT_ONCE, words=words)
    last = rows[-1]["id"] if rows else after
    return [row["id"] for row in rows if row["is_named"]], last, len(rows) == AT_ONCE


def words_of(subject: Subject) -> list[bytes]:
    """Return what deliveries name the person by: their ids, those that others have now, and those
    of their messages in groups, which others quote; each as JSON may write it.
    """
    in_groups = messages_of(subject).exclude(conversation__group_external_id="")
    known = in_groups.exclude(external_id=None).values_list("external_id", flat=True)
    changes = ContactChange.objects.filter(
        tenant=subject.tenant_id, contact__in=subject.contact_ids
    )
    given_up = changes.filter(what=ContactChange.What.ID_TAKEN_OVER).values_list("old", "new")
    words = {word for word in (*subject.values, *known, *chain.from_iterable(given_up)) if word}
    return [form.encode() for word in sorted(words) for form in forms_of(word)]


def forms_of(word: str) -> set[str]:
    """Return how JSON may write a word, but for escapes by number: many escape slashes."""
    return {word, word.replace("/", "\\/")}


def redact_one(erasure_id: UUID, delivery_id: UUID, subject: Subject) -> bool:
    """Redact a delivery, if it holds items of the person on a channel of the tenant. Returns False
    where it does and is still to be processed.
    """
    with step(erasure_id) as erasure:
        sql.run("contacts/lock_senders", names=subject.locks)
        delivery = WebhookDelivery.objects.filter(id=delivery_id).first()
        held = held_by(delivery, subject) if delivery else None
        if held is None:
            return True
        ErasedMessage.objects.remember(held.keys)
        is_redacted = redact(delivery_id, held.quoted)
        erasure.count("webhook_deliveries", int(is_redacted))
        return is_redacted


def held_by(delivery: WebhookDelivery, subject: Subject) -> Held | None:
    """Return what a delivery holds of the person; None: nothing."""
    events = list(events_of(delivery))
    channels = channels_of(delivery, subject, events)
    ours = [event for event in events if event.channel_external_id in channels]
    known = threads_of(ours, channels)
    told = [event for event in ours if is_about(event, subject, known)]
    keys = {
        (subject.tenant_id, channels[event.channel_external_id], word)
        for event in told
        for word in words_for(event)
    }
    others = (event for event in ours if event not in told)
    quoted = quoted_among(others, subject, known)
    return Held(frozenset(keys), frozenset(quoted)) if told or quoted else None


def channels_of(
    delivery: WebhookDelivery, subject: Subject, events: Iterable[Event]
) -> dict[str, UUID]:
    """Return the tenant's channel of each number in a delivery: of those that had a number one
    after the other, who had it when the delivery came.
    """
    numbers = {event.channel_external_id for event in events}
    rows = Channel.objects.filter(kind=delivery.kind, external_id__in=numbers)
    owners: dict[str, Channel] = {}
    for channel in sorted(rows, key=lambda each: (each.connected_at or each.created_at, each.id)):
        since = channel.connected_at or channel.created_at
        if since <= delivery.received_at or channel.external_id not in owners:
            owners[channel.external_id] = channel
    return {
        number: channel.id
        for number, channel in owners.items()
        if channel.tenant_id == subject.tenant_id
    }


def threads_of(events: Iterable[Event], channels: dict[str, UUID]) -> dict[str, UUID]:
    """Return the conversation of each stored message that these items are, or aim at."""
    named = {
        name for event in events if isinstance(event, MessageEvent) for name in names_in(event)
    }
    stored = Message.objects.filter(channel__in=channels.values(), external_id__in=named)
    return dict(stored.values_list("external_id", "conversation_id"))  # type: ignore[arg-type]


def names_in(event: MessageEvent) -> tuple[str, str, str]:
    return event.external_id, event.quoted_external_id, event.target_external_id


def is_about(event: Event, subject: Subject, known: dict[str, UUID]) -> bool:
    """Return whether an item is the person's: by the conversation that its message is in, else by
    its ids, or, where none are read from it, by any text in it that is one.
    """
    values = set(subject.values)
    match event:
        case MessageEvent() if event.external_id in known:
            return known[event.external_id] in subject.conversation_ids
        case ContactEvent():
            told = {value for _, value in event.contact_ids}
            told |= {id for each in event.replacements for id in (each.old, each.new)}
            return not values.isdisjoint(told)
        case StatusUpdate():
            told = {value for _, value in event.recipient_ids}
            return not values.isdisjoint({*told, event.participant})
    return not values.isdisjoint(strings_in(event.raw))


def quoted_among(
    others: Iterable[Event], subject: Subject, known: dict[str, UUID]
) -> set[tuple[str, str]]:
    """Return which of the person's messages the items of others quote, and the ids that they name
    the person by: pairs of a number and an id.
    """
    quoted = {
        (event.channel_external_id, aim)
        for event in others
        if isinstance(event, MessageEvent)
        for aim in names_in(event)[1:]
        if known.get(aim) in subject.conversation_ids
    }
    return quoted | {(number, value) for number, _ in quoted for value in subject.values}
