"""Why a message of ours has not left yet, and when it does."""

from collections.abc import Iterable
from uuid import UUID

from django.utils import timezone

from channels_app.models import Channel
from messaging.models import ChannelPace, Message
from messaging.next_steps import next_step, sentence_for_held
from messaging.tracing.wording import moment
from tenants.models import Tenant

BEHIND = "It leaves after message {id}, which stands before it in its conversation: trace that one."
TRIED_AGAIN = "The last attempt was refused for now; it is tried again at {at}."
RESTS = "The number sends at its pace, and goes on at {at}."
SLOWED = (
    "The provider asked for fewer messages: the number rests until {at}, and goes on more slowly."
)


def steps_of(messages: Iterable[Message]) -> dict[UUID, str]:
    """Return what to do next about each message, where there is something to do. Within
    operator_scope.
    """
    steps = {message.id: step_of(message) for message in messages}
    return {id: step for id, step in steps.items() if step}


def step_of(message: Message) -> str:
    if message.status != Message.Status.QUEUED:
        return next_step(message)
    return step_of_queued(message) or next_step(message)


def step_of_queued(message: Message) -> str:
    """Return what a queued message waits for; empty: nothing but its turn."""
    is_live = message.channel.status == Channel.Status.LIVE
    if not is_live or message.tenant.status != Tenant.Status.ACTIVE:
        return str(sentence_for_held(message))
    if before := first_before(message):
        return BEHIND.format(id=before)
    if message.attempts and message.due_at and message.due_at > timezone.now():
        return TRIED_AGAIN.format(at=moment(message.due_at))
    resting = ChannelPace.objects.filter(channel=message.channel_id, ready_at__gt=timezone.now())
    if pace := resting.first():
        return (SLOWED if pace.slowed_to else RESTS).format(at=moment(pace.ready_at))
    return ""


def first_before(message: Message) -> UUID | None:
    """Return the first message that waits before it in its conversation."""
    waiting = Message.objects.filter(conversation=message.conversation_id, due_at__isnull=False)
    return waiting.filter(seq__lt=message.seq).order_by("seq").values_list("id", flat=True).first()
