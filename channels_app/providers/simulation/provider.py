"""A test channel's provider: what it says of messages is the real one's, and what would reach out
over the network is answered here.

A verb that stands neither here nor among the real ones below is not there, so none can reach out by
oversight.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO
from uuid import uuid4

from channels_app.events import ContactEvent, Event
from channels_app.providers.errors import MediaError
from channels_app.providers.optional import Files, FirstContact
from channels_app.providers.protocol import Provider
from channels_app.providers.simulation import webhooks
from channels_app.providers.simulation.recipients import behaviour_of
from channels_app.providers.simulation.webhooks import FollowUp
from channels_app.results import Accepted, Downloaded, HealthReport

if TYPE_CHECKING:
    from channels_app.models import Channel

SECONDS_APART = 1.0  # of what is reported of a message, and of the first from its request
NO_FILES = "Nobody sends files to a test channel."


class Simulated:
    """Acts for the test channels of one provider."""

    def __init__(self, real: Provider) -> None:
        self.real = real
        self.kind, self.window, self.has_addresses = real.kind, real.window, real.has_addresses
        self.reports_delivery = real.reports_delivery
        self.settles_unknown = real.settles_unknown
        self.media_limits = real.media_limits if isinstance(real, Files) else {}
        self.verify, self.lane_of = real.verify, real.lane_of
        self.compose, self.id_faults = real.compose, real.id_faults

    def parse(self, body: bytes, address: str) -> Iterator[Event]:
        return webhooks.parse(body, address)

    def send(
        self,
        channel: "Channel",
        body: dict[str, Any],
        *,
        to: str,
        reference: str,
        quoting: str,
        file_id: str,
    ) -> Accepted:
        if refusal := behaviour_of(to).refusal_of(attempt_of(reference)):
            raise refusal
        return Accepted(external_id=id_of(reference))

    def follow_ups(self, *, to: str, reference: str) -> list[FollowUp]:
        """Return what is reported of a message that was accepted, or whose outcome is unknown."""
        if not self.reports_delivery:
            return []
        told = reference if self.settles_unknown else ""
        return [
            FollowUp(
                body=webhooks.status(each, external_id=id_of(reference), reference=told),
                after=number * SECONDS_APART,
            )
            for number, each in enumerate(behaviour_of(to).reports, 1)
        ]

    def written_by(
        self, channel: "Channel", kind: str, value: str, *, external_id: str, name: str, text: str
    ) -> bytes:
        """Return the webhook of a text from whoever has this address. Raises Unsendable or
        Unstorable for what can be no address.
        """
        sender = (
            self.real.recipient(channel, kind, value)
            if isinstance(self.real, FirstContact)
            else ContactEvent(
                account_id=channel.account_id,
                channel_external_id=channel.external_id,
                contact_ids=((kind, value),),
            )
        )
        return webhooks.message(sender, external_id=external_id, name=name, text=text)

    def health_check(self, channel: "Channel") -> HealthReport:
        return HealthReport(is_working=True)

    def fetch_media(
        self, channel: "Channel", external_id: str, into: BinaryIO, *, at_most: int
    ) -> Downloaded:
        raise MediaError(NO_FILES, "failed")

    def upload_media(
        self, channel: "Channel", file: BinaryIO, *, mime_type: str, filename: str
    ) -> str:
        return f"test-{uuid4().hex}"

    def mark_read(self, channel: "Channel", external_id: str) -> None:
        """Nobody sees it."""

    def show_typing(self, channel: "Channel", external_id: str) -> None:
        """Nobody sees it."""

    def leave(self, channel: "Channel", *, is_last: bool, ends_registration: bool) -> None:
        """Nobody is told."""


def id_of(reference: str) -> str:
    """Return the external id of a message: the same for a request without an answer."""
    return f"test:{reference}"


def attempt_of(reference: str) -> int:
    return int(reference.rpartition(":")[2])
