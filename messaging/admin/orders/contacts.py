"""Orders about contacts: block and unblock them, join two that are one person."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from messaging.admin import people
from messaging.contacts import decisions
from messaging.models import Contact
from tenants.admin.confirming import Question, order

WORDS: dict[str, Any] = {"permission": "decide", "noun": (_("contact"), _("contacts"))}
BLOCK = Question(
    _("Block this contact?"),
    _(
        "Nothing is answered or sent to them any more. What they write is stored, and is not"
        " answered later, even if they are unblocked."
    ),
    of_several=_("Block these contacts?"),
)
WHAT_JOINING_DOES = _(
    "They are one person from now on: the older contact gets every id, conversation and message"
    " of the newer one. Whoever was blocked, or wants no marketing, stays so. Contacts that"
    " were joined cannot be taken apart again."
)
JOIN = Question(_("Join these two contacts?"), WHAT_JOINING_DOES)


def are_two_of_one_tenant(chosen: QuerySet[Contact]) -> str:
    """Return why these contacts cannot be joined, or nothing."""
    tenants = list(chosen.values_list("tenant_id", flat=True)[:3])
    if len(tenants) == 2 and len(set(tenants)) == 1:
        return ""
    return gettext("Nothing was changed. Choose exactly two contacts of one tenant.")


class ContactOrders(people.SearchedAsTyped):
    """Has the actions, and a button for each that is possible now."""

    @order(
        _("Block: answer and send nothing any more"),
        done=_("blocked"),
        otherwise=_("The rest was blocked before, or was joined with another."),
        asks=BLOCK,
        **WORDS,
    )
    def block(self, request: HttpRequest, queryset: QuerySet[Contact]) -> Collection[UUID]:
        return decisions.block(queryset, by=request.user.get_username())

    @order(
        _("Unblock"),
        done=_("unblocked"),
        otherwise=_("The rest was not blocked, or was joined with another."),
        **WORDS,
    )
    def unblock(self, request: HttpRequest, queryset: QuerySet[Contact]) -> Collection[UUID]:
        return decisions.unblock(queryset, by=request.user.get_username())

    @order(
        _("Join these two: they are one person"),
        done=_("joined into one"),
        otherwise=_("One of the two was joined with another contact before."),
        asks=JOIN,
        fits=are_two_of_one_tenant,
        **WORDS,
    )
    def join_two(self, request: HttpRequest, queryset: QuerySet[Contact]) -> Collection[UUID]:
        return decisions.join_two(queryset, by=request.user.get_username())

    def orders_for(self, request: HttpRequest, row: Contact) -> dict[str, str]:
        is_possible = {
            "block": not row.merged_into_id and row.blocked_at is None,
            "unblock": not row.merged_into_id and row.blocked_at is not None,
            "join_two": False,  # a page shows one of them
        }
        offered = super().orders_for(request, row)
        return {name: said for name, said in offered.items() if is_possible.get(name, True)}

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("messaging.change_contact")
