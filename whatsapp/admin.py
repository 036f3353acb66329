"""How far each attempt to connect a business came, for platform staff who are asked for help."""

from django.contrib import admin
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from tenants.admin import HistoryAdmin
from whatsapp.models import Signup
from whatsapp.pages.connect_page import steps_of


@admin.register(Signup)
class SignupAdmin(HistoryAdmin):
    list_display = ["created_at", "tenant", "user", "link", "status", "is_coexistence", "is_move"]
    list_select_related = ["tenant", "user", "link"]
    list_filter = ["status"]
    search_fields = ["tenant__slug__exact"]
    search_help_text = "A tenant's slug."
    fields = [
        "tenant",
        "user",
        "link",
        "status",
        "progress",
        "is_coexistence",
        "is_move",
        "hints",
        "accounts",
        "token_expires_at",
        "created_at",
        "id",
    ]
    readonly_fields = ["progress"]

    @admin.display(description="steps")
    def progress(self, signup: Signup) -> SafeString:
        return render_to_string("admin/whatsapp/signup/steps.html", {"steps": steps_of(signup)})
