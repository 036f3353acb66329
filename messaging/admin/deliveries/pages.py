"""Deliveries of webhooks: a list that says what became of each, and a page that shows its bytes and
what was recorded from it.
"""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import BinaryField, F, Func, IntegerField, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from channels_app.admin.channel_filters import ProviderFilter
from messaging.admin.deliveries import body, recorded, set_aside
from messaging.admin.deliveries.ranges import RangeOrders
from messaging.media.responses import HEADERS
from messaging.models import DeadLetter, WebhookDelivery
from tenants import naming
from tenants.admin import times
from tenants.admin.badges import BAD, GOOD, WAITS, badge
from tenants.admin.confirming import Question, order
from tenants.admin.filters import WordFilter

FOLDER = "admin/messaging/webhookdelivery"
AGAIN = Question(
    _("Process this delivery again?"),
    _(
        "Each is read anew from the bytes that came. What is recorded already is recognised and"
        " stays as it is; what could not be recorded is recorded now, and its contacts may be"
        " answered."
    ),
    of_several=_("Process these deliveries again?"),
)
HAS_ASIDE = Q(id__in=DeadLetter.objects.values("delivery"))


class StateFilter(WordFilter):
    title = gettext_lazy("state")  # type: ignore[assignment]
    parameter_name = "state"
    words: ClassVar[Mapping[str, tuple[Any, Q]]] = {
        "waits": (gettext_lazy("Waits, or is being processed"), Q(due_at__isnull=False)),
        "aside": (gettext_lazy("Something was set aside"), HAS_ASIDE),
    }


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(RangeOrders):
    holds_texts = True
    found_by_index = frozenset({StateFilter.parameter_name})
    list_display = ["received", "provider", "state", "aside", "attempts"]
    list_filter = [StateFilter, ProviderFilter]
    search_fields = ["id__exact"]
    search_help_text = _("The whole id of a delivery, as the log names it.")
    fieldsets = [
        (
            None,
            {
                "fields": [
                    *("provider", "received_at", "state", "aside", "processed_at", "due_at"),
                    *("attempts", "id"),
                ]
            },
        ),
        (_("What was set aside"), {"fields": ["letters"]}),
        (_("What was recorded"), {"fields": ["contents"]}),
        (_("The bytes that came"), {"fields": ["content"]}),
    ]
    readonly_fields = ["provider", "state", "aside", "letters", "contents", "content"]
    actions = ["process_again"]

    class Media:
        css = {"all": ["messaging/delivery.css"]}

    @order(
        _("Process again (what is recorded already is recognised)"),
        permission="replay",
        done=_("processed again"),
        otherwise=_("The rest still waits for its first time, or is being processed."),
        noun=(_("delivery"), _("deliveries")),
        asks=AGAIN,
    )
    def process_again(
        self, request: HttpRequest, queryset: QuerySet[WebhookDelivery]
    ) -> Collection[UUID]:
        return WebhookDelivery.objects.process_again(list(queryset.values_list("id", flat=True)))

    def get_queryset(self, request: HttpRequest) -> QuerySet[WebhookDelivery]:
        return super().get_queryset(request).defer("body")

    @admin.display(description=_("received"))
    def received(self, delivery: WebhookDelivery) -> SafeString | str:
        return times.ago(delivery.received_at)

    @admin.display(description=_("state"))
    def state(self, delivery: WebhookDelivery) -> SafeString:
        if delivery.processed_at is None:
            words = gettext("is being processed") if delivery.attempts else gettext("waits")
            return badge(words, WAITS)
        if not delivery.error:
            return badge(gettext("recorded"), GOOD)
        is_bad = DeadLetter.Cause.REJECTED in delivery.error
        return badge(gettext("recorded in part"), BAD if is_bad else WAITS)

    @admin.display(description=_("set aside"))
    def aside(self, delivery: WebhookDelivery) -> str:
        return Truncator(delivery.error).chars(60) or self.get_empty_value_display()

    @admin.display(description=_("kind"))
    def provider(self, delivery: WebhookDelivery) -> str:
        return naming.kind_of_channel(delivery.kind)

    @admin.display(description=_("items"))
    def letters(self, delivery: WebhookDelivery) -> SafeString:
        shown, has_more = set_aside.of(delivery)
        return render_to_string(f"{FOLDER}/letters.html", {"letters": shown, "has_more": has_more})

    @admin.display(description=_("items"))
    def contents(self, delivery: WebhookDelivery) -> SafeString:
        lines, has_more = recorded.lines_of(delivery)
        return render_to_string(f"{FOLDER}/recorded.html", {"lines": lines, "has_more": has_more})

    @admin.display(description=_("as JSON"))
    def content(self, delivery: WebhookDelivery) -> SafeString:
        row = WebhookDelivery.objects.filter(id=delivery.id).values_list(
            Func(F("body"), 1, body.READ + 1, function="substring", output_field=BinaryField()),
            Func(F("body"), function="octet_length", output_field=IntegerField()),
        )
        beginning, size = row.get()
        text, has_more = body.indented(bytes(beginning))
        told = {"text": text, "has_more": has_more, "size": size, "delivery": delivery}
        return render_to_string(f"{FOLDER}/body.html", told)

    def get_urls(self) -> list[URLPattern]:
        own = path(
            "<uuid:delivery_id>/body/",
            self.admin_site.admin_view(self.download),
            name="messaging_webhookdelivery_body",
        )
        return [own, *super().get_urls()]

    def download(self, request: HttpRequest, delivery_id: UUID) -> HttpResponse:
        """Answer with the bytes as they came, which no browser is to show or run."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = self.get_queryset(request).filter(id=delivery_id).values_list("body", flat=True)
        found = rows.first()
        if found is None:
            raise Http404
        name = f'attachment; filename="delivery-{delivery_id}.json"'
        return HttpResponse(
            bytes(found),
            content_type="application/octet-stream",
            headers=HEADERS | {"Content-Disposition": name},
        )
