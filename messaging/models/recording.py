"""The table of messages as the record of what was received: dedup of a batch, recent answers."""

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from channels_app.events import MessageEvent
from messaging import sql
from messaging.arrivals import Routed
from messaging.models.contact import Contact
from messaging.models.erased import ErasedMessage
from messaging.models.queue import SendingQueue
from tenants.database import insertion


class MessageTable(SendingQueue):
    def without_known(self, messages: list[Routed[MessageEvent]]) -> list[Routed[MessageEvent]]:
        """Return each message once, without those that are stored already. The senders must be
        locked.
        """
        first: dict[tuple[UUID, str], Routed[MessageEvent]] = {}
        for message in messages:
            first.setdefault((message.channel.id, message.arrival.event.external_id), message)
        if not first:
            return []
        channel_ids, external_ids = zip(*sorted(first), strict=True)
        rows = sql.run(
            "messages/known_messages",
            channel_ids=list(channel_ids),
            external_ids=list(external_ids),
        )
        known = {(row["channel_id"], row["external_id"]) for row in rows}
        known |= ErasedMessage.objects.among(first.keys() - known)
        return [message for key, message in first.items() if key not in known]

    def answered_lately(self, contacts: Iterable[Contact]) -> Counter[UUID]:
        """Return how many automatic answers each contact got within the last hour. The contacts
        must be locked.
        """
        unique = sorted({(contact.tenant_id, contact.id) for contact in contacts})
        if not unique:
            return Counter()
        tenant_ids, contact_ids = zip(*unique, strict=True)
        rows = sql.run(
            "conversations/answered_lately",
            tenant_ids=list(tenant_ids),
            contact_ids=list(contact_ids),
        )
        return Counter({row["contact_id"]: row["answers"] for row in rows})

    def record(self, messages: list) -> None:
        """Insert received messages in one order, so that no two transactions deadlock."""
        insertion.insert(
            sorted(messages, key=lambda message: (message.channel_id, message.external_id))
        )
