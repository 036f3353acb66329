"""Channels, what happens to them, and the templates of their accounts, for platform staff."""

from channels_app.admin import channel_events, channels, moves, templates

__all__ = ["channel_events", "channels", "moves", "templates"]
