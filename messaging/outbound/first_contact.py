"""The conversation with somebody who may never have written: contact and conversation are made
where there are none. In the caller's scope.
"""

from uuid import UUID

from channels_app import event_log
from channels_app.content import Unsendable
from channels_app.event_log import EventType
from channels_app.models import Channel
from channels_app.providers import FirstContact
from messaging.arrivals import without_delivery
from messaging.contacts import resolution
from messaging.logged.conversations import of_conversation
from messaging.models import Conversation
from messaging.outbound.submit import provider_of

CANNOT_WRITE_FIRST = "On this channel people write first: name a conversation."


def conversation_with(channel: Channel, kind: str, value: str) -> UUID:
    """Return the conversation with whoever has this address. Raises Unsendable."""
    provider = provider_of(channel)
    if not isinstance(provider, FirstContact):
        raise Unsendable(CANNOT_WRITE_FIRST)
    arrival = without_delivery(provider.recipient(channel, kind, value))
    news = [arrival.at(channel)]
    resolution.lock_senders(news)
    (contact,), told = resolution.contacts_of(news, [])
    conversation, is_new = Conversation.objects.get_or_create(
        tenant_id=channel.tenant_id, channel=channel, contact=contact, group_external_id=""
    )
    if is_new:
        opened = of_conversation(
            EventType.CONVERSATION_OPENED,
            channel.tenant_id,
            conversation.id,
            channel_id=channel.id,
            contact_id=contact.id,
        )
        told.append(opened)
    event_log.append(told)
    return conversation.id
