"""What was told and ordered of a conversation's thread, the newest first."""

from django.db.models import QuerySet

from messaging.models import Conversation, OwnerChange, ThreadOrder

MOST_WORDS, MOST_ORDERS = 50, 20


def words_of(conversation: Conversation) -> QuerySet[OwnerChange]:
    """Return the newest words about the thread's owner, the newest first."""
    words = OwnerChange.objects.filter(tenant=conversation.tenant_id, conversation=conversation.id)
    return words.order_by("-occurred_at", "-id")[:MOST_WORDS]


def orders_of(conversation: Conversation) -> QuerySet[ThreadOrder]:
    """Return the newest orders about the thread, the newest first."""
    orders = ThreadOrder.objects.filter(tenant=conversation.tenant_id, conversation=conversation.id)
    return orders.order_by("-id")[:MOST_ORDERS]
