"""The tables of the message flow, in the order a message meets them."""

from messaging.models.contact import Contact, ContactIdentity
from messaging.models.conversation import Conversation
from messaging.models.dead_letter import DeadLetter
from messaging.models.delivery import WebhookDelivery
from messaging.models.heartbeat import WorkerHeartbeat
from messaging.models.message import Message
from messaging.models.status import MessageStatus

__all__ = [
    "Contact",
    "ContactIdentity",
    "Conversation",
    "DeadLetter",
    "Message",
    "MessageStatus",
    "WebhookDelivery",
    "WorkerHeartbeat",
]
