"""The answer that is being prepared: since when and until when, and what happens next about it."""

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from messaging.models import Conversation, DeferredReply, Message
from messaging.models.answering import Answering

TOO_LATE = _(
    "It is too late for it: the conversation is left to people. manage.py status says whether jobs"
    " runs."
)
NOT_SENT = _("People have the conversation by now: the answer will not be sent.")
IS_ASKED = _("The strategy is being asked (attempt {attempts}).")
ASKED_AGAIN = _("The process that asked the strategy has ended: it is asked again.")
ASKED_SOON = _("The strategy is asked as soon as the contact has written all.")
ASKED_IN_TURN = _(
    "The strategy is asked when its turn comes. manage.py status says whether jobs runs."
)


def pending_in(conversation: Conversation) -> DeferredReply | None:
    """Return the reply that a conversation waits for."""
    return waiting().filter(tenant=conversation.tenant_id, conversation=conversation.id).first()


def pending_to(message: Message) -> DeferredReply | None:
    """Return the reply that a message waits for."""
    return waiting().filter(tenant=message.tenant_id, message=message.id).first()


def waiting() -> QuerySet[DeferredReply]:
    return DeferredReply.objects.filter(due_at__isnull=False).select_related("conversation")


def next_step_of(reply: DeferredReply) -> str:
    """Return what happens next about a reply that is waited for, as a sentence."""
    return str(sentence_for(reply)).format(attempts=reply.attempts)


def sentence_for(reply: DeferredReply) -> str | Promise:
    now = timezone.now()
    is_due = reply.due_at is None or reply.due_at <= now
    if reply.conversation.answering_at(now) != Answering.AUTOMATION:
        return NOT_SENT
    if reply.is_late(now):
        return TOO_LATE
    if reply.lease:
        return ASKED_AGAIN if is_due else IS_ASKED
    return ASKED_IN_TURN if is_due or reply.attempts else ASKED_SOON
