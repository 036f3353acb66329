"""What an operator can do next about a message. Pure: the message's channel, tenant and
conversation must be loaded.
"""

from datetime import timedelta
from typing import TypeAlias

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from channels_app import providers
from channels_app.models import Channel
from messaging.models import Message
from messaging.models.answering import Answering
from messaging.models.unanswered import Unanswered
from tenants.models import Tenant

Words: TypeAlias = str | Promise
AN_HOUR = timedelta(hours=1)
ABOUT_NO_REPLY: dict[Unanswered, Words] = {
    Unanswered.BLOCKED: _("Unblock the contact if they are to be answered."),
    Unanswered.NOT_OURS: _("Take the thread on the conversation's page if we are to answer."),
    Unanswered.IDLE: _(
        "The channel's settings say whether automatic replies may take threads that nobody has."
    ),
    Unanswered.SUSPENDED: _("Set the tenant active if its contacts are to be answered."),
    Unanswered.LIMIT: _(
        "The tenant's settings allow {limit} replies an hour to a contact; 0: none."
    ),
    Unanswered.NO_TEXT: _("Set a reply: manage.py set_auto_reply --tenant {tenant} TEXT"),
    Unanswered.DECLINED: _("The strategy that is chosen for the channel decided so."),
    Unanswered.FAILED: _("Look for the message's id in the logs: they name the error."),
}
# about what was left to people, by who answers in its conversation now
LEFT_TO_PEOPLE = {Unanswered.PEOPLE, Unanswered.PAUSED, Unanswered.LATE}
WHO_ANSWERS: dict[Answering, Words] = {
    Answering.AUTOMATION: _("Automation answers in the conversation again, from what comes next."),
    Answering.WAITING: _(
        "Answer the contact, or give the conversation back to automation on its page."
    ),
    Answering.PERSON: _(
        "A person answers. Automatic replies go on {pause} minutes after staff last wrote, at the"
        " end of the tenant's handover hours after somebody took the conversation, or once it is"
        " given back to automation on its page."
    ),
}
ABOUT_STATUS: dict[Message.Status, Words] = {
    Message.Status.QUEUED: _(
        "It leaves when its turn comes. manage.py status says whether a worker runs."
    ),
    Message.Status.SENDING: _(
        "The provider is being asked. Without an answer it counts as unknown within two minutes."
    ),
    Message.Status.ACCEPTED: _("The provider has it and has not yet reported what became of it."),
    Message.Status.SENT: _(
        "The provider has sent it; the contact's phone has not yet reported that it is there."
    ),
    Message.Status.FAILED: _(
        "Mend what the error says, then order “Send again” on the message's page."
    ),
    Message.Status.UNKNOWN: _(
        "A status of the provider settles it, mostly within seconds. Else ask the contact whether"
        " it came, and settle it on the message's page; “Send again” there may make it arrive"
        " twice."
    ),
    Message.Status.EXPIRED: _(
        "Order “Send again” on the message's page if it is still worth sending.{window}"
    ),
}
NOT_REPORTED: dict[Message.Status, Words] = {  # by providers whose statuses say nothing of it
    Message.Status.ACCEPTED: _("The provider has it, and reports nothing more of its messages."),
    Message.Status.UNKNOWN: _(
        "The provider never reports what became of it: ask the contact whether it came, and settle"
        " it on the message's page; “Send again” there may make it arrive twice."
    ),
}
WINDOW = _(" The contact must have written within the last {hours:g} hours.")
COMES_BACK: dict[Channel.Recovery, Words] = {  # how a parked channel does
    Channel.Recovery.CHECK: _(
        "Connect the number again; it also comes back by itself when the hourly check finds that it"
        " works."
    ),
    Channel.Recovery.PROBE: _(
        "Repair at the provider what it says; one held message tries the number again each hour."
    ),
    Channel.Recovery.RECONNECT: _("Connect the number again."),
}
SET_ACTIVE = _("Set the tenant active.")
THEN_IT_LEAVES = _("What is still fresh then leaves by itself.")


def next_step(message: Message) -> str:
    """Return a sentence for an operator; empty where there is nothing to do."""
    tenant, provider = message.tenant, providers.find(message.channel.kind)
    window = provider.window if provider else None
    words = {
        "window": WINDOW.format(hours=window.lasts / AN_HOUR) if window else "",
        "tenant": tenant.slug,
        "limit": tenant.replies_per_hour,
        "pause": tenant.staff_pause_minutes,
    }
    return str(sentence_for(message)).format(**words)


def sentence_for(message: Message) -> Words:
    if message.origin in Message.ASIDE:
        return ""
    if message.unanswered:
        return sentence_for_unanswered(message)
    if message.status == Message.Status.HELD:
        return sentence_for_held(message)
    status = Message.Status(message.status)
    if status in NOT_REPORTED and not is_reported(message):
        return NOT_REPORTED[status]
    return ABOUT_STATUS.get(status, "")


def sentence_for_unanswered(message: Message) -> Words:
    reason = Unanswered(message.unanswered)
    if reason in LEFT_TO_PEOPLE:
        return WHO_ANSWERS[message.conversation.answering_at(timezone.now())]
    return ABOUT_NO_REPLY.get(reason, "")


def is_reported(message: Message) -> bool:
    """Whether a status of the provider can still say more of the message."""
    provider = providers.find(message.channel.kind)
    if provider is None:
        return False
    is_unknown = message.status == Message.Status.UNKNOWN
    return provider.settles_unknown if is_unknown else provider.reports_delivery


def sentence_for_held(message: Message) -> Words:
    if message.tenant.status != Tenant.Status.ACTIVE:
        return f"{SET_ACTIVE} {THEN_IT_LEAVES}"
    if message.channel.status in Channel.PARKED:
        return f"{COMES_BACK[Channel.Recovery(message.channel.recovers_by)]} {THEN_IT_LEAVES}"
    if message.channel.status != Channel.Status.LIVE:
        return _("Connect the number.")
    return _("It leaves by itself once its file is uploaded, or the message before it has left.")
