"""A conversation, to be read as its two sides see it."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from messaging import tasks
from messaging.models import Conversation
from messaging.threads import thread
from tenants.admin import HistoryAdmin

THREAD_LENGTH = 100


@admin.register(Conversation)
class ConversationAdmin(HistoryAdmin):
    list_display = ["contact_name", "tenant", "channel", "status", "last_message_at", "window_closes_at"]
    list_select_related = ["tenant", "channel", "contact"]
    list_filter = ["status"]
    search_fields = ["contact__identities__value__exact", "tenant__slug__exact"]
    search_help_text = "A contact's whole WhatsApp id, BSUID or phone number, or a tenant's slug."
    ordering = ["-last_message_at"]
    fields = ["thread", "tenant", "channel", "contact", "status", "window_closes_at", "last_message_at", "id"]
    readonly_fields = ["thread"]
    actions = ["mark_read"]

    class Media:
        css = {"all": ["messaging/thread.css"]}

    @admin.action(description="Mark as read: the contacts see it", permissions=["mark_read"])
    def mark_read(self, request: HttpRequest, queryset: QuerySet[Conversation]) -> None:
        count = sum(
            tasks.mark_read(each) is not None for each in queryset.order_by("contact_id", "id").values_list("id", flat=True)
        )
        self.message_user(request, f"{count} conversations are marked as read.", messages.SUCCESS)

    def has_mark_read_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("messaging.change_conversation")

    @admin.display(description="contact", ordering="contact__name")
    def contact_name(self, conversation: Conversation) -> str:
        return str(conversation.contact)

    @admin.display(description="messages")
    def thread(self, conversation: Conversation) -> SafeString:
        shown, has_earlier = thread(conversation, THREAD_LENGTH)
        context = {"thread": shown, "has_earlier": has_earlier}
        return render_to_string("admin/messaging/conversation/thread.html", context)
