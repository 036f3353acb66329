"""Decide which messages are answered automatically, and with what; each of the others keeps the
reason why it is not.

The rate limit of replies, and whether anybody waits for an answer, are decided here; what is said
is the strategy's.
"""

from collections import Counter
from collections.abc import Mapping
from uuid import UUID

from channels_app.events import InboundMessage, MessageEvent, StandbyMessage, ThreadNotice
from messaging.arrivals import Routed
from messaging.models import Contact, Message, ReplyChoice
from messaging.models.places import Place
from messaging.models.unanswered import Unanswered
from messaging.replies.asking import reply_to
from messaging.replies.decided import Decided
from messaging.replies.obstacles import Received, obstacle_of
from messaging.replies.strategy import NoReply
from tenants.models import Tenant

NOT_TO_US = {StandbyMessage: Unanswered.STANDBY, ThreadNotice: Unanswered.KIND}


class ReplyLimit:
    """Lets each contact have as many automatic answers an hour as its tenant allows: two machines
    would talk for ever.
    """

    def __init__(self, answered: Counter[UUID]) -> None:
        self.answered = answered

    def allows(self, contact: Contact, tenant: Tenant) -> bool:
        return self.answered[contact.id] < tenant.replies_per_hour

    def count(self, contact: Contact) -> None:
        self.answered[contact.id] += 1


def decide(
    messages: list[Message],
    arrived: list[Routed[MessageEvent]],
    places: list[Place],
    contacts: list[Contact],
    limit: ReplyLimit,
    choices: Mapping[UUID, ReplyChoice],
) -> Decided:
    """Decide what messages that were just received are answered with. `choices`: the strategies
    that were chosen, by channel.

    Each of these messages that gets no answer keeps the reason (`unanswered`).
    """
    decided = Decided()
    for message, routed, place, contact in zip(messages, arrived, places, contacts, strict=True):
        if message.direction != Message.Direction.INBOUND:
            continue
        event = routed.arrival.event
        if not isinstance(event, InboundMessage):
            decided.add(message, NoReply(NOT_TO_US.get(type(event), Unanswered.HISTORY)))
            continue
        received = Received(message, event, place, contact)
        outcome = refusal_of(received, limit, decided) or reply_to(received, choices)
        if not isinstance(outcome, NoReply):
            limit.count(contact)
        decided.add(message, outcome)
    return decided


def refusal_of(received: Received, limit: ReplyLimit, decided: Decided) -> NoReply | None:
    """Return why a message is not answered at all; None where the strategy is to be asked."""
    if reason := obstacle_of(received):
        return NoReply(reason)
    if received.place.conversation_id in decided.left:
        return NoReply(Unanswered.PEOPLE)
    if not limit.allows(received.contact, received.message.channel.tenant):
        return NoReply(Unanswered.LIMIT)
    return None
