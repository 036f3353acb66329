"""Orders about conversations: show them as read, close and reopen them, leave the answers to people
or to automation.
"""

from collections.abc import Callable, Collection
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from messaging.admin.threads import ThreadOrders
from messaging.conversations import state, tasks
from messaging.models import Conversation
from messaging.models.answering import Answering
from tenants.admin.confirming import Question, order

WORDS: dict[str, Any] = {
    "permission": "mark_read",
    "noun": (_("conversation"), _("conversations")),
}
READ = Question(
    _("Mark this conversation as read?"),
    _("Their contacts see that all they have written was read. That cannot be taken back."),
    of_several=_("Mark these conversations as read?"),
)
STATES = ["hand_over", "take", "hand_back", "close", "reopen"]


class ConversationOrders(ThreadOrders):
    """Has the actions, and a button for each that is possible now."""

    @order(
        _("Mark as read: the contacts see it"),
        done=_("marked as read"),
        otherwise=_("The rest was read before, or holds nothing that was written to us."),
        asks=READ,
        **WORDS,
    )
    def mark_read(self, request: HttpRequest, queryset: QuerySet[Conversation]) -> Collection[UUID]:
        return self.changed(queryset, tasks.mark_read)

    @order(
        _("Leave the answers to people: it waits for one"),
        done=_("left to people"),
        otherwise=_("The rest was left to people before."),
        **WORDS,
    )
    def hand_over(self, request: HttpRequest, queryset: QuerySet[Conversation]) -> Collection[UUID]:
        return self.changed(queryset, state.hand_over)

    @order(
        _("Take: a person answers, and nobody is waited for"),
        done=_("taken"),
        otherwise=_("The rest had a person before."),
        **WORDS,
    )
    def take(self, request: HttpRequest, queryset: QuerySet[Conversation]) -> Collection[UUID]:
        return self.changed(queryset, state.take)

    @order(
        _("Give the answers back to automation"),
        done=_("given back to automation"),
        otherwise=_("The rest was automation's before."),
        **WORDS,
    )
    def hand_back(self, request: HttpRequest, queryset: QuerySet[Conversation]) -> Collection[UUID]:
        return self.changed(queryset, state.hand_back)

    @order(
        _("Close: the contact's next message opens it again"),
        done=_("closed"),
        otherwise=_("The rest was closed before."),
        **WORDS,
    )
    def close(self, request: HttpRequest, queryset: QuerySet[Conversation]) -> Collection[UUID]:
        return self.changed(queryset, state.close)

    @order(
        _("Reopen"),
        done=_("opened again"),
        otherwise=_("The rest was open before."),
        **WORDS,
    )
    def reopen(self, request: HttpRequest, queryset: QuerySet[Conversation]) -> Collection[UUID]:
        return self.changed(queryset, state.reopen)

    def changed(
        self, rows: QuerySet[Conversation], change: Callable[[UUID], object]
    ) -> Collection[UUID]:
        """Change each, in the order in which contacts are locked. Returns those that changed."""
        ids = rows.order_by("contact_id", "id").values_list("id", flat=True)
        return [id for id in ids if change(id)]

    def orders_for(self, request: HttpRequest, row: Conversation) -> dict[str, str]:
        is_open = row.status == Conversation.Status.OPEN
        answering = row.answering_at(timezone.now())
        is_possible = {
            "hand_over": answering != Answering.WAITING,
            "take": answering != Answering.PERSON,
            "hand_back": answering != Answering.AUTOMATION,
            "close": is_open,
            "reopen": not is_open,
        }
        offered = super().orders_for(request, row)
        return {name: said for name, said in offered.items() if is_possible.get(name, True)}

    def has_mark_read_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("messaging.change_conversation")
