"""What a conversation's page tells of who has the thread."""

from django.contrib import admin
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from messaging.conversations import thread_history, thread_state, writing
from messaging.models import Conversation, ThreadOrder
from tenants.admin.badges import BAD, GOOD, WAITS, badge

FOLDER = "admin/messaging/conversation"
Status = ThreadOrder.Status
TONES: dict[str, str] = {
    **dict.fromkeys((Status.QUEUED, Status.SENDING, Status.UNKNOWN), WAITS),
    **dict.fromkeys((Status.FAILED, Status.EXPIRED), BAD),
    Status.DONE: GOOD,
}


class ThreadTold:
    """Read-only fields of a conversation on a channel that several responders share."""

    @admin.display(description=_("who has the thread"))
    def owner_now(self, conversation: Conversation) -> SafeString:
        state = thread_state.state_of(conversation)
        told = {"state": state, "writing": writing.outcome_of(conversation)}
        return render_to_string(f"{FOLDER}/owner.html", told)

    @admin.display(description=_("who had it"))
    def owners(self, conversation: Conversation) -> SafeString:
        words = thread_history.words_of(conversation)
        return render_to_string(f"{FOLDER}/owners.html", {"words": words})

    @admin.display(description=_("orders about the thread"))
    def orders(self, conversation: Conversation) -> SafeString:
        newest = thread_history.orders_of(conversation)
        orders = [(each, badge(each.get_status_display(), TONES[each.status])) for each in newest]
        return render_to_string(f"{FOLDER}/orders.html", {"orders": orders})
