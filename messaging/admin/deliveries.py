"""What providers delivered, and what of it could not be recorded."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from messaging.admin.inlines import HistoryInline
from messaging.models import DeadLetter, WebhookDelivery
from tenants.admin import HistoryAdmin

BODY_SHOWN = 20_000


class DeadLetterInline(HistoryInline):
    model = DeadLetter
    fields = ["position", "cause", "reason", "channel_external_id", "item"]


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(HistoryAdmin):
    list_display = ["received_at", "kind", "processed_at", "attempts", "error"]
    list_filter = ["kind", ("processed_at", admin.EmptyFieldListFilter), ("error", admin.EmptyFieldListFilter)]
    fields = ["id", "kind", "received_at", "processed_at", "due_at", "attempts", "error", "content"]
    readonly_fields = ["content"]
    inlines = [DeadLetterInline]
    actions = ["process_again"]

    @admin.action(description="Process again (what is recorded already is recognised)", permissions=["replay"])
    def process_again(self, request: HttpRequest, queryset: QuerySet[WebhookDelivery]) -> None:
        count = WebhookDelivery.objects.replay(list(queryset.values_list("id", flat=True)))
        self.message_user(request, f"{count} deliveries are processed again.", messages.SUCCESS)

    def has_replay_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("messaging.change_webhookdelivery")

    def get_queryset(self, request: HttpRequest) -> QuerySet[WebhookDelivery]:
        return super().get_queryset(request).defer("body")

    @admin.display(description="body")
    def content(self, delivery: WebhookDelivery) -> str:
        return bytes(delivery.body[:BODY_SHOWN]).decode("utf-8", "replace")
