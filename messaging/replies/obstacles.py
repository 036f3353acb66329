"""Why a message that was just received is not to be answered, whatever a strategy would say."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from channels_app.events import InboundMessage, ThreadOwner
from messaging.models import Contact, Message
from messaging.models.places import Place
from messaging.models.unanswered import Unanswered
from tenants.models import Tenant

# nobody waits for one
NEVER_ANSWERED = {
    "reaction",
    "system",
    "unsupported",
    "unknown",
    "edit",
    "revoke",
    "request_welcome",
}
# this much older than its conversation's newest message: it was answered for already
STALE_AFTER = timedelta(seconds=60)
REDELIVERY_HORIZON = timedelta(days=7)  # a provider repeats a webhook for this long


@dataclass(frozen=True, slots=True)
class Received:
    """A message that was just received, with the event that it was made of."""

    message: Message
    event: InboundMessage
    place: Place
    contact: Contact


def obstacle_of(received: Received) -> Unanswered | None:
    """Return why nobody waits for an answer or nobody is there to give it."""
    message, place = received.message, received.place
    owner = place.ownership.owner_at(message.created_at) if place.ownership else ""
    is_paused = is_before(place.sent_at, place.paused_until)
    obstacles = {
        Unanswered.GROUP: bool(received.event.group_external_id),
        Unanswered.KIND: message.kind in NEVER_ANSWERED,
        Unanswered.BLOCKED: received.contact.blocked_at is not None,
        Unanswered.NOT_OURS: owner == ThreadOwner.OTHER,
        Unanswered.IDLE: owner == ThreadOwner.NOBODY and message.channel.keeps_off_idle_threads,
        Unanswered.SUSPENDED: message.channel.tenant.status != Tenant.Status.ACTIVE,
        Unanswered.TOO_OLD: message.created_at - place.sent_at >= REDELIVERY_HORIZON,
        Unanswered.SUPERSEDED: is_before(
            place.sent_at, place.previous_inbound_at, by_more_than=STALE_AFTER
        ),
        Unanswered.PEOPLE: is_paused and place.waits,
        Unanswered.PAUSED: is_paused,
    }
    return next((reason for reason, applies in obstacles.items() if applies), None)


def is_before(
    moment: datetime, other: datetime | None, by_more_than: timedelta = timedelta(0)
) -> bool:
    return other is not None and moment < other - by_more_than
