"""Recognize items that were erased, so that a repetition of their webhook brings nothing back."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from channels_app.events import Event, MessageEvent, StatusUpdate
from channels_app.storable import comparable_json
from messaging.inbound.rejections import items_of
from messaging.inbound.routing import Refused, RoutedBatch
from messaging.models import ErasedMessage, MessageStatus
from messaging.models.erased import MessageKey
from messaging.references import message_id_of


def words_for(event: Event) -> list[str]:
    """Return what the item is recognized by: its message's ids, the provider's and ours; else a
    hash of the whole item. Empty: it cannot be recognized.
    """
    match event:
        case MessageEvent():
            return [event.external_id]
        case StatusUpdate():
            return words_for_status(event.external_id, message_id_of(event.reference))
    return hash_of(event.raw)


def words_for_status(external_id: str, message_id: UUID | None) -> list[str]:
    return [external_id, str(message_id)] if message_id else [external_id]


def hash_of(item: Any) -> list[str]:
    try:
        form = json.dumps(comparable_json(item), sort_keys=True)
    except (TypeError, ValueError, RecursionError):
        return []
    return [f"item:{hashlib.sha256(form.encode()).hexdigest()}"]


def leave_out(arrived: RoutedBatch) -> set[UUID]:
    """Take erased items out of the batch. Returns the deliveries that hold them. The senders must
    be locked.
    """
    routed = [*arrived.messages, *arrived.contact_updates]
    keys = {
        **{
            id(each): [(each.channel.id, word) for word in words_for(each.arrival.event)]
            for each in routed
        },
        **{id(each): keys_of_status(each) for each in arrived.statuses if not each.message_id},
        **{id(each): keys_of(each, items_of(each.arrival.event)) for each in arrived.refused},
    }
    erased = ErasedMessage.objects.among(key for found in keys.values() for key in found)
    gone = {item for item, found in keys.items() if not erased.isdisjoint(found)}
    if not gone:
        return set()
    deliveries = {each.arrival.delivery_id for each in routed if id(each) in gone}
    deliveries |= {each.delivery_id for each in arrived.statuses if id(each) in gone}
    deliveries |= {each.arrival.delivery_id for each in arrived.refused if id(each) in gone}
    arrived.messages = [each for each in arrived.messages if id(each) not in gone]
    arrived.contact_updates = [each for each in arrived.contact_updates if id(each) not in gone]
    arrived.statuses = [each for each in arrived.statuses if id(each) not in gone]
    # what is summed up stays told, unless it is told as an item that was erased
    arrived.refused = [
        each for each in arrived.refused if erased.isdisjoint(keys_of(each, [each.arrival.event]))
    ]
    return deliveries


def keys_of_status(status: MessageStatus) -> list[MessageKey]:
    words = words_for_status(status.external_id, status.reference_id)
    return [(status.channel_id, word) for word in words]


def keys_of(refused: Refused, items: Iterable[Event]) -> list[MessageKey]:
    words = [word for item in items for word in words_for(item)]
    return [(channel.id, word) for channel in refused.channels for word in words]
