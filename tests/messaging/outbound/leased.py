"""Messages that a process has leased or marked, and not sent yet."""

from collections import Counter
from uuid import UUID

from uuid_utils.compat import uuid7

from messaging.inbound.leasing import DeliveryLeaser
from messaging.models import Message
from messaging.outbound import dispatch
from messaging.outbound.dispatcher import NIL


def leased_by(token: UUID) -> list[Message]:
    return dispatch.lease(token, after=NIL, at_most=10, per_channel=8, under_way=Counter()).messages


def queue_only() -> None:
    DeliveryLeaser().process_due()


def marked(work: object) -> dispatch.Dispatch:
    """The queued reply, marked by a process that has not sent it yet."""
    queue_only()
    token = uuid7()
    leased = leased_by(token)
    (ready,) = dispatch.mark([message.id for message in leased], token)
    return ready
