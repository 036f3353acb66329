"""The task that carries out orders about threads, beside the message flow."""

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from messaging.conversations import thread_orders
from messaging.models import ThreadOrder
from tenants.deferring import defer


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
