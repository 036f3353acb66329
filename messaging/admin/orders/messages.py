"""Orders about messages: send them again, or settle what nobody knows of them."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from messaging.admin import people
from messaging.models import Message, Resend
from messaging.outbound import settling
from tenants.admin.confirming import Question, order

NOUN = (_("message"), _("messages"))
AGAIN = Question(
    _("Send this message again?"),
    _(
        "Each that failed, expired or is unknown leaves once more, whatever its age. One that is"
        " unknown may arrive twice. What has left cannot be called back."
    ),
    of_several=_("Send these messages again?"),
)
ARRIVED = Question(
    _("Has this message arrived?"),
    _(
        "Each that is unknown counts as sent from now on, and is not sent again by itself. A status"
        " that its provider reports later still counts."
    ),
    of_several=_("Have these messages arrived?"),
)
DID_NOT_ARRIVE = Question(
    _("Has this message not arrived?"),
    _(
        "Each that is unknown counts as failed from now on. It is not sent again by that: order"
        " “Send again” if it is still worth it. A status that its provider reports later still"
        " counts."
    ),
    of_several=_("Have these messages not arrived?"),
)
SETTLED: dict[str, Any] = {
    "permission": "resend",
    "otherwise": _("The rest is not unknown, or was settled before."),
    "noun": NOUN,
}
SETTLES = {"arrived", "did_not_arrive"}


class MessageOrders(people.SearchedAsTyped):
    """Has the actions, and a button for each that is possible now."""

    @order(
        _("Send again what failed, expired or is unknown (it may arrive twice)"),
        permission="resend",
        done=_("sent again"),
        otherwise=_("Only a message of ours that failed, expired or is unknown can be."),
        noun=NOUN,
        asks=AGAIN,
    )
    def send_again(self, request: HttpRequest, queryset: QuerySet[Message]) -> Collection[UUID]:
        return Resend.objects.order(
            queryset.values_list("id", flat=True), by=request.user.get_username()
        )

    @order(
        _("Settle what is unknown: it arrived"), done=_("settled: sent"), asks=ARRIVED, **SETTLED
    )
    def arrived(self, request: HttpRequest, queryset: QuerySet[Message]) -> Collection[UUID]:
        return self.settled(request, queryset, has_arrived=True)

    @order(
        _("Settle what is unknown: it did not arrive"),
        done=_("settled: failed"),
        asks=DID_NOT_ARRIVE,
        **SETTLED,
    )
    def did_not_arrive(self, request: HttpRequest, queryset: QuerySet[Message]) -> Collection[UUID]:
        return self.settled(request, queryset, has_arrived=False)

    def settled(
        self, request: HttpRequest, rows: QuerySet[Message], *, has_arrived: bool
    ) -> list[UUID]:
        by = request.user.get_username()
        ids = rows.values_list("id", flat=True)
        return settling.settle_unknown(ids, has_arrived=has_arrived, by=by)

    def orders_for(self, request: HttpRequest, row: Message) -> dict[str, str]:
        if row.origin in Message.ASIDE:
            return {}
        offered = super().orders_for(request, row)
        is_unknown = row.status == Message.Status.UNKNOWN
        return {name: said for name, said in offered.items() if name not in SETTLES or is_unknown}

    def has_resend_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("messaging.add_resend")
