"""Who has a conversation's thread at this moment, and what writing in it will do, as people and
programs are told.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from channels_app.events import OwnerSource, ThreadOwner
from channels_app.models.channel import ESCALATION
from messaging.models import Conversation

IDLE = "idle"  # what told it, where the contact's silence did
TOLD = {
    **dict(OwnerSource.choices),
    IDLE: "The contact was silent for so long that nobody has the thread any more.",
}
NOT_SHARED = "Nobody else is known to answer on this channel: what is written is sent."
WRITING = {
    ThreadOwner.US: "The thread is ours: what is written is sent.",
    ThreadOwner.OTHER: (
        "Another responder has the thread: a template is sent, and anything else is refused here"
        " unless `take_thread` is true. Then it takes the thread, or the provider refuses it."
    ),
    ThreadOwner.NOBODY: (
        "Nobody has the thread: what is written is sent, and the provider decides whether it takes"
        " the thread."
    ),
}
TAKES_IT = (
    "Nobody has the thread: what is written is sent and takes it, as we are the escalation partner."
)


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
        return TOLD[self.told_by]

    @property
    def who(self) -> str:
        return ThreadOwner(self.owner).label


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


def writing_in(conversation: Conversation) -> str:
    """Return a sentence that says what becomes of a message that is written now. Its channel must
    be loaded.
    """
    state = state_of(conversation)
    if state is None:
        return NOT_SHARED
    if state.owner == ThreadOwner.NOBODY and conversation.channel.thread_role == ESCALATION:
        return TAKES_IT
    return WRITING[ThreadOwner(state.owner)]
