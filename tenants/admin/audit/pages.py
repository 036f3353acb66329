"""What the back-office's pages add to the audit log, in the page's own transaction: no page that
holds people's messages is shown, and nothing is changed, without its entry.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.forms import BaseModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse

from tenants import audit
from tenants.audit import Action

AUDITED = "object"  # the log's filter for the entries of one row
# views of Django's that change something, and note each row that they changed
NOTING = (
    *("add_view", "change_view", "changelist_view", "delete_view", "history_view"),
    "user_change_password",
)
View = Callable[..., HttpResponseBase]


class Audited(admin.ModelAdmin):
    """A page whose every view is noted: what it showed where it `holds_texts`, that somebody
    searched or saved a file, what was added, changed, deleted and ordered.

    `holds_texts`: the pages show what people wrote, or files of theirs.
    """

    holds_texts = False

    @property
    def urls(self) -> list[URLPattern]:
        patterns = self.get_urls()
        for pattern in patterns:
            pattern.callback = self.noted(pattern.callback)
        return patterns

    def noted(self, view: View) -> View:
        @wraps(view)
        def page(request: HttpRequest, *args: Any, **parameters: Any) -> HttpResponseBase:
            response = view(request, *args, **parameters)
            if not self.admin_site.has_permission(request):
                return response
            name = getattr(view, "__name__", "")
            if response.status_code == 200:
                self.note_shown(request, response, parameters)
            elif request.method == "POST" and response.status_code == 302 and name not in NOTING:
                self.note_done(request, name, parameters)
            return response

        return page

    def note_shown(
        self, request: HttpRequest, response: HttpResponseBase, parameters: Mapping[str, Any]
    ) -> None:
        """Note what a page showed: its rows, where it tells of them; else those that its address
        names.
        """
        context = getattr(response, "context_data", None) or {}
        if getattr(context.get("cl"), "query", ""):
            audit.record(request.user, Action.SEARCH, self.model)
        is_file = response.headers.get("Content-Disposition", "").startswith("attachment")
        if hasattr(request, "is_noted") or not (is_file or self.holds_texts):
            return
        rows = rows_of(context)
        owned = audit.of_rows(rows) if rows is not None else self.named_in(parameters)
        if owned or rows is None:
            action = Action.EXPORT if is_file else Action.READ
            audit.record(request.user, action, self.model, owned)

    def note_saved(self, request: HttpRequest, filters: Iterable[str], rows: list[Any]) -> None:
        """Note rows that a file holds, and by what its list was filtered; never for which value."""
        request.is_noted = True  # type: ignore[attr-defined]
        names = sorted({name.partition("__")[0] for name in filters})
        owned = audit.of_rows(rows)
        audit.record(request.user, Action.EXPORT, self.model, owned, filters=names)

    def note_done(self, request: HttpRequest, name: str, parameters: Mapping[str, Any]) -> None:
        """Note what a page of the model's own did, unless it has noted that itself."""
        if not hasattr(request, "is_noted"):
            owned = self.named_in(parameters)
            audit.record(request.user, Action.ORDER, self.model, owned, order=name)

    def named_in(self, parameters: Mapping[str, Any]) -> list[audit.Owned]:
        ids = [value for value in parameters.values() if is_id(self.model, value)]
        return audit.of_ids(self.model, ids) or [(None, ids)] if ids else []

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        audit.record(request.user, Action.CREATE, type(obj), audit.of_rows([obj]), **told(message))
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        audit.record(request.user, Action.CHANGE, type(obj), audit.of_rows([obj]), **told(message))
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        audit.record(request.user, Action.DELETE, self.model, audit.of_rows(queryset))
        return super().log_deletions(request, queryset)

    def entries_of(self, row: Any) -> dict[str, Any]:
        """Return what the log is asked for its entries of a row; empty: there is nothing to ask."""
        return {AUDITED: row.pk}

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Render the form with a link to what the audit log has of the row."""
        row = context.get("original")
        if row and request.user.has_perm("tenants.view_auditentry"):
            listing, asked = reverse("admin:tenants_auditentry_changelist"), self.entries_of(row)
            context["audited"] = f"{listing}?{urlencode(asked)}" if asked else ""
            context["holds_texts"] = self.holds_texts
        return super().render_change_form(request, context, *args, **kwargs)

    def save_formset(
        self, request: HttpRequest, form: BaseModelForm, formset: Any, change: bool
    ) -> None:
        """Save the rows beneath the row, and note each: it has an id of its own, and may be about
        somebody.
        """
        super().save_formset(request, form, formset, change)
        for row in formset.new_objects:
            audit.record(request.user, Action.CREATE, formset.model, audit.of_rows([row]))
        for row, fields in formset.changed_objects:
            owned = audit.of_rows([row])
            audit.record(request.user, Action.CHANGE, formset.model, owned, fields=list(fields))
        for row in formset.deleted_objects:
            audit.record(request.user, Action.DELETE, formset.model, audit.of_rows([row]))

    def response_action(
        self, request: HttpRequest, queryset: QuerySet[Any], *more: Any
    ) -> HttpResponse | None:
        """Carry the action out, and note it, unless it was noted row by row or asks first."""
        response = super().response_action(request, queryset, *more)
        name, chosen = request.POST.get("action"), request.POST.getlist(ACTION_CHECKBOX_NAME)
        is_noted = hasattr(request, "is_noted") or name == "delete_selected"
        is_done = name in self.get_actions(request) and not isinstance(response, TemplateResponse)
        if name and chosen and is_done and not is_noted:
            note_order(request, self.model, chosen, name)
        return response


def note_order(request: HttpRequest, model: type[Model], ids: Iterable[Any], order: str) -> None:
    """Note an order for the rows with these ids, if there are any."""
    request.is_noted = True  # type: ignore[attr-defined]
    if owned := audit.of_ids(model, ids):
        audit.record(request.user, Action.ORDER, model, owned, order=order)


def is_id(model: type[Model], value: Any) -> bool:
    try:
        model._meta.pk.to_python(value)
    except ValidationError:
        return False
    return True


def rows_of(context: Mapping[str, Any]) -> list[Model] | None:
    """Return the rows that a page of Django's shows, by its context: of a list, of the page that
    asks before an action, or the one row. None: it does not say.
    """
    if "cl" in context:
        return list(context["cl"].result_list)
    if "asks" in context:
        return [row for row, _ in context["rows"]]
    row = context.get("original") or context.get("object")
    return [row] if isinstance(row, Model) else None


def told(message: Any) -> dict[str, Any]:
    """Return the names of the fields that a form changed, of what Django says of a change."""
    if not isinstance(message, list):
        return {}
    changes = [part.get("changed", {}) for part in message]
    own = [change.get("fields", []) for change in changes if "name" not in change]
    return {"fields": [name for fields in own for name in fields]}
