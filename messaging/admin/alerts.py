"""Problems that were mailed, open ones first."""

from django.contrib import admin
from django.db.models import F

from messaging.models import Alert
from tenants.admin import HistoryAdmin


@admin.register(Alert)
class AlertAdmin(HistoryAdmin):
    list_display = ["began_at", "whose", "said", "told_at", "over_at"]
    list_filter = [("over_at", admin.EmptyFieldListFilter), "kind"]
    sortable_by = ["began_at", "told_at", "over_at"]
    ordering = [F("over_at").desc(nulls_first=True), "-id"]
    fields = [
        "whose",
        "said",
        "step",
        "began_at",
        "seen_at",
        "told_at",
        "over_at",
        "over_told_at",
        "kind",
        "id",
    ]
