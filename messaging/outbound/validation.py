"""Validation of a message before it is queued: a fault for each reason why it cannot be sent. In
the caller's scope.
"""

from typing import Any
from uuid import UUID

from django.utils import timezone

from channels_app.content import (
    Content,
    Fault,
    FaultCode,
    Reaction,
    Template,
    Unsendable,
    files_of,
)
from channels_app.events import ThreadOwner
from channels_app.models import Channel
from channels_app.providers import Provider
from channels_app.storable import UNWRITABLE
from messaging.conversations.thread import CHANGES
from messaging.models import Conversation, Media, Message
from messaging.outbound import window

WAITING_AT_MOST = 100  # messages of one conversation
DISCONNECTED = Fault(
    "The channel is disconnected: connect it again to write.", code=FaultCode.CHANNEL_DISCONNECTED
)
IN_A_GROUP = Fault(
    "It was written in a group, which cannot be answered yet.", code=FaultCode.IS_GROUP
)
BLOCKED = Fault("The contact is blocked: unblock them to write.", code=FaultCode.CONTACT_BLOCKED)
OPTED_OUT = Fault("The contact wants no marketing.", code=FaultCode.MARKETING_OPTED_OUT)
TOO_MANY = "{} messages of this conversation wait to be sent; {} is the most."
ONE_FILE = "The message has more than one file of ours: name the others by an id or a link."
NOT_KEPT = "The file is not kept here: store it first."
NOT_OURS = Fault(
    "Another responder has the thread. Take the thread first, or say that the message is to be sent"
    " all the same: it takes the thread, or the provider refuses it.",
    code=FaultCode.NOT_THREAD_OWNER,
)
NO_SUCH_QUOTED = Fault(
    "The message to be answered is none of this conversation.", code=FaultCode.NO_SUCH_MESSAGE
)
NO_SUCH_TARGET = Fault(
    "The message to be reacted to is none of this conversation.", "/message_external_id"
)


def composed(provider: Provider, content: Content) -> tuple[dict[str, Any], list[str]]:
    try:
        return provider.compose(content), []
    except Unsendable as refusal:
        return {}, list(refusal.faults)


def of_files(conversation: Conversation, content: Content) -> list[Fault]:
    """Of the files that we keep, a message waits for one to be uploaded."""
    places: dict[UUID, str] = {}
    for pointer, file in files_of(content).items():
        places.setdefault(file.id, pointer)
    kept = Media.objects.take(conversation.tenant_id, places)
    others = list(places.values())[1:]
    missing = [pointer for id, pointer in places.items() if id not in kept]
    return [
        *(Fault(ONE_FILE, pointer) for pointer in others[:1]),
        *(Fault(NOT_KEPT, pointer) for pointer in missing[:1]),
    ]


def of_aims(conversation: Conversation, content: Content, quoting: str) -> list[Fault]:
    """What is answered or reacted to must be a message that this conversation shows."""
    reacted_to = content.message_external_id if isinstance(content, Reaction) else ""
    aims = {NO_SUCH_QUOTED: quoting, NO_SUCH_TARGET: reacted_to}
    return [
        fault
        for fault, external_id in aims.items()
        if external_id and not shows(conversation, external_id)
    ]


def shows(conversation: Conversation, external_id: str) -> bool:
    of_channel = conversation.messages.filter(channel=conversation.channel_id)
    return (
        not UNWRITABLE.search(external_id)
        and of_channel.filter(external_id=external_id).exclude(kind__in=CHANGES).exists()
    )


def in_conversation(
    provider: Provider, conversation: Conversation, content: Content, *, is_marketing: bool
) -> list[Fault]:
    """What stands against any message, or against this one, in this conversation now."""
    contact, channel = conversation.contact, conversation.channel
    wants_no_marketing = contact.marketing_opted_out_at is not None
    waiting = Message.objects.filter(conversation=conversation, due_at__isnull=False).count()
    too_many = Fault(TOO_MANY.format(waiting, WAITING_AT_MOST), code=FaultCode.TOO_MANY_WAITING)
    found = {
        DISCONNECTED: channel.status == Channel.Status.DISCONNECTED,
        IN_A_GROUP: bool(conversation.group_external_id),
        BLOCKED: contact.blocked_at is not None,
        OPTED_OUT: is_marketing and wants_no_marketing,
        window.fault_of(provider, conversation, content): True,
        too_many: waiting >= WAITING_AT_MOST,
    }
    return [fault for fault, applies in found.items() if fault and applies]


def of_owner(conversation: Conversation, content: Content) -> list[Fault]:
    """What stands against writing on a thread that another responder has. A template may go to
    anybody.
    """
    is_others = conversation.owner_at(timezone.now()) == ThreadOwner.OTHER
    return [NOT_OURS] if is_others and not isinstance(content, Template) else []
