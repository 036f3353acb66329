"""Orders about the threads of conversations, where several responders share the channel."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from channels_app.content import Unsendable
from messaging.admin import people
from messaging.conversations import thread_orders, thread_tasks
from messaging.models import Conversation, ThreadOrder
from tenants.admin.confirming import Question, note_of, order

Action = ThreadOrder.Action
ACTIONS = {"pass_thread": Action.PASS, "release_thread": Action.RELEASE, "take_thread": Action.TAKE}
WORDS: dict[str, Any] = {
    "permission": "order_thread",
    "otherwise": _("Why not, is said above."),
    "noun": (_("thread"), _("threads")),
}
NOTE = _("A note for the other responder, if you like:")
PASS = Question(
    _("Pass this thread on?"),
    _(
        "The other responder of the channel answers then. What the contact writes no longer comes"
        " to us, and nothing is answered here, until the thread is passed to us or taken."
    ),
    note=NOTE,
    of_several=_("Pass these threads on?"),
)
RELEASE = Question(
    _("Release this thread?"),
    _("Nobody has them then: who gets the contact's next message is the provider's to decide."),
    of_several=_("Release these threads?"),
)
TAKE = Question(
    _("Take this thread?"),
    _(
        "Whoever answers there now is cut off, and what the contact writes comes to us. The"
        " provider may refuse it."
    ),
    note=NOTE,
    of_several=_("Take these threads?"),
)


class ThreadOrders(people.SearchedAsTyped):
    """Has the actions, and a button for each that is possible now."""

    @order(
        _("Pass the thread on to the other responder"),
        done=_("to be passed on"),
        asks=PASS,
        **WORDS,
    )
    def pass_thread(
        self, request: HttpRequest, queryset: QuerySet[Conversation]
    ) -> Collection[UUID]:
        return self.ordered(request, queryset, Action.PASS)

    @order(
        _("Release the thread: nobody has it then"),
        done=_("to be released"),
        asks=RELEASE,
        **WORDS,
    )
    def release_thread(
        self, request: HttpRequest, queryset: QuerySet[Conversation]
    ) -> Collection[UUID]:
        return self.ordered(request, queryset, Action.RELEASE)

    @order(_("Take the thread: we answer then"), done=_("to be taken"), asks=TAKE, **WORDS)
    def take_thread(
        self, request: HttpRequest, queryset: QuerySet[Conversation]
    ) -> Collection[UUID]:
        return self.ordered(request, queryset, Action.TAKE)

    def ordered(
        self, request: HttpRequest, rows: QuerySet[Conversation], action: str
    ) -> Collection[UUID]:
        """Order it for each of the rows, in the order in which their contacts are locked. Returns
        the ids of those that it was ordered for; of each other the page says why not.
        """
        given = []
        note, by = note_of(request), request.user.get_username()
        for row in rows.order_by("contact_id", "id"):
            try:
                thread_tasks.give_order(row.id, action, note=note, by=by)
            except Unsendable as refusal:
                said = f"{self.in_words(row)}: {refusal}"
                self.message_user(request, said, messages.WARNING)
            else:
                given.append(row.id)
        return given

    def orders_for(self, request: HttpRequest, row: Conversation) -> dict[str, str]:
        return {
            name: said
            for name, said in super().orders_for(request, row).items()
            if name not in ACTIONS or is_possible(row, ACTIONS[name])
        }

    def has_order_thread_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("messaging.add_threadorder")


def is_possible(conversation: Conversation, action: str) -> bool:
    return bool(conversation.owner) and not thread_orders.faults_of(conversation, action, "")
