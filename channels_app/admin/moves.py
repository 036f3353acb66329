"""Numbers that went from one tenant to another: the record, to be read."""

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from channels_app.models import ChannelMove
from tenants.admin import HistoryAdmin, times
from tenants.admin.badges import isolated
from tenants.models import Tenant, User


@admin.register(ChannelMove)
class ChannelMoveAdmin(HistoryAdmin):
    """A move outlives the tenants and people that it names: their ids stand on its page."""

    list_display = ["moved", "__str__", "taken_from", "given_to", "ordered_by"]
    search_fields = ["external_id__exact"]
    search_help_text = _("A number's whole id at its provider.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ChannelMove]:
        people = User.objects.filter(id=OuterRef("by_user_id")).values("username")
        return (
            super()
            .get_queryset(request)
            .annotate(
                from_name=name_of("from_tenant_id"),
                to_name=name_of("to_tenant_id"),
                by_name=Subquery(people),
            )
        )

    @admin.display(description=_("moved"))
    def moved(self, move: ChannelMove) -> SafeString | str:
        return times.ago(move.moved_at)

    @admin.display(description=_("from tenant"))
    def taken_from(self, move: Any) -> SafeString:
        return isolated(move.from_name or str(move.from_tenant_id))

    @admin.display(description=_("to tenant"))
    def given_to(self, move: Any) -> SafeString:
        return isolated(move.to_name or str(move.to_tenant_id))

    @admin.display(description=_("ordered by"))
    def ordered_by(self, move: Any) -> SafeString | str:
        return isolated(move.by_name or str(_("a connect link")))


def name_of(column: str) -> Subquery:
    """Return the name of the tenant whose id stands in the column."""
    return Subquery(Tenant.objects.filter(id=OuterRef(column)).values("name"))
