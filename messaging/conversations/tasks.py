"""Tasks that send read receipts, typing indicators and orders about threads, beside the message
flow.
"""

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from messaging.conversations import read_receipts, thread_orders
from messaging.models import Message, ThreadOrder
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


@app.task(
    name="messaging.tasks.order_thread",
    queue="threads",
    retry=RetryStrategy(wait=2, retry_exceptions={thread_orders.NotYet}),
)
def order_thread(tenant_id: str, order_id: str) -> None:
    thread_orders.carry_out(UUID(tenant_id), UUID(order_id))


def give_order(conversation_id: UUID, action: str, *, note: str = "", by: str) -> ThreadOrder:
    """Order that a conversation's thread is passed on, released or taken, in the caller's
    transaction. Returns the order. Raises Unsendable and Conversation.DoesNotExist.
    """
    order = thread_orders.give(conversation_id, action, note=note, by=by)
    defer(order_thread, {"tenant_id": str(order.tenant_id), "order_id": str(order.id)})
    return order


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
