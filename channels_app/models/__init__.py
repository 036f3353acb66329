"""Channels, what happens to them, and the templates of their accounts."""

from channels_app.models.channel import Channel, is_token
from channels_app.models.channel_event import ChannelEvent
from channels_app.models.channel_table import ChannelTaken
from channels_app.models.move import ChannelMove
from channels_app.models.template import MessageTemplate, TemplateReport

__all__ = [
    "Channel",
    "ChannelEvent",
    "ChannelMove",
    "ChannelTaken",
    "MessageTemplate",
    "TemplateReport",
    "is_token",
]
