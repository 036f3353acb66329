"""Orders about who has a thread: passed on, released, taken. Given in the caller's scope, and
carried out by a task (thread_control.py).
"""

from uuid import UUID

from django.utils import timezone

from channels_app import providers
from channels_app.content import Fault, FaultCode, Unsendable
from channels_app.events import NOTE_LENGTH, ThreadOwner
from channels_app.providers import ThreadControl
from channels_app.storable import storable_text
from messaging.conversations.locking import locked
from messaging.models import Conversation, ThreadOrder

Action = ThreadOrder.Action
NOT_OFFERED = Fault(
    "The channel's provider takes no orders about who has a thread.",
    code=FaultCode.NO_THREAD_CONTROL,
)
NO_ADDRESS = Fault("No address of the contact is known.", code=FaultCode.NO_ADDRESS)
UNDER_WAY = Fault(
    "An order about this thread is under way: wait until it has ended.",
    code=FaultCode.THREAD_ORDER_UNDER_WAY,
)
NOT_OURS = Fault("The thread is not ours: take it first.", code=FaultCode.NOT_THREAD_OWNER)
OURS = Fault("The thread is ours already.", code=FaultCode.ALREADY_THREAD_OWNER)
NOTE_TOO_LONG = Fault(f"A note is a text of at most {NOTE_LENGTH} characters.", "/note")
NO_NOTE = Fault("Nobody gets the note of a thread that is released.", "/note")


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
        NOT_OURS: owner not in ("", ThreadOwner.US) and action != Action.TAKE,
        OURS: owner == ThreadOwner.US and action == Action.TAKE,
        UNDER_WAY: of_conversation.filter(ended_at=None).exists(),
        NOTE_TOO_LONG: storable_text(note, NOTE_LENGTH) != note,
        NO_NOTE: bool(note) and action == Action.RELEASE,
    }
    return [fault for fault, applies in found.items() if applies]
