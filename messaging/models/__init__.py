"""The tables of the message flow, in the order a message meets them."""

from messaging.models.alert import Alert
from messaging.models.attempt import Attempt, Resend
from messaging.models.contact import Contact
from messaging.models.contact_change import ContactChange
from messaging.models.conversation import Conversation
from messaging.models.dead_letter import DeadLetter
from messaging.models.deferred_reply import DeferredReply
from messaging.models.delivery import WebhookDelivery
from messaging.models.erased import ErasedMessage
from messaging.models.erasure import Erasure
from messaging.models.heartbeat import WorkerHeartbeat
from messaging.models.idempotency_key import IdempotencyKey
from messaging.models.identity import ContactIdentity
from messaging.models.media import Media, MediaUpload
from messaging.models.message import Message
from messaging.models.owner_change import OwnerChange
from messaging.models.pace import ChannelPace
from messaging.models.probe import ChannelProbe
from messaging.models.reply_choice import ReplyChoice
from messaging.models.settlement import Settlement
from messaging.models.status import MessageStatus
from messaging.models.thread_order import ThreadOrder
from messaging.models.webhook_attempt import WebhookAttempt
from messaging.models.webhook_endpoint import WebhookEndpoint
from messaging.models.webhook_set_aside import WebhookSetAside

__all__ = [
    "Alert",
    "Attempt",
    "ChannelPace",
    "ChannelProbe",
    "Contact",
    "ContactChange",
    "ContactIdentity",
    "Conversation",
    "DeadLetter",
    "DeferredReply",
    "ErasedMessage",
    "Erasure",
    "IdempotencyKey",
    "Media",
    "MediaUpload",
    "Message",
    "MessageStatus",
    "OwnerChange",
    "ReplyChoice",
    "Resend",
    "Settlement",
    "ThreadOrder",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookSetAside",
    "WorkerHeartbeat",
]
