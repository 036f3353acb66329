"""Channels, what happens to them, and the templates of their accounts, for platform staff."""

from channels_app.admin import channels, moves, notices, templates

__all__ = ["channels", "moves", "notices", "templates"]
