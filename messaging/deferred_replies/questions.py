"""Read what a strategy is asked: a message, and what was said before it."""

from django.db.models import QuerySet

from messaging.conversations import tasks
from messaging.models import DeferredReply, Message
from messaging.replies import Line, Question
from tenants.scope import tenant_scope

LINES = 30  # of a conversation, the newest
SPOKEN_BY = {
    Message.Origin.CONTACT: "contact",
    Message.Origin.AUTOMATIC: "automatic",
    Message.Origin.PHONE_APP: "staff",
    Message.Origin.STAFF: "staff",
    Message.Origin.API: "api",
}
# what was never seen, and what changes other messages
NOT_SAID = ("failed", "expired", "cancelled")
NOT_LINES = ("reaction", "edit", "revoke", "system")


def question_of(reply: DeferredReply) -> Question | None:
    """Return what the strategy of a leased reply is asked now, and show the contact that somebody
    is typing where their tenant wants it. None: it was deleted, or is in other hands. The attempt
    is counted, so a strategy that ends its process leaves a trace.
    """
    with tenant_scope(reply.tenant_id):
        if not DeferredReply.objects.count_attempt(reply):
            return None
        message = Message.objects.select_related("tenant", "conversation__contact").get(
            id=reply.message_id
        )
        if message.tenant.shows_typing:
            tasks.show_typing(message.conversation_id)
        contact = message.conversation.contact
        return Question(
            id=message.id,
            tenant_id=message.tenant_id,
            tenant=message.tenant.slug,
            channel_id=message.channel_id,
            conversation_id=message.conversation_id,
            contact_id=contact.id,
            contact_name=contact.name,
            lines=tuple(line_of(each) for each in reversed(lines_up_to(message))),
            deadline=reply.deadline,
        )


def lines_up_to(message: Message) -> QuerySet[Message]:
    """Return the messages up to this one that were said in its conversation, the newest first."""
    of_conversation = Message.objects.filter(
        tenant=message.tenant_id, conversation=message.conversation_id, seq__lte=message.seq
    )
    said = of_conversation.filter(origin__in=SPOKEN_BY).exclude(status__in=NOT_SAID)
    return said.exclude(kind__in=NOT_LINES).order_by("-seq")[:LINES]


def line_of(message: Message) -> Line:
    by = SPOKEN_BY[Message.Origin(message.origin)]
    return Line(by, message.kind, message.text, message.sent_at or message.created_at)
