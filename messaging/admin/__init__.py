"""The back-office's pages of messages, conversations, contacts, files, deliveries and alerts."""

from messaging.admin import alerts, contacts, conversations, deliveries, media, messages

__all__ = ["alerts", "contacts", "conversations", "deliveries", "media", "messages"]
