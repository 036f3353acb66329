"""Who acts for a channel: its provider, or what stands in its place for a test channel."""

from typing import TYPE_CHECKING

from channels_app.providers.protocol import Provider
from channels_app.providers.registry import get
from channels_app.providers.simulation import Simulated
from channels_app.simulated_ids import is_test_id

if TYPE_CHECKING:
    from channels_app.models import Channel


def acting_for(channel: "Channel") -> Provider:
    """Return what is asked to send, and whatever else reaches out. Raises UnknownProvider."""
    return simulated_for(channel) or get(channel.kind)


def simulated_for(channel: "Channel") -> Simulated | None:
    """Return what stands in the provider's place; None for a channel that is no test channel.
    Raises UnknownProvider.
    """
    return Simulated(get(channel.kind)) if channel.is_test else None


def acting_at(kind: str, address: str) -> Provider:
    """Return what reads the webhooks of this address. Raises UnknownProvider."""
    real = get(kind)
    return Simulated(real) if is_test_id(address) else real
