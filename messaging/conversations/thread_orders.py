"""Orders about who has a thread: passed on, released, taken. Given in the caller's scope, and asked
of the provider by a task, at most once.
"""

import logging
from uuid import UUID

from django.utils import timezone

from channels_app import providers
from channels_app.content import Fault, FaultCode, Unsendable
from channels_app.encryption import CannotOpen
from channels_app.events import NOTE_LENGTH, OwnerSource, ThreadOwner
from channels_app.lifecycle.parking import park_dead_token
from channels_app.providers import SendError, ThreadControl, UnknownProvider
from channels_app.storable import ID_BYTES, KIND_LENGTH, storable_text
from messaging.conversations import ownership
from messaging.conversations.locking import locked
from messaging.models import Conversation, ThreadOrder
from messaging.models.owner_word import OwnerWord
from tenants.origins import origin_of
from tenants.scope import router_scope, tenant_scope

logger = logging.getLogger(__name__)

Action, Status = ThreadOrder.Action, ThreadOrder.Status
NOT_OFFERED = Fault(
    "Nobody else can answer on this channel, or its provider takes no orders about it.",
    code=FaultCode.NO_THREAD_CONTROL,
)
NO_ADDRESS = Fault("No address of the contact is known.", code=FaultCode.NO_ADDRESS)
UNDER_WAY = Fault(
    "An order about this thread is under way: wait until it has ended.",
    code=FaultCode.THREAD_ORDER_UNDER_WAY,
)
ANOTHERS = Fault(
    "Another responder has the thread: take it first.", code=FaultCode.NOT_THREAD_OWNER
)
OURS = Fault("The thread is ours already.", code=FaultCode.ALREADY_THREAD_OWNER)
NOTE_TOO_LONG = Fault(f"A note is a text of at most {NOTE_LENGTH} characters.", "/note")
NO_NOTE = Fault("Nobody gets the note of a thread that is released.", "/note")
# who has the thread once an order is done, and how that was learned
DONE = {
    Action.PASS: (ThreadOwner.OTHER, OwnerSource.WE_PASSED),
    Action.RELEASE: (ThreadOwner.NOBODY, OwnerSource.WE_RELEASED),
    Action.TAKE: (ThreadOwner.US, OwnerSource.WE_TOOK),
}


class NotYet(Exception):
    """It is not the order's turn: earlier messages of the conversation wait, or many orders do."""


def give(conversation_id: UUID, action: str, *, note: str = "", by: str) -> ThreadOrder:
    """Give an order about a conversation's thread. `note`: for whoever has it next; `by`: who
    ordered it. Returns the queued order; the caller puts the task in (thread_tasks.give_order).

    Raises Unsendable with all faults, and Conversation.DoesNotExist.
    """
    conversation = locked(conversation_id)
    if faults := faults_of(conversation, action, note):
        raise Unsendable(*faults)
    return ThreadOrder.objects.create(
        tenant_id=conversation.tenant_id,
        conversation=conversation,
        action=action,
        note=note,
        by=by,
    )


def faults_of(conversation: Conversation, action: str, note: str) -> list[Fault]:
    provider = providers.find(conversation.channel.kind)
    owner = conversation.owner_at(timezone.now())
    is_offered = isinstance(provider, ThreadControl) and not conversation.channel.is_test
    of_conversation = ThreadOrder.objects.filter(
        tenant=conversation.tenant_id, conversation=conversation
    )
    found = {
        NOT_OFFERED: not is_offered or bool(conversation.group_external_id),
        NO_ADDRESS: not conversation.addresses(),
        ANOTHERS: owner == ThreadOwner.OTHER and action != Action.TAKE,
        OURS: owner == ThreadOwner.US and action == Action.TAKE,
        UNDER_WAY: of_conversation.filter(ended_at=None).exists(),
        NOTE_TOO_LONG: storable_text(note, NOTE_LENGTH) != note,
        NO_NOTE: bool(note) and action == Action.RELEASE,
    }
    return [fault for fault, applies in found.items() if applies]


def carry_out(tenant_id: UUID, order_id: UUID) -> None:
    """Ask the provider to do what was ordered, and record the outcome. Raises NotYet.

    One that was begun before is left as it is: the provider may have been asked.
    """
    with tenant_scope(tenant_id):
        related = ("conversation__channel", "conversation__contact")
        order = ThreadOrder.objects.select_related(*related).filter(id=order_id).first()
        if order is None or order.status != Status.QUEUED:
            return
        _, to = order.conversation.addresses()[0]
    provider = providers.acting_for(order.conversation.channel)
    if not isinstance(provider, ThreadControl):
        return
    with router_scope():
        per_minute = provider.orders_per_minute
        status = ThreadOrder.objects.begin(tenant_id, order_id, per_minute=per_minute)
    if status == Status.QUEUED:
        raise NotYet
    if status == Status.SENDING:
        settle(order, ask(provider, order, to))


def ask(provider: ThreadControl, order: ThreadOrder, to: str) -> SendError | None:
    """Return the provider's refusal; None where it has done what was ordered."""
    channel = order.conversation.channel
    try:
        match order.action:
            case Action.PASS:
                provider.pass_thread(channel, to, order.note)
            case Action.RELEASE:
                provider.release_thread(channel, to)
            case Action.TAKE:
                provider.take_thread(channel, to, order.note)
    except SendError as error:
        park_dead_token(channel, error)
        return error
    except (CannotOpen, UnknownProvider) as error:
        return SendError(str(error), then="failed")
    except Exception as error:  # the provider may have been asked
        name = type(error).__name__
        logger.error("Thread order %s failed (%s at %s).", order.id, name, origin_of(error))
        return SendError(f"The provider's code failed ({name}).", then="unknown")
    return None


def settle(order: ThreadOrder, refusal: SendError | None) -> None:
    """Record what became of an order that was begun, and who has the thread then."""
    owner, told_by = DONE[Action(order.action)]
    if refusal is None:
        outcome = {"status": Status.DONE.value}
    else:
        status = Status.UNKNOWN if refusal.then == "unknown" else Status.FAILED
        outcome = {
            "status": status.value,
            "error": storable_text(str(refusal), ID_BYTES),
            "error_code": storable_text(refusal.code, KIND_LENGTH),
        }
        owner, told_by = ThreadOwner.OTHER, OwnerSource.REFUSED
    is_told = refusal is None or refusal.is_anothers
    with router_scope():
        if ThreadOrder.objects.settle(order.id, **outcome) and is_told:
            word = OwnerWord(owner, told_by, timezone.now(), order.note)
            conversations = ownership.locked([order.conversation_id])
            ownership.tell(conversations, {order.conversation_id: word}, order.by)
