"""The base classes of the back-office's pages. Everything runs as the operator: see
tenants/web/middleware.py.
"""

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ALL_VAR, ERROR_FLAG, PAGE_VAR, SEARCH_VAR
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from tenants.admin.audit.pages import Audited
from tenants.admin.lists.csv_export import csv_of
from tenants.admin.lists.paged import PagedAdmin

PAGING = (PAGE_VAR, ALL_VAR)  # what an address says of the page alone
CAME_FROM = "came_from"  # the field of a form that says on which page it stands


class PlatformAdmin(Audited, PagedAdmin):
    """Lists that stay quick over millions of rows: newest first by id, read by cursors, nothing
    counted, searched by exact ids.

    A form saves what it changed and nothing else. An action takes the rows of one page at most.
    Those that change something are made with tenants/admin/confirming.py.
    """

    ordering = ["-id"]
    is_exported = True  # whether the list has a button for a file of its rows
    not_exported: tuple[str, ...] = ()  # columns that are asked for row by row

    class Media:
        css = {"all": ["tenants/back_office.css"]}

    def get_urls(self) -> list[URLPattern]:
        name = self.name_of("export").removeprefix("admin:")
        own = path("export/", self.admin_site.admin_view(self.export), name=name)
        return [own, *super().get_urls()]

    def export(self, request: HttpRequest) -> HttpResponse:
        """Return the rows of the list as a CSV file, filtered and ordered as the address says. What
        it cannot be filtered by, or searched for, leads to the list.
        """
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = request.GET.copy()
        for name in PAGING:
            asked.pop(name, None)
        request.GET = asked  # type: ignore[assignment]
        columns = [
            str(column)
            for column in self.get_list_display(request)
            if column not in self.not_exported
        ]
        listing = reverse(self.name_of("changelist"))
        try:
            shown: Any = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            return redirect(f"{listing}?{ERROR_FLAG}=1")
        if shown.query != asked.get(SEARCH_VAR, ""):
            return redirect(f"{listing}?{asked.urlencode()}")
        return csv_of(shown, columns, partial(self.note_saved, request, asked))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save a new row, or of an existing one the columns that the form changed: the others may
        have been changed by somebody else since the row was read.
        """
        if change:
            obj.save(update_fields=columns_changed(form))
        else:
            super().save_model(request, obj, form, change)

    def name_of(self, view: str) -> str:
        return f"admin:{self.opts.app_label}_{self.opts.model_name}_{view}"

    def in_words(self, row: Any) -> str:
        """Return what a row is called on the page that asks for confirmation."""
        return str(row)

    def orders_for(self, request: HttpRequest, row: Any) -> dict[str, str]:
        """Return the actions that a row's page has buttons for, each with what the button says."""
        choices = dict(self.get_action_choices(request, []))
        return {name: said for name, said in choices.items() if name != "delete_selected"}

    def page_after(self, request: HttpRequest, row: Any) -> str:
        """Return where an order of a row's page leads back to: there."""
        return request.get_full_path()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Render the form with a button for each of the row's actions."""
        row = context.get("original")
        context |= {
            "row_actions": self.orders_for(request, row).items() if row else [],
            "checkbox": ACTION_CHECKBOX_NAME,
            "came_from": CAME_FROM,
            "page": self.page_after(request, row) if row else "",
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def response_action(
        self, request: HttpRequest, queryset: QuerySet[Any], *more: Any
    ) -> HttpResponse | None:
        across = request.POST.get("select_across", "0") != "0"
        if across or len(request.POST.getlist(ACTION_CHECKBOX_NAME)) > self.list_per_page:
            said = _("Nothing was changed. Choose rows of one page, at most {most}.")
            self.message_user(request, said.format(most=self.list_per_page), messages.ERROR)
            return None
        return super().response_action(request, queryset, *more)


class HistoryAdmin(PlatformAdmin):
    """A page of what happened, which is read and never written."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def columns_changed(form: Any) -> list[str]:
    """Return the names of the row's own columns that a model's form changed."""
    columns = {field.name for field in form._meta.model._meta.concrete_fields}
    return [name for name in form.changed_data if name in columns]
