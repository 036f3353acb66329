"""Numbers that went from one tenant to another: the record, to be read."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from channels_app.models import ChannelMove
from tenants.admin import HistoryAdmin


@admin.register(ChannelMove)
class ChannelMoveAdmin(HistoryAdmin):
    list_display = [
        "moved_at",
        "kind",
        "external_id",
        "from_tenant_id",
        "to_tenant_id",
        "by_user_id",
        "by_link_id",
    ]
    search_fields = ["external_id__exact"]
    search_help_text = _("A number's whole id at its provider.")
