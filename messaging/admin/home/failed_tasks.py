"""Background tasks that failed, without their arguments. It stands in place of Procrastinate's own
page, which shows all tasks with what they were given.
"""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django import admin as procrastinates
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob

from tenants.admin import HistoryAdmin

apps.get_app_config("procrastinate").verbose_name = gettext_lazy("Background tasks")
admin.site.unregister(procrastinates.models.ProcrastinateJob)


@admin.register(ProcrastinateJob)
class FailedTaskAdmin(HistoryAdmin):
    listed_under, listed_as = "messaging", gettext_lazy("Background tasks that failed")
    list_display = ["task_name", "attempts", "failed_at", "queue_name"]
    list_display_links = None

    def get_urls(self) -> list[URLPattern]:
        """Leave out the page of a task: its title alone would tell the arguments."""
        lists = ("_changelist", "_export")
        return [each for each in super().get_urls() if str(each.name).endswith(lists)]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProcrastinateJob]:
        failures = ProcrastinateEvent.objects.filter(job=OuterRef("pk"), type="failed")
        newest = failures.order_by().values("job").annotate(at=Max("at")).values("at")
        rows = super().get_queryset(request).filter(status="failed")
        return rows.defer("args", "lock", "queueing_lock").annotate(newest_failure=Subquery(newest))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        titled = {"title": self.listed_as, **(extra_context or {})}
        return super().changelist_view(request, titled)

    @admin.display(description=gettext_lazy("failed at"))
    def failed_at(self, task: Any) -> Any:
        return task.newest_failure or _("not known")
