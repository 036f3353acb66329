"""What becomes of a message that is written in a conversation now, as people and programs are told
before they write it.
"""

from django.utils.translation import gettext_lazy as _

from channels_app.events import ThreadOwner
from channels_app.models.channel import ESCALATION
from messaging.conversations.thread_state import state_of
from messaging.models import Conversation

NOT_SHARED = _("Nobody else is known to answer on this channel: what is written is sent.")
WRITING = {
    ThreadOwner.US: _("The thread is ours: what is written is sent."),
    ThreadOwner.OTHER: _(
        "Another responder has the thread: a template is sent, and anything else is refused here"
        " unless it says take_thread. Then it takes the thread, or the provider refuses it."
    ),
    ThreadOwner.NOBODY: _(
        "Nobody has the thread: what is written is sent, and the provider decides whether it takes"
        " the thread."
    ),
}
TAKES_IT = _(
    "Nobody has the thread: what is written is sent and takes it, as we are the escalation partner."
)


def outcome_of(conversation: Conversation) -> str:
    """Return a sentence that says what becomes of a message that is written now. Its channel must
    be loaded.
    """
    state = state_of(conversation)
    if state is None:
        return str(NOT_SHARED)
    if state.owner == ThreadOwner.NOBODY and conversation.channel.thread_role == ESCALATION:
        return str(TAKES_IT)
    return str(WRITING[ThreadOwner(state.owner)])
