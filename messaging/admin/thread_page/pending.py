"""The answer that is being prepared, in the place where it will stand."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.formats import time_format
from django.utils.timezone import localtime
from django.utils.translation import gettext

from messaging.conversations.pending import next_step_of
from messaging.models import DeferredReply


@dataclass(frozen=True, slots=True)
class Pending:
    """`message_id`: the message that it answers."""

    message_id: UUID
    told: str
    next_step: str


def as_pending(reply: DeferredReply) -> Pending:
    said = gettext("An answer is being prepared since {since}, at the latest until {until}.")
    since, until = (
        time_format(localtime(at), "TIME_FORMAT") for at in (reply.created_at, reply.deadline)
    )
    told = said.format(since=since, until=until)
    return Pending(reply.message_id, told, next_step_of(reply))
