"""Tasks that send read receipts and typing indicators, beside the message flow."""

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from messaging.conversations import read_receipts
from messaging.models import Message
from tenants.deferring import defer


@app.task(
    name="messaging.tasks.tell_read",
    queue="receipts",
    retry=RetryStrategy(
        max_attempts=3, linear_wait=5, retry_exceptions={read_receipts.ReceiptNotSent}
    ),
)
def tell_read(tenant_id: str, message_id: str) -> None:
    read_receipts.send_receipt(UUID(tenant_id), UUID(message_id), is_answering=False)


@app.task(name="messaging.tasks.tell_typing", queue="receipts")
def tell_typing(tenant_id: str, message_id: str) -> None:
    """Send the typing indicator once: a moment later it is no longer true."""
    read_receipts.send_receipt(UUID(tenant_id), UUID(message_id), is_answering=True)


def mark_read(conversation_id: UUID) -> Message | None:
    """Mark everything that the contact wrote as read, and put in a read receipt, in the caller's
    transaction. Returns their newest message, or None if it was read already.
    """
    message = read_receipts.to_be_read(conversation_id)
    if message:
        defer(tell_read, {"tenant_id": str(message.tenant_id), "message_id": str(message.id)})
    return message


def show_typing(conversation_id: UUID) -> Message | None:
    """Put in a typing indicator, in the caller's transaction (WhatsApp shows it for 25 s, or until
    the answer is there). Returns the contact's newest message.
    """
    message = read_receipts.to_be_answered(conversation_id)
    if message:
        defer(tell_typing, {"tenant_id": str(message.tenant_id), "message_id": str(message.id)})
    return message
