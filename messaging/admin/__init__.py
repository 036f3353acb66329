"""The back-office's pages of messages, conversations, contacts, files, deliveries, dead letters,
webhook endpoints and alerts; `home/`: what the operators' home page tells of them.
"""

from messaging.admin import (
    alerts,
    contacts,
    conversations,
    deliveries,
    home,
    media,
    messages,
    webhook_endpoints,
)

__all__ = [
    "alerts",
    "contacts",
    "conversations",
    "deliveries",
    "home",
    "media",
    "messages",
    "webhook_endpoints",
]
