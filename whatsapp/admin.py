"""How far each attempt to connect a business came, for platform staff who are asked for help."""

from django.contrib import admin
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from tenants.admin import HistoryAdmin, times
from tenants.admin.badges import BAD, GOOD, PLAIN, WAITS, badge
from whatsapp.models import Signup
from whatsapp.pages.connect_page import steps_of

Status = Signup.Status
TONES: dict[str, str] = {Status.RUNNING: WAITS, Status.FAILED: BAD, Status.CONNECTED: GOOD}


@admin.register(Signup)
class SignupAdmin(HistoryAdmin):
    list_display = ["created", "tenant", "user", "link", "state", "is_coexistence", "is_move"]
    list_select_related = ["tenant", "user", "link"]
    list_filter = ["status"]
    search_fields = ["tenant__slug__exact"]
    search_help_text = _("A tenant's slug.")
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

    @admin.display(description=_("created"), ordering="created_at")
    def created(self, signup: Signup) -> SafeString | str:
        return times.ago(signup.created_at)

    @admin.display(description=_("status"), ordering="status")
    def state(self, signup: Signup) -> SafeString:
        return badge(signup.get_status_display(), TONES.get(signup.status, PLAIN))

    @admin.display(description=_("steps"))
    def progress(self, signup: Signup) -> SafeString:
        return render_to_string("admin/whatsapp/signup/steps.html", {"steps": steps_of(signup)})
