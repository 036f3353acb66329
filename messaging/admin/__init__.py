"""The back-office's pages of messages, conversations, contacts, files, deliveries, webhook
endpoints and alerts.
"""

from messaging.admin import (
    alerts,
    contacts,
    conversations,
    deliveries,
    media,
    messages,
    webhook_endpoints,
)

__all__ = [
    "alerts",
    "contacts",
    "conversations",
    "deliveries",
    "media",
    "messages",
    "webhook_endpoints",
]
