"""The provider's window: when a contact may be written to freely, and with what while it is closed.

A group has no window. The same rule is decided again right before the POST, in SQL
(messages/mark_messages.sql), from what `windows()` says of every provider.
"""

from django.utils import timezone

from channels_app import providers
from channels_app.content import Content
from channels_app.providers import Provider
from messaging.models import Conversation


def fault_of(provider: Provider, conversation: Conversation, content: Content) -> str:
    """Return why the window keeps `content` from being sent now; empty where it does not."""
    window = provider.window
    if window is None or content.kind in window.open_to or conversation.group_external_id:
        return ""
    closes_at = conversation.window_closes_at
    return "" if closes_at is not None and closes_at > timezone.now() else window.advice


def windows() -> dict[str, list[str]]:
    """Return the kinds of channels with a window, and "KIND CONTENT" for what it is open to."""
    known = {kind: providers.get(kind).window for kind in providers.kinds()}
    return {
        "windowed": [kind for kind, window in known.items() if window],
        "exempt": [
            f"{kind} {content_kind}"
            for kind, window in known.items()
            if window
            for content_kind in sorted(window.open_to)
        ],
    }
