"""The page of connect links: made and shown once, and looked at."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tenants.admin import times
from tenants.admin.badges import GOOD, PLAIN, WAITS, badge
from tenants.admin.filters import KindFilter
from tenants.admin.lists.tenant_filter import TenantFilter
from tenants.admin.shown_once import ShownOnce
from tenants.connect_links.making import LinkRefused, new
from tenants.connect_links.opening import address_of
from tenants.members.connect_pages import link_pages
from tenants.models import ConnectLink
from tenants.naming import kind_of_channel

STATES = {
    "new": (_("new"), WAITS),
    "opened": (_("opened"), WAITS),
    "used": (_("used"), GOOD),
    "expired": (_("expired"), PLAIN),
}
MOST_HOURS = 30 * 24


class ConnectLinkForm(forms.ModelForm):
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=lambda: [(kind, kind_of_channel(kind)) for kind in sorted(link_pages())],
    )
    return_url = forms.CharField(
        label=_("Return address"),
        widget=forms.TextInput(attrs={"size": 80}),
        help_text=_("Where the owner is led afterwards, with connect=done and channel=ID."),
    )
    hours = forms.IntegerField(
        label=_("Hours"),
        initial=24,
        min_value=1,
        max_value=MOST_HOURS,
        help_text=_("How long the link is good."),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse what `new` refuses; the link that it returns is the one that is saved."""
        given: dict[str, Any] = super().clean() or {}
        if self.errors:
            return given
        expires_at = timezone.now() + timedelta(hours=given["hours"])
        try:
            self.instance = new(
                self.instance.tenant_id, given["kind"], given["return_url"], expires_at, ""
            )
        except LinkRefused as refused:
            self.add_error(None, str(refused))
        return given


class LinkFilter(KindFilter):
    def kinds(self) -> Iterable[str]:
        return sorted(link_pages())


@admin.register(ConnectLink)
class ConnectLinkAdmin(ShownOnce):
    making = _("Make a connect link")
    form = ConnectLinkForm
    list_display = ["created", "tenant", "shown_kind", "state_badge", "expires", "created_by"]
    list_select_related = ["tenant"]
    list_filter = [TenantFilter, LinkFilter]
    sortable_by = ["created", "expires", "created_by"]
    search_fields = ["id__exact", "tenant__slug__exact", "channel_id__exact"]
    search_help_text = _("A link's or a channel's id, or a tenant's slug.")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ["tenant", "kind", "return_url", "hours"]
        moments = ["created_at", "expires_at", "opened_at", "used_at"]
        return ["tenant", "kind", "state_badge", "return_url", *moments, "channel_id", "created_by"]

    def save_model(self, request: HttpRequest, obj: ConnectLink, form: Any, change: bool) -> None:
        obj.created_by = request.user.get_username()
        obj.save(force_insert=True)

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: Any = None
    ) -> HttpResponse:
        return self.show_once(request, obj, title=gettext("The new link"), address=address_of(obj))

    @admin.display(description=_("created"), ordering="created_at")
    def created(self, link: ConnectLink) -> SafeString | str:
        return times.ago(link.created_at)

    @admin.display(description=_("expires"), ordering="expires_at")
    def expires(self, link: ConnectLink) -> SafeString | str:
        return times.ago(link.expires_at)

    @admin.display(description=_("kind"), ordering="kind")
    def shown_kind(self, link: ConnectLink) -> str:
        return kind_of_channel(link.kind)

    @admin.display(description=_("state"))
    def state_badge(self, link: ConnectLink) -> SafeString:
        return badge(*STATES[link.state])
