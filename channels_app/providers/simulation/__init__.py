"""What acts for a test channel in its provider's place: nobody is asked over the network, and each
recipient behaves as its number says.

In: what would be asked of the provider. Out: its answers, and the webhooks that follow them.
"""

from channels_app.providers.simulation.provider import Simulated
from channels_app.providers.simulation.webhooks import FollowUp

__all__ = ["FollowUp", "Simulated"]
