"""Cut erased items out of the bytes of deliveries. What is left of a body can still be read."""

from collections.abc import Iterable, Sequence, Set
from uuid import UUID

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from channels_app import providers
from channels_app.events import Event, MessageEvent
from channels_app.models import Channel
from channels_app.providers import Redaction
from channels_app.simulated_ids import is_test_id
from messaging.inbound.batches import events_of
from messaging.inbound.erased_items import words_for
from messaging.models import DeadLetter, ErasedMessage, WebhookDelivery
from tenants.deferring import defer
from tenants.scope import operator_scope

NOTHING = b""  # of a test channel, too: its webhooks hold one item each
Quoted = Set[tuple[str, str]]


class NotProcessed(Exception):
    """The delivery is still to be processed, from the bytes as they came."""


@app.task(
    name="messaging.tasks.redact_delivery",
    queue="upkeep",
    retry=RetryStrategy(wait=5, linear_wait=5),
)
def redact_delivery(delivery_id: str) -> None:
    with operator_scope():
        if not redact(UUID(delivery_id)):
            raise NotProcessed


def redact_soon(delivery_ids: Iterable[UUID]) -> None:
    """Redact these deliveries once they are processed."""
    defer(redact_delivery, *({"delivery_id": str(id)} for id in sorted(delivery_ids)))


def redact(delivery_id: UUID, quoted: Quoted = frozenset()) -> bool:
    """Cut out of a processed delivery what was erased, and what its other items quote of that:
    pairs of a channel's external id and an id. Returns False, and changes nothing, while it is
    still to be processed. Within operator_scope.
    """
    found = WebhookDelivery.objects.select_for_update().filter(id=delivery_id)
    delivery = found.first()
    if delivery is None:
        return True
    if delivery.processed_at is None:
        return False
    erased = erased_items_of(delivery)
    items = list(erased.values())
    body = without(delivery, items, {*quoted, *quoted_of(items)})
    if body != bytes(delivery.body):
        aside = DeadLetter.objects.filter(delivery=delivery_id)
        (aside.filter(position__in=list(erased)) if body else aside).delete()
        found.update(body=body, redacted_at=timezone.now())
    return True


def erased_items_of(delivery: WebhookDelivery) -> dict[int, Event]:
    """Return the delivery's items that were erased, by their places in it."""
    events = list(events_of(delivery))
    numbers = {event.channel_external_id for event in events}
    channels: dict[str, list[UUID]] = {}
    rows = Channel.objects.filter(kind=delivery.kind, external_id__in=numbers)
    for channel_id, external_id in rows.values_list("id", "external_id"):
        channels.setdefault(external_id, []).append(channel_id)
    keys = [
        [
            (channel_id, word)
            for channel_id in channels.get(event.channel_external_id, ())
            for word in words_for(event)
        ]
        for event in events
    ]
    erased = ErasedMessage.objects.among(key for found in keys for key in found)
    return {
        position: event
        for position, (event, found) in enumerate(zip(events, keys, strict=True))
        if not erased.isdisjoint(found)
    }


def quoted_of(erased: Iterable[Event]) -> Quoted:
    messages = (event for event in erased if isinstance(event, MessageEvent))
    return {(event.channel_external_id, event.external_id) for event in messages}


def without(delivery: WebhookDelivery, erased: Sequence[Event], quoted: Quoted) -> bytes:
    """Return the body without these items; of a provider that cannot take a body apart, nothing."""
    if not erased and not quoted:
        return bytes(delivery.body)
    provider = providers.get(delivery.kind)
    if not isinstance(provider, Redaction) or is_test_id(delivery.address):
        return NOTHING if erased else bytes(delivery.body)
    return provider.without(bytes(delivery.body), delivery.address, erased, quoted)
