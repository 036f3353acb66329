"""The filter by channel: one of the tenant whose rows are shown."""

from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from channels_app.models import Channel
from tenants.admin.lists.tenant_filter import TENANT_VAR, tenant_called

MOST_LISTED = 30


class ChannelFilter(admin.SimpleListFilter):
    """Offers nothing until a tenant is chosen. A link may name a channel alone."""

    title = _("channel")
    parameter_name = "channel"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        tenant = tenant_called(request.GET.get(TENANT_VAR, "").strip())
        if tenant:
            channels = list(Channel.objects.filter(tenant=tenant).order_by("-id")[:MOST_LISTED])
        else:
            channels = [self.channel] if self.channel else []
        return [(str(each.id), f"{each.name} {each.number}".strip()) for each in channels]

    @cached_property
    def channel(self) -> Channel | None:
        """The channel that is asked for."""
        try:
            return Channel.objects.filter(id=UUID(self.value() or "")).first()
        except ValueError:
            return None

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return queryset
        if self.channel is None:
            return queryset.none()
        # with its tenant: indexes begin with it
        return queryset.filter(tenant=self.channel.tenant_id, channel=self.channel)
