"""What providers delivered, and what of it could not be recorded."""

from collections.abc import Collection
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from messaging.admin.inlines import HistoryInline
from messaging.models import DeadLetter, WebhookDelivery
from tenants.admin import HistoryAdmin
from tenants.admin.confirming import Question, order

WasItSet = admin.EmptyFieldListFilter
BODY_SHOWN = 20_000
AGAIN = Question(
    "Process these deliveries again?",
    "Each is read anew from the bytes that came. What is recorded already is recognised and stays"
    " as it is; what could not be recorded is recorded now, and its contacts may be answered.",
)


class DeadLetterInline(HistoryInline):
    model = DeadLetter
    fields = ["position", "cause", "reason", "channel_external_id", "item"]


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(HistoryAdmin):
    holds_texts = True
    list_display = ["received_at", "kind", "processed_at", "attempts", "error"]
    list_filter = ["kind", ("processed_at", WasItSet), ("error", WasItSet)]
    found_by_index = frozenset({"error__isempty"})
    search_fields = ["id__exact"]
    search_help_text = _("The whole id of a delivery.")
    fields = ["id", "kind", "received_at", "processed_at", "due_at", "attempts", "error", "content"]
    readonly_fields = ["content"]
    inlines = [DeadLetterInline]
    actions = ["process_again"]

    @order(
        "Process again (what is recorded already is recognised)",
        permission="replay",
        done="processed again",
        otherwise="The rest still waits for its first time, or is being processed.",
        noun=("delivery", "deliveries"),
        asks=AGAIN,
    )
    def process_again(
        self, request: HttpRequest, queryset: QuerySet[WebhookDelivery]
    ) -> Collection[UUID]:
        return WebhookDelivery.objects.process_again(list(queryset.values_list("id", flat=True)))

    def has_replay_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("messaging.change_webhookdelivery")

    def get_queryset(self, request: HttpRequest) -> QuerySet[WebhookDelivery]:
        return super().get_queryset(request).defer("body")

    @admin.display(description="body")
    def content(self, delivery: WebhookDelivery) -> str:
        return bytes(delivery.body[:BODY_SHOWN]).decode("utf-8", "replace")
