"""Make message rows, not stored yet, out of received events and of content that is to be sent."""

from datetime import datetime
from typing import Any

from uuid_utils.compat import uuid7

from channels_app.content import Content, Reaction, files_of
from channels_app.events import (
    HistoryMessage,
    InboundMessage,
    MessageEvent,
    StandbyMessage,
    ThreadNotice,
)
from channels_app.storable import storable_text
from messaging.arrivals import Routed
from messaging.models.conversation import Conversation
from messaging.models.media import Media
from messaging.models.message import Message
from messaging.models.places import Place

SAID = (
    *("external_id", "kind", "text", "preview", "raw"),
    *("quoted_external_id", "target_external_id", "forwarded", "referral"),
    *("error_code", "error"),
)


def arrived(routed: Routed[MessageEvent], place: Place, file: Media | None) -> Message:
    """Return the message of a provider's event."""
    arrival, event = routed.arrival, routed.arrival.event
    direction, status, origin = role_of(event)
    is_history = isinstance(event, HistoryMessage)
    message = Message(
        id=routed.standby_id or uuid7(),
        tenant_id=routed.channel.tenant_id,
        channel=routed.channel,
        conversation_id=place.conversation_id,
        delivery_id=arrival.delivery_id,
        direction=direction,
        status=status,
        origin=origin,
        is_history=is_history,
        **{name: getattr(event, name) for name in SAID},
        attachment=file,
        seq=place.seq,
        sent_at=place.sent_at,
        created_at=place.sent_at if is_history else arrival.received_at,
    )
    message.was_on_standby = routed.standby_id is not None
    return message


def role_of(event: MessageEvent) -> tuple[str, str, str]:
    """Return (direction, status, origin) of a received message, by who wrote it."""
    if isinstance(event, HistoryMessage):
        return role_in_history(event)
    if isinstance(event, InboundMessage):
        return Message.Direction.INBOUND, Message.Status.RECEIVED, Message.Origin.CONTACT
    if isinstance(event, ThreadNotice):
        return Message.Direction.INBOUND, Message.Status.RECEIVED, Message.Origin.NOTICE
    if isinstance(event, StandbyMessage):
        return role_on_standby(event)
    return Message.Direction.OUTBOUND, Message.Status.SENT, Message.Origin.PHONE_APP


def role_on_standby(event: StandbyMessage) -> tuple[str, str, str]:
    if event.is_outbound:
        return Message.Direction.OUTBOUND, Message.Status.SENT, Message.Origin.RESPONDER
    return Message.Direction.INBOUND, Message.Status.RECEIVED, Message.Origin.STANDBY


def role_in_history(event: HistoryMessage) -> tuple[str, str, str]:
    if event.is_outbound:
        return Message.Direction.OUTBOUND, event.status, Message.Origin.PHONE_APP
    return Message.Direction.INBOUND, Message.Status.RECEIVED, Message.Origin.CONTACT


def outgoing(
    conversation: Conversation, content: Content, body: dict[str, Any], *, to: str, origin: str
) -> Message:
    """Return a message with `content`, composed as `body`, in the conversation's next place."""
    return Message(
        tenant_id=conversation.tenant_id,
        channel_id=conversation.channel_id,
        conversation_id=conversation.id,
        recipient=to,
        seq=conversation.last_seq + 1,
        origin=origin,
        target_external_id=content.message_external_id if isinstance(content, Reaction) else "",
        attachment_id=next((file.id for file in files_of(content).values()), None),
        **said(content, body),
    )


def answer_to(
    message: Message, content: Content, body: dict[str, Any], *, to: str, expires_at: datetime
) -> Message:
    """Return the automatic answer to `message`, in the place that was kept for it."""
    return Message(
        tenant_id=message.tenant_id,
        channel_id=message.channel_id,
        conversation_id=message.conversation_id,
        in_reply_to_id=message.id,
        recipient=to,
        seq=message.seq + 1,
        expires_at=expires_at,
        origin=Message.Origin.AUTOMATIC,
        **said(content, body),
    )


def said(content: Content, body: dict[str, Any]) -> dict[str, Any]:
    """Return the columns that an outgoing message takes from its content."""
    return {
        "kind": content.kind,
        "text": storable_text(content.text),
        "preview": storable_text(content.preview),
        "raw": body,
        "direction": Message.Direction.OUTBOUND,
        "status": Message.Status.QUEUED,
    }
