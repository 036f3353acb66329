"""The fields of a channel's page: those alone that say something of the channel as it is now."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from channels_app.models import Channel

ABOUT_TOKENS = _(
    "With a new token the provider is asked at once whether it shows this number. A channel that is"
    " live goes on with it, and stops only if it is refused; any other is live as soon as it is"
    " accepted. The audit log keeps who replaced it."
)
MESSAGES = (_("Messages"), {"fields": ["auto_reply", "messages_per_second"]})
NEW: list[Any] = [
    (None, {"fields": ["tenant", "kind", "is_test", "external_id", "account_id", "name"]}),
    (_("Connection"), {"fields": ["access_token"]}),
    MESSAGES,
]


def of_row(channel: Channel) -> list[Any]:
    """Return the fieldsets of a channel that there is."""
    ids = ["tenant", "kind_shown", "number_shown", "external_id", "account_id", "name"]
    token = ["token_stored", "proof", "token_expires_at", "access_token"]
    return [
        (None, {"fields": ids}),
        (_("Connection"), {"fields": list(connection_of(channel))}),
        (_("Access token"), {"fields": token, "description": ABOUT_TOKENS}),
        MESSAGES,
        (_("Other responders"), {"fields": ["shared_at", "role", "takes_idle_threads"]}),
        (_("What the provider says"), {"fields": ["reported", "history"]}),
        (_("This row"), {"fields": ["id", "created_at"], "classes": ["collapse"]}),
    ]


def connection_of(channel: Channel) -> Iterator[str]:
    """Yield the fields of its status: of one that is not live, why; of one that is parked, since
    when and until what.
    """
    yield "status"
    if channel.status_reason:
        yield "status_reason"
    if channel.status in Channel.PARKED:
        yield from ("parked_at", "recovers_by")
    yield "connected_at"
