"""Channels, what happens to them, the templates of their accounts, and the log of events."""

from channels_app.models.channel import Channel, is_token
from channels_app.models.channel_event import ChannelEvent
from channels_app.models.channel_table import ChannelTaken
from channels_app.models.logged_event import EventType, LoggedEvent
from channels_app.models.move import ChannelMove
from channels_app.models.template import MessageTemplate, TemplateReport

__all__ = [
    "Channel",
    "ChannelEvent",
    "ChannelMove",
    "ChannelTaken",
    "EventType",
    "LoggedEvent",
    "MessageTemplate",
    "TemplateReport",
    "is_token",
]
