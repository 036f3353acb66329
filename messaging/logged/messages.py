"""Events of messages and of the conversations that they open."""

from collections.abc import Iterable, Iterator

from channels_app.event_log import EventType, LoggedEvent
from channels_app.redacted import advice_of
from messaging.logged.conversations import of_conversation, of_taken
from messaging.models import Contact, Message
from messaging.models.moved import Moved
from messaging.models.places import Place

# that a message waits in our own queue, or is on its way, concerns nobody else
UNTOLD = {Message.Status.QUEUED, Message.Status.SENDING}


def of_arrivals(
    messages: Iterable[Message], places: Iterable[Place], contacts: Iterable[Contact]
) -> Iterator[LoggedEvent]:
    """Yield what messages that came from a provider tell: conversations that they open, what a
    contact has written, what staff have written in the provider's app and what they took by that.
    What is shared of the phone's history happened long ago, and what goes to another responder is
    not ours.
    """
    for message, place, contact in zip(messages, places, contacts, strict=True):
        if place.opens:
            yield of_conversation(
                EventType.CONVERSATION_OPENED,
                message.tenant_id,
                message.conversation_id,
                channel_id=message.channel_id,
                contact_id=contact.id,
            )
        if message.is_history or message.origin in Message.ASIDE:
            continue
        if message.direction == Message.Direction.INBOUND:
            said = {"contact_id": str(contact.id), "kind": message.kind}
            yield of_message(EventType.MESSAGE_RECEIVED, message, **said)
        else:
            yield from of_statuses([message])
        if place.is_taken:
            yield of_taken(message, contact.id)


def of_statuses(moved: Iterable[Message | Moved]) -> Iterator[LoggedEvent]:
    """Yield the status of each message of ours that has come to another one."""
    for each in moved:
        if each.origin in Message.ASIDE:
            continue
        if each.status == Message.Status.FAILED:
            why = {"error_code": each.error_code, "error": advice_of(each.error)}
            yield of_message(EventType.MESSAGE_FAILED, each, status=each.status, **why)
        elif each.status not in UNTOLD:
            yield of_message(EventType.MESSAGE_STATUS, each, status=each.status)


def of_message(type: EventType, message: Message | Moved, **more: str) -> LoggedEvent:
    return LoggedEvent(
        tenant_id=message.tenant_id,
        type=type,
        subject_id=message.id,
        stream_id=message.conversation_id,
        data={
            "message_id": str(message.id),
            "conversation_id": str(message.conversation_id),
            "channel_id": str(message.channel_id),
            **more,
        },
    )
