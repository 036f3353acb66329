"""The page of the audit log: who read, changed, ordered or tried what, the newest first."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from tenants.admin.audit.changelist import AuditChangeList, TimeFilter
from tenants.admin.audit.pages import AUDITED
from tenants.admin.badges import BAD, PLAIN, WAITS, badge, isolated
from tenants.admin.base import HistoryAdmin
from tenants.models import AuditEntry, Tenant, User

Action = AuditEntry.Action
TONES = {
    **dict.fromkeys((Action.CREATE, Action.CHANGE, Action.DELETE, Action.ORDER), WAITS),
    **dict.fromkeys((Action.REFUSED, Action.SIGN_IN_FAILED), BAD),
}
MOST_PEOPLE = 50  # that the filter offers; anybody is found by name


class PersonFilter(admin.SimpleListFilter):
    title = _("person")
    parameter_name = "person"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        staff = User.objects.filter(is_staff=True).order_by("username")
        return [(str(id), name) for id, name in staff.values_list("pk", "username")[:MOST_PEOPLE]]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(user_id=self.value()) if self.value() else queryset


class KindFilter(admin.SimpleListFilter):
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, Any]]:
        pages = model_admin.admin_site._registry.items()
        return sorted(
            (kind._meta.label_lower, getattr(page, "listed_as", capfirst(kind._meta.verbose_name)))
            for kind, page in pages
        )

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class RowFilter(admin.SimpleListFilter):
    """Offers the row that the address names, and nothing else: its page has the link."""

    title = _("row")
    parameter_name = AUDITED

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, Any]]:
        return [(self.value() or "", _("The one you came from"))] if self.value() else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return queryset
        return queryset.filter(id__in=AuditEntry.objects.of_row(self.value() or ""))


@admin.register(AuditEntry)
class AuditLogAdmin(HistoryAdmin):
    list_display = ["at", "who", "action_shown", "what", "tenant", "told"]
    list_display_links = ["at"]
    list_select_related = ["tenant"]
    list_filter = [PersonFilter, "action", ("at", TimeFilter), KindFilter, RowFilter]
    change_list = AuditChangeList
    search_fields = ["id"]  # that there is a search; what it finds says get_search_results
    search_help_text = _("A person's whole user name, a tenant's slug, or the id of a row.")
    fields = ["at", "who", "user_id", "action_shown", "what", "tenant", "told", "rows", "id"]
    readonly_fields = ["who", "action_shown", "what", "told", "rows"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        people = list(User.objects.filter(username=term).values_list("id", flat=True))
        tenants = list(Tenant.objects.filter(slug=term).values_list("id", flat=True))
        entries = AuditEntry.objects.of_row(term)
        found = {"user_id__in": people, "tenant__in": tenants, "id__in": entries}
        meant = Q(*((name, ids) for name, ids in found.items() if ids), _connector=Q.OR)
        return (queryset.filter(meant) if meant else queryset.none()), False

    def entries_of(self, row: AuditEntry) -> dict[str, Any]:
        return {}

    @admin.display(description=_("person"), ordering="username")
    def who(self, entry: AuditEntry) -> SafeString | str:
        name = isolated(entry.username)
        if name and entry.user_id is None:
            return format_html("{} ({})", name, _("a command"))
        return name or self.get_empty_value_display()

    @admin.display(description=_("did"), ordering="action")
    def action_shown(self, entry: AuditEntry) -> SafeString:
        return badge(entry.get_action_display(), TONES.get(Action(entry.action), PLAIN))

    @admin.display(description=_("what"))
    def what(self, entry: AuditEntry) -> SafeString | str:
        """Return what kind of row it was, with a link to it; of several, how many."""
        if not entry.kind:
            return self.get_empty_value_display()
        try:
            kind = apps.get_model(entry.kind)._meta
        except LookupError:  # of an app that is gone
            return entry.kind
        if "rows" in entry.detail:
            return f"{capfirst(kind.verbose_name_plural)}: {entry.detail['rows']}"
        name, ids = capfirst(kind.verbose_name), entry.object_ids
        address = address_of(entry.kind, ids[0]) if ids else ""
        return format_html('<a href="{}">{}</a>', address, name) if address else str(name)

    @admin.display(description=_("detail"))
    def told(self, entry: AuditEntry) -> str:
        """Return the names that an entry holds: of fields, an order, an address."""
        words = (
            ", ".join(value) if isinstance(value, list) else str(value)
            for name, value in entry.detail.items()
            if name != "rows"
        )
        return "; ".join(filter(None, words)).replace("_", " ") or self.get_empty_value_display()

    @admin.display(description=_("ids of the rows"))
    def rows(self, entry: AuditEntry) -> str:
        return ", ".join(entry.object_ids) or self.get_empty_value_display()


def address_of(kind: str, id: str) -> str:
    """Return the address of a row's page; empty: it has none."""
    app_label, model_name = kind.split(".")
    try:
        return reverse(f"admin:{app_label}_{model_name}_change", args=[id])
    except NoReverseMatch:
        return ""
