"""What a channel's page tells of it and nobody sets there."""

from datetime import datetime

from django.contrib import admin
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from channels_app.lifecycle import health_check
from channels_app.models import Channel, ChannelEvent
from channels_app.models.channel import SENDING
from channels_app.models.channel_table import CHECK
from channels_app.models.standing import BEING_ASKED
from tenants import naming
from tenants.admin import times
from tenants.admin.badges import BAD, GOOD, PLAIN, WAITS, badge


class ChannelTold:
    """Read-only fields of a channel."""

    @admin.display(description=_("kind"))
    def kind_shown(self, channel: Channel) -> str:
        kind = naming.kind_of_channel(channel.kind)
        return gettext("%(kind)s, test channel") % {"kind": kind} if channel.is_test else kind

    @admin.display(description=_("phone number"))
    def number_shown(self, channel: Channel) -> str:
        return channel.number if channel.phone_number else gettext("not known yet")

    @admin.display(description=_("token"))
    def token_stored(self, channel: Channel) -> SafeString:
        if channel.credentials:
            return badge(_("stored, sealed"), GOOD)
        return badge(_("none"), PLAIN)

    @admin.display(description=_("what the provider said of it"))
    def proof(self, channel: Channel) -> SafeString:
        if channel.status_reason == BEING_ASKED:
            return badge(_("being asked: open the page again in a moment"), WAITS)
        if not (found := channel.health.get(CHECK)):
            return badge(_("not asked yet"), PLAIN)
        fault, at = health_check.finding_of(channel), datetime.fromisoformat(found["at"])
        said = badge(_("something is to be repaired"), BAD) if fault else badge(_("accepted"), GOOD)
        return format_html("{} {} <bdi>{}</bdi>", said, times.ago(at), fault)

    @admin.display(description=_("which of the responders we are"))
    def role(self, channel: Channel) -> str:
        return channel.thread_role or gettext("not known")

    @admin.display(description=_("health"))
    def reported(self, channel: Channel) -> SafeString:
        words = [
            {
                "word": word.replace("_", " "),
                "value": known["value"],
                "since": datetime.fromisoformat(known["at"]),
            }
            for word, known in sorted(channel.health.items())
            if word != SENDING
        ]
        return render_to_string("admin/channels/channel/health.html", {"health": words})

    @admin.display(description=_("history"))
    def history(self, channel: Channel) -> SafeString:
        newest = ChannelEvent.objects.newest_of(channel) if channel.created_at else []
        return render_to_string("admin/channels/channel/events.html", {"events": newest})
