"""The provider's window: when a contact may be written to freely, and with what while it is closed.

A group has no window. The same rule is decided again right before the POST, in SQL
(messages/mark_messages.sql), from what `windows()` says of every provider.
"""

from django.utils import timezone

from channels_app import providers
from channels_app.content import Content, Fault, FaultCode
from channels_app.providers import Provider
from messaging.models import Conversation


def fault_of(provider: Provider, conversation: Conversation, content: Content) -> Fault | None:
    """Return why the window keeps `content` from being sent now; None where it does not."""
    window = provider.window
    if window is None or content.kind in window.open_to or conversation.group_external_id:
        return None
    closes_at = conversation.window_closes_at
    if closes_at is not None and closes_at > timezone.now():
        return None
    return Fault(window.advice, code=FaultCode.WINDOW_CLOSED)


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
