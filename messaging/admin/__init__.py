"""What came and what went, to be read by platform staff."""

from messaging.admin import contacts, conversations, deliveries, media, messages

__all__ = ["contacts", "conversations", "deliveries", "media", "messages"]
