"""The sample channel's provider, and its other side: what was sent, and what it is to answer.

An update is JSON, {"chat": "ada", "message": 7, "name": "Ada", "text": "Hello"}, and comes to the
channel's own address with a secret in a header. Ids of messages are unique within a chat alone.
There are no accounts, so a channel's id is its account's, too.
"""

import hmac
import json
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any

from channels_app.content import Content, Fault, Text, Unsendable
from channels_app.events import Event, InboundMessage, Rejected
from channels_app.models import Channel
from channels_app.providers import Accepted, HealthReport, InvalidSignature, Lane, SendError, Window
from channels_app.storable import Unstorable
from tenants.encryption import keyed_hashes

HEADER = "X-Sample-Secret"
PURPOSE = "the sample channel's webhooks"
LONGEST_TEXT = 100
REVOKED = "The token was revoked: connect the channel again."


def secret_of(address: str) -> str:
    """The secret that the provider is given with an address; no row is read to prove it."""
    return keyed_hashes(address, PURPOSE)[0].hex()


class SampleChannel:
    """`outbox`: what was sent; `script`: the errors that the next requests raise;
    `revoked`: tokens that it refuses.
    """

    kind = "sample"
    window: Window | None = None
    has_addresses = True
    reports_delivery = settles_unknown = False

    def __init__(self) -> None:
        self.outbox: list[dict[str, Any]] = []
        self.script: deque[Exception] = deque()
        self.revoked: set[str] = set()

    def verify(self, body: bytes, headers: Mapping[str, str], address: str) -> None:
        given = headers.get(HEADER, "").encode()
        if not given:
            raise InvalidSignature(401)
        secrets = [each.hex().encode() for each in keyed_hashes(address, PURPOSE)]
        if not any(hmac.compare_digest(given, secret) for secret in secrets):
            raise InvalidSignature(403)

    def lane_of(self, body: bytes, address: str) -> tuple[Lane, str]:
        return Lane.MESSAGES, address[:64]

    def parse(self, body: bytes, address: str) -> Iterator[Event]:
        where = {"account_id": address, "channel_external_id": address}
        try:
            update = json.loads(body)
            yield InboundMessage(
                contact_ids=(("phone", update["chat"]),),
                contact_name=update.get("name", ""),
                external_id=f"{update['chat']}:{update['message']}",
                text=update["text"],
                reply_to=update["chat"],
                raw=update,
                **where,
            )
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError, Unstorable):
            yield Rejected(reason="It is no update of the sample channel.", **where)

    def compose(self, content: Content) -> dict[str, Any]:
        if not isinstance(content, Text):
            raise Unsendable("The sample channel sends texts alone.")
        if not 0 < len(content.body) <= LONGEST_TEXT:
            raise Unsendable(Fault(f"A text has 1 to {LONGEST_TEXT} characters.", "/body"))
        return {"text": content.body}

    def send(
        self,
        channel: Channel,
        body: dict[str, Any],
        *,
        to: str,
        reference: str,
        quoting: str,
        file_id: str,
    ) -> Accepted:
        if self.script:
            raise self.script.popleft()
        if channel.secret("access_token") in self.revoked:
            parked = Channel.Status.NEEDS_REAUTH
            raise SendError(REVOKED, then="held", parks=parked, recovers_by=Channel.Recovery.CHECK)
        self.outbox.append({"from": channel.external_id, "to": to, "quoting": quoting, **body})
        return Accepted(external_id=f"{to}:{1000 + len(self.outbox)}")

    def health_check(self, channel: Channel) -> HealthReport:
        if channel.secret("access_token") in self.revoked:
            return HealthReport(is_refused=True, faults=(REVOKED,))
        return HealthReport(is_working=True)

    def id_faults(self, *, external_id: str, account_id: str) -> Mapping[str, str]:
        same = "The sample channel has no accounts: repeat the channel's id."
        return {} if external_id == account_id else {"account_id": same}
