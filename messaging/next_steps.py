"""What an operator can do next about a message. Pure: the message's channel and tenant must be loaded."""

from channels_app.models import Channel
from messaging.models import Message
from messaging.models.unanswered import Unanswered
from tenants.models import Tenant

NOTHING = ""

ABOUT_NO_REPLY = {
    Unanswered.BLOCKED: "Unblock the contact if they are to be answered.",
    Unanswered.SUSPENDED: "Set the tenant active if its contacts are to be answered.",
    Unanswered.PAUSED: "Automatic replies go on {pause} minutes after staff last wrote; the tenant's settings say how long.",
    Unanswered.LIMIT: "The contact is answered again within the hour; the tenant's settings allow {limit} replies an hour.",
    Unanswered.NO_TEXT: "Set a reply: manage.py set_auto_reply --tenant {tenant} TEXT",
    Unanswered.DECLINED: "The strategy decided so; REPLY_STRATEGY names it.",
    Unanswered.FAILED: "Look for the message's id in the worker's log: it names the error.",
}
ABOUT_STATUS = {
    Message.Status.QUEUED: "It leaves when its turn comes. manage.py status says whether a worker runs.",
    Message.Status.SENDING: "The provider is being asked. Without an answer it counts as unknown within two minutes.",
    Message.Status.ACCEPTED: "The provider has it and has not yet reported what became of it.",
    Message.Status.SENT: "The provider has sent it; the contact's phone has not yet reported that it is there.",
    Message.Status.FAILED: "Mend what the error says, then order “Send again” on the message's page.",
    Message.Status.UNKNOWN: "A status of the provider settles it, mostly within seconds. Else ask the contact whether it came; "
    "“Send again” on the message's page may make it arrive twice.",
    Message.Status.EXPIRED: "Order “Send again” on the message's page if it is still worth sending. The contact must have "
    "written within the last 24 hours.",
}
ABOUT_CHANNEL = {
    Channel.Status.NEEDS_REAUTH: "Connect the number {channel} again; what is still fresh then leaves by itself.",
    Channel.Status.RESTRICTED: "The provider restricts the number {channel}: its page says why. It is tried once an hour.",
    Channel.Status.PENDING: "Finish connecting the number {channel}.",
    Channel.Status.DISCONNECTED: "Connect the number {channel} if it is to be used again.",
}


def next_step(message: Message) -> str:
    """Return a sentence for an operator; empty where there is nothing to do."""
    words = {
        "tenant": message.tenant.slug,
        "channel": message.channel.phone_number or message.channel.external_id,
        "limit": message.tenant.replies_per_hour,
        "pause": message.tenant.staff_pause_minutes,
    }
    return sentence_for(message).format(**words)


def sentence_for(message: Message) -> str:
    if message.unanswered:
        return ABOUT_NO_REPLY.get(Unanswered(message.unanswered), NOTHING)
    if message.status == Message.Status.HELD:
        return sentence_for_held(message)
    return ABOUT_STATUS.get(Message.Status(message.status), NOTHING)


def sentence_for_held(message: Message) -> str:
    if message.tenant.status != Tenant.Status.ACTIVE:
        return "Set the tenant active; what is still fresh then leaves by itself."
    if message.channel.status != Channel.Status.LIVE:
        return ABOUT_CHANNEL[Channel.Status(message.channel.status)]
    return "It leaves by itself once its file is uploaded, or the message before it has left."
