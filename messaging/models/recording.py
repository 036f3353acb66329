"""The table of messages as the record of what was received: dedup of a batch, recent answers."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from channels_app.events import InboundMessage, MessageEvent, StandbyMessage
from messaging import sql
from messaging.arrivals import Routed
from messaging.models.contact import Contact
from messaging.models.erased import MessageKey
from messaging.models.queue import SendingQueue
from tenants.database import insertion


class MessageTable(SendingQueue):
    def without_known(self, messages: list[Routed[MessageEvent]]) -> list[Routed[MessageEvent]]:
        """Return each message once, without those that are stored already. The senders must be
        locked.

        One that was shown to us on standby and comes to us now is among them, as what its row
        becomes.
        """
        first: dict[MessageKey, Routed[MessageEvent]] = {}
        for message in messages:
            key = (message.channel.id, message.arrival.event.external_id)
            if key not in first or (is_ours(message) and is_on_standby(first[key])):
                first[key] = message
        if not first:
            return []
        channel_ids, external_ids = zip(*sorted(first), strict=True)
        rows = sql.run(
            "messages/known_messages",
            channel_ids=list(channel_ids),
            external_ids=list(external_ids),
        )
        known = {(row["channel_id"], row["external_id"]): row for row in rows}
        on_standby = {
            key: replace(first[key], standby_id=row["id"])
            for key, row in known.items()
            if row["origin"] == self.model.Origin.STANDBY and is_ours(first[key])
        }
        left_out = known.keys() - on_standby
        return [on_standby.get(key, first[key]) for key in first if key not in left_out]

    def answered_lately(self, contacts: Iterable[Contact], moment: datetime) -> Counter[UUID]:
        """Return how many automatic answers each contact got since an hour before this moment. The
        contacts must be locked.
        """
        unique = sorted({(contact.tenant_id, contact.id) for contact in contacts})
        if not unique:
            return Counter()
        tenant_ids, contact_ids = zip(*unique, strict=True)
        rows = sql.run(
            "conversations/answered_lately",
            tenant_ids=list(tenant_ids),
            contact_ids=list(contact_ids),
            moment=moment,
        )
        return Counter({row["contact_id"]: row["answers"] for row in rows})

    def record(self, messages: list) -> None:
        """Store received messages in one order, so that no two transactions deadlock. The senders
        are locked.
        """
        in_order = sorted(messages, key=lambda message: (message.channel_id, message.external_id))
        insertion.insert(message for message in in_order if not message.was_on_standby)
        if came_to_us := [message for message in in_order if message.was_on_standby]:
            columns = [each for each in self.model._meta.concrete_fields if not each.generated]
            kept = {"id", "attachment"}
            self.bulk_update(came_to_us, [each.name for each in columns if each.name not in kept])


def is_ours(message: Routed[MessageEvent]) -> bool:
    return isinstance(message.arrival.event, InboundMessage)


def is_on_standby(message: Routed[MessageEvent]) -> bool:
    """Return whether the contact wrote it to another responder, as far as this event tells."""
    event = message.arrival.event
    return isinstance(event, StandbyMessage) and not event.is_outbound
