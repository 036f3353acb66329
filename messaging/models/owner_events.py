"""What received events say about who has a thread, and of which channels they show that several
responders share them. Pure.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from channels_app.events import (
    InboundMessage,
    MessageEvent,
    OwnerSource,
    StandbyMessage,
    ThreadNotice,
    ThreadOwner,
)
from messaging.arrivals import Routed
from messaging.models.owner_word import OwnerWord


def word_of(event: MessageEvent, at: datetime) -> OwnerWord | None:
    """Return what a message on a shared channel says about its thread's owner. Groups have none."""
    if event.group_external_id:
        return None
    match event:
        case InboundMessage():
            return OwnerWord(ThreadOwner.US, OwnerSource.MESSAGE, at)
        case StandbyMessage():
            return OwnerWord(ThreadOwner.OTHER, OwnerSource.STANDBY, at)
        case ThreadNotice(owner=owner) if owner:
            return OwnerWord(owner, event.told_by, at, event.note)
    return None


def is_contacts(event: MessageEvent) -> bool:
    """Return whether the contact wrote it, to whichever responder."""
    of_standby = isinstance(event, StandbyMessage) and not event.is_outbound
    return of_standby or isinstance(event, InboundMessage)


def shared_among(messages: Iterable[Routed[MessageEvent]]) -> set[UUID]:
    """Return the channels of these messages that several responders share, as far as is known, or
    as the messages show.
    """
    return {
        each.channel.id
        for each in messages
        if each.channel.shared_at or shows_sharing(each.arrival.event)
    }


def shows_sharing(event: MessageEvent) -> bool:
    """Return whether the event shows that its channel has several responders."""
    return isinstance(event, StandbyMessage) or (
        isinstance(event, ThreadNotice) and bool(event.owner)
    )
