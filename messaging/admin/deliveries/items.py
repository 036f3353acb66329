"""Items that were set aside: a list of them all, and the order to process one again."""

from collections.abc import Collection
from typing import ClassVar
from uuid import UUID

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from messaging.admin.deliveries import body, set_aside
from messaging.models import DeadLetter, WebhookDelivery
from tenants.admin import HistoryAdmin
from tenants.admin.badges import BAD, WAITS, badge
from tenants.admin.confirming import Question, in_the_log, keep, order
from tenants.admin.filters import WordFilter

DONE = _("processed again")
AGAIN = Question(
    _("Process these items again?"),
    _(
        "Each is read anew, with the whole delivery that it came in. What is recorded already is"
        " recognised and stays as it is; what could not be recorded is recorded now, and its"
        " contacts may be answered. What still cannot be recorded is set aside again."
    ),
)


class CauseFilter(WordFilter):
    title = _("cause")
    parameter_name = "cause"
    words: ClassVar = {
        "rejected": (_("Rejected"), Q(cause=DeadLetter.Cause.REJECTED)),
        "unroutable": (_("Waits for its channel"), Q(cause=DeadLetter.Cause.UNROUTABLE)),
    }


@admin.register(DeadLetter)
class DeadLetterAdmin(HistoryAdmin):
    holds_texts = True
    list_display = ["created_at", "cause_badge", "reason", "number", "kind", "delivery_link"]
    list_filter = [CauseFilter]
    list_select_related = ["delivery"]
    search_fields = ["delivery__id__exact", "id__exact"]
    search_help_text = _("The whole id of a delivery, as the log names it.")
    fields = [
        *("cause_badge", "reason", "step", "number", "delivery_link", "place", "kind"),
        *("created_at", "shown_item", "id"),
    ]
    readonly_fields = ["cause_badge", "step", "number", "delivery_link", "place", "shown_item"]
    actions = ["process_again"]

    class Media:
        css = {"all": ["messaging/delivery.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[DeadLetter]:
        return super().get_queryset(request).defer("delivery__body")

    @order(
        _("Process again, with its delivery"),
        permission="replay",
        done=DONE,
        otherwise=_("The rest was processed again before."),
        noun=(_("item"), _("items")),
        asks=AGAIN,
    )
    def process_again(
        self, request: HttpRequest, queryset: QuerySet[DeadLetter]
    ) -> Collection[UUID]:
        delivery_of = dict(queryset.values_list("id", "delivery_id"))
        deliveries = sorted(set(delivery_of.values()))
        again = set(WebhookDelivery.objects.process_again(deliveries))
        keep(request, WebhookDelivery, again, in_the_log(DONE))
        return [id for id, delivery_id in delivery_of.items() if delivery_id in again]

    def page_after(self, request: HttpRequest, row: DeadLetter) -> str:
        """Its own page is gone then."""
        return address_of(row)

    def has_replay_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("messaging.change_webhookdelivery")

    def in_words(self, row: DeadLetter) -> str:
        return f"{row.delivery}: {row.reason}"

    @admin.display(description=_("cause"), ordering="cause")
    def cause_badge(self, letter: DeadLetter) -> SafeString:
        if letter.cause == DeadLetter.Cause.UNROUTABLE:
            return badge(gettext("waits for its channel"), WAITS)
        return badge(gettext("rejected"), BAD)

    @admin.display(description=_("what to do"))
    def step(self, letter: DeadLetter) -> str:
        return set_aside.step_for(letter)

    @admin.display(description=_("number at its provider"))
    def number(self, letter: DeadLetter) -> str:
        return Truncator(letter.channel_external_id).chars(40) or self.get_empty_value_display()

    @admin.display(description=_("place in its delivery"))
    def place(self, letter: DeadLetter) -> str:
        return set_aside.Aside(letter).number or gettext("the delivery as a whole")

    @admin.display(description=_("delivery"))
    def delivery_link(self, letter: DeadLetter) -> SafeString:
        return format_html('<a href="{}">{}</a>', address_of(letter), letter.delivery)

    @admin.display(description=_("item"))
    def shown_item(self, letter: DeadLetter) -> SafeString:
        text, _has_more = body.indented(letter.item.encode(errors="backslashreplace"))
        return format_html('<pre dir="auto" class="as-it-came">{}</pre>', text)


def address_of(letter: DeadLetter) -> str:
    return reverse("admin:messaging_webhookdelivery_change", args=[letter.delivery_id])
