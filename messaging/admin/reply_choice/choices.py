"""What was chosen for tenants and channels: the list."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from channels_app.admin.channel_of_tenant import ChannelFilter
from channels_app.models import Channel
from messaging.admin.reply_choice.page import ChoosingPage
from messaging.admin.reply_choice.standing import Standing
from messaging.models import ReplyChoice
from tenants.admin import times
from tenants.admin.badges import BAD, PLAIN, badge, isolated
from tenants.admin.lists.tenant_filter import TenantFilter
from tenants.models import Tenant


@admin.register(ReplyChoice)
class ReplyChoiceAdmin(ChoosingPage):
    """The page of a row is that on which it is chosen."""

    list_display = ["strategy_shown", "tenant", "channel_shown", "changed"]
    list_select_related = ["tenant", "channel"]
    list_filter = [TenantFilter, ChannelFilter]
    search_fields = ["strategy__exact", "tenant__slug__exact"]
    search_help_text = _("The name of a strategy, or the short name of a tenant.")

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        choice = self.get_object(request, object_id)
        if choice is None:
            return super().change_view(request, object_id, form_url, extra_context)
        if choice.channel_id:
            return self.page(request, Channel, choice.channel_id)
        return self.page(request, Tenant, choice.tenant_id)

    @admin.display(description=_("strategy"))
    def strategy_shown(self, choice: ReplyChoice) -> SafeString:
        standing = Standing(choice)
        return badge(standing.label, PLAIN if standing.is_known else BAD)

    @admin.display(description=_("channel"))
    def channel_shown(self, choice: ReplyChoice) -> SafeString | str:
        channel = choice.channel
        return isolated(channel.number, channel.name) if channel else str(_("all the others"))

    @admin.display(description=_("changed"))
    def changed(self, choice: ReplyChoice) -> SafeString | str:
        return times.ago(choice.changed_at)
