"""Orders about channels: have them checked and their templates fetched, disconnect them."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from channels_app import tasks, template_sync
from channels_app.lifecycle import health_check
from channels_app.models import Channel
from tenants.admin import PlatformAdmin
from tenants.admin.confirming import Question, order

WORDS: dict[str, Any] = {"permission": "change", "noun": (_("channel"), _("channels"))}
DISCONNECT = Question(
    _("Disconnect this channel?"),
    _(
        "Nothing comes in or leaves any more, and what waits to be sent is cancelled. The provider"
        " is told, and the token is forgotten: to connect again, a new token is needed. What was"
        " written stays."
    ),
    of_several=_("Disconnect these channels?"),
)


class ChannelOrders(PlatformAdmin):
    """Has the actions, and a button for each that is possible now."""

    @order(
        _("Check the connection"),
        done=_("being checked: see its health in a moment"),
        otherwise=_("The rest is not connected, or has no token."),
        **WORDS,
    )
    def check_connection(
        self, request: HttpRequest, queryset: QuerySet[Channel]
    ) -> Collection[UUID]:
        chosen = list(queryset.filter(id__in=health_check.to_be_checked().values("id")))
        tasks.check_soon(chosen)
        return [channel.id for channel in chosen]

    @order(
        _("Fetch the message templates of their accounts"),
        done=_("asked for the templates of its account"),
        otherwise=_("The rest shares an account with one of these, or is not connected."),
        **WORDS,
    )
    def fetch_templates(
        self, request: HttpRequest, queryset: QuerySet[Channel]
    ) -> Collection[UUID]:
        asked = list(template_sync.one_channel_an_account(queryset))
        tasks.fetch_templates_soon(asked)
        return [channel.id for channel in asked]

    @order(
        _("Disconnect: nothing comes or leaves any more"),
        done=_("disconnected"),
        otherwise=_("The rest was disconnected before."),
        asks=DISCONNECT,
        **WORDS,
    )
    def disconnect(self, request: HttpRequest, queryset: QuerySet[Channel]) -> Collection[UUID]:
        by = request.user.get_username()
        return [
            channel.id for channel in queryset.order_by("id") if tasks.disconnect(channel, by=by)
        ]

    def orders_for(self, request: HttpRequest, row: Channel) -> dict[str, str]:
        if row.status == Channel.Status.DISCONNECTED:
            return {}
        return super().orders_for(request, row)

    def in_words(self, row: Channel) -> str:
        return f"{row.number} {row.name}".strip()
