"""The back-office's pages of messages, conversations, contacts, files, deliveries, dead letters,
webhook endpoints and alerts, and those on which reply strategies are chosen; `home/`: what the
operators' home page tells of them.
"""

from messaging.admin import (
    alerts,
    contacts,
    conversations,
    deliveries,
    home,
    media,
    messages,
    reply_choice,
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
    "reply_choice",
    "webhook_endpoints",
]
