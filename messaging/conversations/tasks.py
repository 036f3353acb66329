"""Tell a contact that they were read, or that an answer is being written: tasks, beside the message
flow.
"""

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from messaging.conversations import read_receipts
from messaging.models import Message
from tenants.deferring import defer


@app.task(
    name="messaging.tasks.tell_read",
    queue="receipts",
    retry=RetryStrategy(max_attempts=3, linear_wait=5, retry_exceptions={read_receipts.NotTold}),
)
def tell_read(tenant_id: str, message_id: str) -> None:
    read_receipts.tell(UUID(tenant_id), UUID(message_id), is_answering=False)


@app.task(name="messaging.tasks.tell_typing", queue="receipts")
def tell_typing(tenant_id: str, message_id: str) -> None:
    """Once: a moment later it is no longer true."""
    read_receipts.tell(UUID(tenant_id), UUID(message_id), is_answering=True)


def mark_read(conversation_id: UUID) -> Message | None:
    """In the caller's transaction: the contact sees all they wrote as read; their newest message,
    None: they do already.
    """
    message = read_receipts.to_be_read(conversation_id)
    if message:
        defer(tell_read, {"tenant_id": str(message.tenant_id), "message_id": str(message.id)})
    return message


def show_typing(conversation_id: UUID) -> Message | None:
    """In the caller's transaction: the contact sees an answer being written (WhatsApp: for 25 s, or
    until it is there).
    """
    message = read_receipts.to_be_answered(conversation_id)
    if message:
        defer(tell_typing, {"tenant_id": str(message.tenant_id), "message_id": str(message.id)})
    return message
