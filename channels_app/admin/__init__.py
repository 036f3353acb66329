"""Channels, what happens to them, and the templates of their accounts, for platform staff."""

from channels_app.admin import channels, notices, templates

__all__ = ["channels", "notices", "templates"]
