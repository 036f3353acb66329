"""The people who write, and what staff decide about them."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from messaging import disputes
from messaging.admin.inlines import HistoryInline
from messaging.models import Contact, ContactChange, ContactIdentity
from tenants.admin import HistoryAdmin


class IdentityInline(HistoryInline):
    model = ContactIdentity
    fields = ["kind", "value", "is_active", "account_id"]
    ordering = ["id"]


class ContactChangeInline(HistoryInline):
    model = ContactChange
    fk_name = "contact"
    fields = ["recorded_at", "what", "kind", "old", "new", "other", "by", "is_open"]
    ordering = ["-id"]
    verbose_name_plural = "what became of the contact"

    def get_queryset(self, request: HttpRequest) -> QuerySet[ContactChange]:
        return super().get_queryset(request).select_related("other")


@admin.register(Contact)
class ContactAdmin(HistoryAdmin):
    list_display = ["__str__", "tenant", "username", "marketing_opted_out_at", "blocked_at", "merged_into", "created_at"]
    list_select_related = ["tenant", "merged_into"]
    search_fields = ["identities__value__exact", "tenant__slug__exact"]
    search_help_text = "A whole WhatsApp id, BSUID or phone number, or a tenant's slug."
    fieldsets = [
        (None, {"fields": ["tenant", "name", "saved_name", "username", "merged_into", "created_at", "id"]}),
        ("Wishes", {"fields": ["marketing_opted_out_at", "marketing_decided_at", "blocked_at"]}),
    ]
    inlines = [IdentityInline, ContactChangeInline]
    actions = ["block", "unblock"]

    @admin.action(description="Block: answer and send nothing any more", permissions=["decide"])
    def block(self, request: HttpRequest, queryset: QuerySet[Contact]) -> None:
        count = disputes.block(queryset, by=request.user.get_username())
        self.message_user(request, f"{count} contacts are blocked.", messages.SUCCESS)

    @admin.action(description="Unblock", permissions=["decide"])
    def unblock(self, request: HttpRequest, queryset: QuerySet[Contact]) -> None:
        count = disputes.unblock(queryset, by=request.user.get_username())
        self.message_user(request, f"{count} contacts are unblocked.", messages.SUCCESS)

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("messaging.change_contact")


@admin.register(ContactChange)
class ContactChangeAdmin(HistoryAdmin):
    """Disputes wait here: an id came from somebody who may be another contact, or somebody new."""

    list_display = ["recorded_at", "tenant", "what", "contact", "other", "kind", "new", "is_open", "by"]
    list_select_related = ["tenant", "contact", "other"]
    list_filter = ["is_open", "what"]
    search_fields = ["new__exact", "old__exact", "tenant__slug__exact"]
    actions = ["join", "leave_apart"]

    @admin.action(description="They are one person: join the two contacts", permissions=["decide"])
    def join(self, request: HttpRequest, queryset: QuerySet[ContactChange]) -> None:
        count = disputes.join(queryset, by=request.user.get_username())
        self.message_user(request, f"{count} contacts were joined with another.", messages.SUCCESS)

    @admin.action(description="They are two people: leave them apart", permissions=["decide"])
    def leave_apart(self, request: HttpRequest, queryset: QuerySet[ContactChange]) -> None:
        count = disputes.leave_apart(queryset, by=request.user.get_username())
        self.message_user(request, f"{count} disputes are settled.", messages.SUCCESS)

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("messaging.change_contact")
