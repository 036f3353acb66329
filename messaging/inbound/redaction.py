"""Cut erased items out of the bytes of deliveries. What is left of a body can still be read."""

from collections.abc import Iterable, Set
from uuid import UUID

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from channels_app import providers
from channels_app.events import MessageEvent
from channels_app.models import Channel
from channels_app.providers import Redaction
from channels_app.simulated_ids import is_test_id
from messaging.arrivals import Arrival
from messaging.inbound.batches import arrivals_of
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
    body = without(delivery, erased, {*quoted, *quoted_of(erased)})
    if body != bytes(delivery.body):
        positions = [arrival.position for arrival in erased]
        aside = DeadLetter.objects.filter(delivery=delivery_id)
        (aside.filter(position__in=positions) if body else aside).delete()
        found.update(body=body, redacted_at=timezone.now())
    return True


def erased_items_of(delivery: WebhookDelivery) -> list[Arrival]:
    arrivals = list(arrivals_of(delivery))
    numbers = {each.event.channel_external_id for each in arrivals}
    channels: dict[str, list[UUID]] = {}
    rows = Channel.objects.filter(kind=delivery.kind, external_id__in=numbers)
    for channel_id, external_id in rows.values_list("id", "external_id"):
        channels.setdefault(external_id, []).append(channel_id)
    keys = [
        [
            (channel_id, word)
            for channel_id in channels.get(each.event.channel_external_id, ())
            for word in words_for(each.event)
        ]
        for each in arrivals
    ]
    erased = ErasedMessage.objects.among(key for found in keys for key in found)
    return [
        arrival
        for arrival, found in zip(arrivals, keys, strict=True)
        if not erased.isdisjoint(found)
    ]


def quoted_of(erased: list[Arrival]) -> Quoted:
    messages = (each.event for each in erased if isinstance(each.event, MessageEvent))
    return {(event.channel_external_id, event.external_id) for event in messages}


def without(delivery: WebhookDelivery, erased: list[Arrival], quoted: Quoted) -> bytes:
    """Return the body without these items; of a provider that cannot take a body apart, nothing."""
    if not erased and not quoted:
        return bytes(delivery.body)
    provider = providers.get(delivery.kind)
    if not isinstance(provider, Redaction) or is_test_id(delivery.address):
        return NOTHING if erased else bytes(delivery.body)
    events = [arrival.event for arrival in erased]
    return provider.without(bytes(delivery.body), delivery.address, events, quoted)
