"""WhatsApp's answers to the provider's verbs."""

import hmac
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from django.conf import settings
from django.http import QueryDict

from channels_app.events import Event
from channels_app.models import Channel
from channels_app.providers import ChannelNotUsable, Downloaded, Lane, SendError
from channels_app.sealing import CannotOpen
from whatsapp import client, lanes, media, parser, signature

CHALLENGE_LENGTH = 256


class WhatsApp:
    kind = "whatsapp"
    media_limits = media.LIMITS

    def answer_challenge(self, query: QueryDict) -> str | None:
        given = {name: query.getlist(f"hub.{name}") for name in ("mode", "verify_token", "challenge")}
        expected = settings.WHATSAPP_VERIFY_TOKEN.encode()
        if given["mode"] != ["subscribe"] or len(given["verify_token"]) != 1 or not expected:
            return None
        if not hmac.compare_digest(given["verify_token"][0].encode("utf-8", "surrogatepass"), expected):
            return None
        if len(given["challenge"]) != 1 or not 0 < len(given["challenge"][0]) <= CHALLENGE_LENGTH:
            raise ValueError("The challenge is missing, repeated or too long.")
        return given["challenge"][0]

    def verify(self, body: bytes, headers: Mapping[str, str]) -> None:
        signature.verify(body, headers.get("X-Hub-Signature-256"), settings.WHATSAPP_APP_SECRETS)

    def lane_of(self, body: bytes) -> tuple[Lane, str]:
        return lanes.lane_of(body)

    def parse(self, body: bytes) -> Iterator[Event]:
        return parser.parse(body)

    def send_text(self, channel: Channel, *, to: str, text: str, reference: str) -> str:
        return client.send(
            channel.external_id,
            token=channel.secrets()["access_token"],
            message={"type": "text", "text": {"body": text}},
            to=to,
            reference=reference,
        )

    def fetch_media(self, channel: Channel, external_id: str, into: BinaryIO, *, at_most: int) -> Downloaded:
        return media.download(
            external_id,
            phone_number_id=channel.external_id,
            token=channel.secrets()["access_token"],
            into=into,
            at_most=at_most,
        )

    def upload_media(self, channel: Channel, file: BinaryIO, *, mime_type: str, filename: str) -> str:
        return media.upload(
            file,
            phone_number_id=channel.external_id,
            token=channel.secrets()["access_token"],
            mime_type=mime_type,
            filename=filename,
        )

    def check(self, channel: Channel) -> str:
        try:
            number = client.phone_number(channel.external_id, token=channel.secrets()["access_token"])
        except (SendError, CannotOpen) as error:
            raise ChannelNotUsable(f"WhatsApp does not accept the channel: {error}") from None
        return f"WhatsApp answers for {number.get('verified_name') or 'the number'}."
