"""Who has a conversation's thread at this moment, as people and programs are told."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from channels_app.events import OwnerSource, ThreadOwner
from messaging.models import Conversation

IDLE = "idle"  # what told it, where the contact's silence did
TOLD: dict[str, object] = {
    **dict(OwnerSource.choices),
    IDLE: _("The contact was silent for so long that nobody has the thread any more."),
}


@dataclass(frozen=True, slots=True)
class ThreadState:
    """Who has a thread, since when and how that was learned: `told_by` is an OwnerSource, or IDLE.
    `until`: the contact's silence makes it nobody's then; None: it is.
    """

    owner: str
    since: datetime | None
    told_by: str
    until: datetime | None = None

    @property
    def told(self) -> str:
        return str(TOLD[self.told_by])

    @property
    def who(self) -> str:
        return ThreadOwner(self.owner).label.lower()


def state_of(conversation: Conversation) -> ThreadState | None:
    """Return who has the conversation's thread now; None: its channel has one responder, as far as
    is known.
    """
    owner = conversation.owner_at(timezone.now())
    if not owner:
        return None
    ends_at = conversation.ownership().ends_at
    if owner != conversation.owner:
        return ThreadState(owner, ends_at, IDLE)
    until = None if owner == ThreadOwner.NOBODY else ends_at
    return ThreadState(owner, conversation.owner_since, conversation.owner_told_by, until)
