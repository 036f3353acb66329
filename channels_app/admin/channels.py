"""A channel: what staff may set, and what its provider says of it."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from channels_app import tasks
from channels_app.admin import fieldsets
from channels_app.admin.channel_filters import (
    CheckFilter,
    ProviderFilter,
    RepairFilter,
    SharedFilter,
)
from channels_app.admin.moving import Moves
from channels_app.admin.told import ChannelTold
from channels_app.forms import ChannelForm
from channels_app.lifecycle import health_check
from channels_app.models import Channel
from tenants.admin.badges import BAD, GOOD, PLAIN, WAITS, badge, isolated
from tenants.admin.base import columns_changed
from tenants.admin.beside import TellsBeside
from tenants.admin.lists.tenant_filter import TenantFilter
from tenants.admin.made_for_tenants import MadeForTenants
from tenants.models import Tenant

TONES = {"live": GOOD, "pending": WAITS, "needs_reauth": BAD, "restricted": BAD}
ASKED = {
    True: _(
        "The provider is being asked; the channel goes on with it as soon as it accepts the token."
        " Open the page again to see what it said."
    ),
    False: _(
        "The provider is being asked; the channel is live as soon as it accepts the token. Open the"
        " page again to see what it said."
    ),
}


@admin.register(Channel)
class ChannelAdmin(ChannelTold, Moves, TellsBeside, MadeForTenants):
    """A channel stays with its tenant and its number: another owner is another channel."""

    making = _("Connect a channel")
    form = ChannelForm
    list_display = [
        "channel",
        "tenant",
        "state",
        "to_repair",
        "has_token",
        "external_id",
        "connected_at",
    ]
    list_filter = [
        TenantFilter,
        "status",
        RepairFilter,
        CheckFilter,
        SharedFilter,
        ProviderFilter,
        "is_test",
    ]
    sortable_by = ["channel", "state", "connected_at"]
    list_select_related = ["tenant"]
    search_fields = [
        "external_id__exact",
        "account_id__exact",
        "phone_number",
        "name",
    ]
    search_help_text = _(
        "A part of a phone number in digits, or of a channel's or a tenant's name; a number's or an"
        " account's whole id at its provider; or a tenant's short name."
    )
    readonly_fields = [
        *("id", "kind_shown", "number_shown", "status_reason", "recovers_by", "parked_at"),
        *("token_stored", "proof", "token_expires_at", "connected_at", "created_at", "shared_at"),
        *("role", "reported", "history"),
    ]
    actions = ["check_connection", "fetch_templates", "disconnect"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Channel], search_term: str
    ) -> tuple[QuerySet[Channel], bool]:
        """Find tenants first: joined, they would be looked up for each channel."""
        found, has_doubles = super().get_search_results(request, queryset, search_term)
        words = search_term.strip()
        if not words:
            return found, has_doubles
        tenants = Tenant.objects.filter(Q(slug=words) | Q(name__icontains=words)).values("id")
        return found | queryset.filter(tenant__in=tenants), has_doubles

    @admin.display(description=_("channel"), ordering="name")
    def channel(self, channel: Channel) -> SafeString:
        return isolated(channel.number, channel.name)

    @admin.display(description=_("status"), ordering="status")
    def state(self, channel: Channel) -> SafeString:
        told = channel.get_status_display()
        if channel.is_test:
            told = gettext("%(status)s, test") % {"status": told}
        return badge(told, TONES.get(channel.status, PLAIN))

    @admin.display(description=_("what is wrong"))
    def to_repair(self, channel: Channel) -> str:
        found = channel.status_reason or health_check.finding_of(channel)
        return Truncator(found).chars(120)

    @admin.display(boolean=True, description=_("token"))
    def has_token(self, channel: Channel) -> bool:
        return bool(channel.credentials)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        fixed = ["kind", "is_test", "external_id"] if obj else []
        made_here = ["account_id"] if obj and obj.is_test else []
        return [*fixed, *made_here, *super().get_readonly_fields(request, obj)]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return fieldsets.of_row(obj) if obj else fieldsets.NEW

    def save_model(self, request: HttpRequest, obj: Channel, form: Any, change: bool) -> None:
        """Save what the form changed, and the standing that it orders: without an order the channel
        stays parked, or disconnected, as it is by now.
        """
        chosen = obj.status
        if change:
            obj.lock_standing()
        if form.asks_provider:
            obj.await_proof()
        elif chosen in Channel.PARKED and "status" in form.changed_data:
            obj.park_by_staff(chosen)
        obj.save_settings(*{*columns_changed(form), *Channel.STANDING})
        if form.asks_provider:
            tasks.prove_soon(obj)
            said = ASKED[obj.status == Channel.Status.LIVE]
            self.message_user(request, str(said), messages.INFO)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
