"""Read which strategy is asked and what: a message, and what was said before it."""

import json

from django.db.models import QuerySet

from messaging.conversations import tasks
from messaging.models import DeferredReply, Message, ReplyChoice
from messaging.models.reply_choice import Chosen
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


def prepared(reply: DeferredReply) -> tuple[Chosen, Question] | None:
    """Return the strategy of a leased reply and what it is asked now, and show the contact that
    somebody is typing where their tenant wants it. None: it was deleted, or is in other hands. The
    attempt is counted, so a strategy that ends its process leaves a trace.
    """
    with tenant_scope(reply.tenant_id):
        if not DeferredReply.objects.count_attempt(reply):
            return None
        message = Message.objects.select_related("tenant", "conversation__contact").get(
            id=reply.message_id
        )
        if message.tenant.shows_typing:
            tasks.show_typing(message.conversation_id)
        return chosen_for(reply, message), question_of(reply, message)


def chosen_for(reply: DeferredReply, message: Message) -> Chosen:
    """Return the strategy that was chosen when the message came, with the settings that it has by
    now; those of then, which hold no secrets, once another is chosen.
    """
    now = ReplyChoice.objects.holding(message.tenant_id, message.channel_id)
    if now and now.strategy == reply.strategy:
        return now.chosen()
    return Chosen(reply.strategy, json.dumps(reply.settings, sort_keys=True))


def question_of(reply: DeferredReply, message: Message) -> Question:
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
