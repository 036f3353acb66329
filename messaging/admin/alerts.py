"""Problems that were mailed, open ones first."""

from typing import ClassVar

from django.contrib import admin
from django.db.models import F, Q
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from messaging.models import Alert
from messaging.monitoring.problems import KINDS, OF_PLATFORM
from tenants.admin import HistoryAdmin, times
from tenants.admin.badges import isolated
from tenants.admin.filters import WordFilter


class KindFilter(WordFilter):
    title = _("kind")
    parameter_name = "kind"
    words: ClassVar = {kind: (kind, Q(kind=kind)) for kind in sorted({*OF_PLATFORM, *KINDS})}


@admin.register(Alert)
class AlertAdmin(HistoryAdmin):
    list_display = ["began", "owner", "what", "told", "over"]
    list_display_links = ["began", "what"]
    list_filter = [("over_at", admin.EmptyFieldListFilter), KindFilter]
    sortable_by = ["began", "told", "over"]
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

    @admin.display(description=_("began"), ordering="began_at")
    def began(self, alert: Alert) -> SafeString | str:
        return times.ago(alert.began_at)

    @admin.display(description=_("whose"), ordering="whose")
    def owner(self, alert: Alert) -> SafeString:
        return isolated(alert.whose or str(_("the platform")))

    @admin.display(description=_("what is wrong"))
    def what(self, alert: Alert) -> SafeString:
        return isolated(alert.said)

    @admin.display(description=_("mailed"), ordering="told_at")
    def told(self, alert: Alert) -> SafeString | str:
        return times.ago(alert.told_at)

    @admin.display(description=_("over"), ordering="over_at")
    def over(self, alert: Alert) -> SafeString | str:
        return times.ago(alert.over_at)
