"""Dead letters: items of deliveries that could not be recorded, and why."""

from typing import ClassVar

from django.contrib import admin
from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from messaging.models import DeadLetter
from messaging.models.dead_letter import WHOLE_DELIVERY
from tenants.admin import HistoryAdmin
from tenants.admin.badges import BAD, WAITS, badge
from tenants.admin.filters import WordFilter

Cause = DeadLetter.Cause
CAUSES = {
    Cause.REJECTED: (_("Rejected"), BAD),
    Cause.UNROUTABLE: (_("Waits for its channel"), WAITS),
}


class CauseFilter(WordFilter):
    title = _("cause")
    parameter_name = "cause"
    words: ClassVar = {
        cause.value: (said, Q(cause=cause)) for cause, (said, _tone) in CAUSES.items()
    }


@admin.register(DeadLetter)
class DeadLetterAdmin(HistoryAdmin):
    list_display = ["created_at", "why", "reason", "number", "item_place", "delivery_link"]
    list_display_links = ["created_at", "reason"]
    list_filter = [CauseFilter]
    search_fields = ["channel_external_id__exact", "delivery__id__exact"]
    search_help_text = _("A number's whole id at its provider, or the id of a delivery.")
    fields = ["why", "reason", "number", "item_place", "delivery_link", "created_at", "item", "id"]
    readonly_fields = ["why", "number", "item_place", "delivery_link"]

    @admin.display(description=_("cause"))
    def why(self, letter: DeadLetter) -> SafeString:
        said, tone = CAUSES[Cause(letter.cause)]
        return badge(str(said), tone)

    @admin.display(description=_("number at its provider"))
    def number(self, letter: DeadLetter) -> str:
        return letter.channel_external_id

    @admin.display(description=_("item"))
    def item_place(self, letter: DeadLetter) -> str:
        is_whole = letter.position == WHOLE_DELIVERY
        return str(_("the whole delivery")) if is_whole else str(letter.position + 1)

    @admin.display(description=_("delivery"))
    def delivery_link(self, letter: DeadLetter) -> SafeString:
        address = reverse("admin:messaging_webhookdelivery_change", args=[letter.delivery_id])
        return format_html('<a href="{}">{}</a>', address, _("See the delivery"))
