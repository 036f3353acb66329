"""What came and what went, to be read by platform staff."""

from messaging.admin import alerts, contacts, conversations, deliveries, media, messages

__all__ = ["alerts", "contacts", "conversations", "deliveries", "media", "messages"]
