"""WhatsApp's answers to the provider's verbs."""

import hmac
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, BinaryIO

from django.conf import settings
from django.http import QueryDict

from channels_app.content import Content, Fault, Template
from channels_app.events import ContactEvent, Event, Ids
from channels_app.message_parts import MessageParts
from channels_app.models import Channel
from channels_app.providers import (
    Accepted,
    Downloaded,
    HealthReport,
    Lane,
    ListedTemplate,
    SendError,
    TemplateParameter,
    Window,
)
from whatsapp import business, health, message_parts, redaction
from whatsapp.graph import client, thread_control
from whatsapp.id_forms import PERSONAL, address_of
from whatsapp.json_values import Json
from whatsapp.media import transfer
from whatsapp.message_templates import authentication, listing, parameters, validation
from whatsapp.sending import compose
from whatsapp.sending.bodies.media import with_file
from whatsapp.webhooks import parser, person_ids, priority, signature

CHALLENGE_LENGTH = 256
DIGITS = re.compile("[0-9]{1,32}")
NOT_DIGITS = {
    "external_id": (
        "A phone number id is digits alone, and is not the phone number: WhatsApp Manager shows it"
        " under API setup."
    ),
    "account_id": (
        "A WhatsApp Business account id is digits alone: WhatsApp Manager shows it beside the"
        " account's name."
    ),
}


WINDOW = Window(
    lasts=timedelta(hours=24),
    open_to=frozenset({Template.kind}),
    advice="The contact wrote more than 24 hours ago, or never: only a template may be sent.",
)


class WhatsApp:
    """WhatsApp offers every group of verbs there is.

    `window`: Meta's page "Send messages", customer service windows. `idle_after`: Meta's page
    "Conversation Routing". `orders_per_minute`: of the about 500 that Meta takes of an app, some
    are left for who else uses it.
    """

    kind = "whatsapp"
    window: Window | None = WINDOW
    has_addresses = False
    reports_delivery = settles_unknown = True
    media_limits = transfer.LIMITS
    idle_after = timedelta(hours=24)
    orders_per_minute = 400

    def answer_challenge(self, query: QueryDict) -> str | None:
        given = {
            name: query.getlist(f"hub.{name}") for name in ("mode", "verify_token", "challenge")
        }
        expected = settings.WHATSAPP_VERIFY_TOKEN.encode()
        if given["mode"] != ["subscribe"] or len(given["verify_token"]) != 1 or not expected:
            return None
        if not hmac.compare_digest(
            given["verify_token"][0].encode("utf-8", "surrogatepass"), expected
        ):
            return None
        if len(given["challenge"]) != 1 or not 0 < len(given["challenge"][0]) <= CHALLENGE_LENGTH:
            raise ValueError("The challenge is missing, repeated or too long.")
        return given["challenge"][0]

    def verify(self, body: bytes, headers: Mapping[str, str], address: str) -> None:
        signature.verify(body, headers.get("X-Hub-Signature-256"), settings.WHATSAPP_APP_SECRETS)

    def lane_of(self, body: bytes, address: str) -> tuple[Lane, str]:
        return priority.lane_of(body)

    def parse(self, body: bytes, address: str) -> Iterator[Event]:
        return parser.parse(body)

    def without(
        self,
        body: bytes,
        address: str,
        erased: Sequence[Event],
        quoted: Collection[tuple[str, str]],
    ) -> bytes:
        return redaction.without(body, erased, quoted)

    def compose(self, content: Content) -> Json:
        return compose.compose(content)

    def template_faults(self, template: Template, definition: Mapping[str, Any]) -> list[Fault]:
        return validation.template_faults(template, dict(definition))

    def template_recipients(self, definition: Mapping[str, Any], ids: Ids) -> Ids:
        return authentication.recipients_of(dict(definition), ids)

    def template_parameters(self, definition: Mapping[str, Any]) -> list[TemplateParameter]:
        return parameters.parameters_of(dict(definition))

    def template_of(self, raw: Any) -> tuple[str, str] | None:
        return message_parts.template_of(raw)

    def parts_of(self, raw: Any, definition: Mapping[str, Any] | None) -> MessageParts:
        return message_parts.parts_of(raw, dict(definition) if definition else None)

    def recipient(self, channel: Channel, kind: str, value: str) -> ContactEvent:
        return recipient_of(channel, (address_of(kind, value),))

    def send(
        self, channel: Channel, body: Json, *, to: str, reference: str, quoting: str, file_id: str
    ) -> Accepted:
        body = with_file(body, file_id) if file_id else body
        token = channel.secret("access_token")
        wamid, answer = client.send(
            channel.external_id, token=token, body=body, to=to, reference=reference, quoting=quoting
        )
        told = person_ids.recipient_of(answer, to)
        return Accepted(external_id=wamid, recipient=recipient_of(channel, told) if told else None)

    def mark_read(self, channel: Channel, external_id: str) -> None:
        show(channel, compose.read_receipt(external_id))

    def show_typing(self, channel: Channel, external_id: str) -> None:
        show(channel, compose.typing_indicator(external_id))

    def pass_thread(self, channel: Channel, to: str, note: str) -> None:
        order(channel, thread_control.PASS, to, note)

    def release_thread(self, channel: Channel, to: str) -> None:
        order(channel, thread_control.RELEASE, to)

    def take_thread(self, channel: Channel, to: str, note: str) -> None:
        order(channel, thread_control.TAKE, to, note)

    def fetch_media(
        self, channel: Channel, external_id: str, into: BinaryIO, *, at_most: int
    ) -> Downloaded:
        return transfer.download(
            external_id,
            phone_number_id=channel.external_id,
            token=channel.secret("access_token"),
            into=into,
            at_most=at_most,
        )

    def upload_media(
        self, channel: Channel, file: BinaryIO, *, mime_type: str, filename: str
    ) -> str:
        return transfer.upload(
            file,
            phone_number_id=channel.external_id,
            token=channel.secret("access_token"),
            mime_type=mime_type,
            filename=filename,
        )

    def list_templates(self, channel: Channel) -> list[ListedTemplate]:
        return listing.list_templates(channel.account_id, token=channel.secret("access_token"))

    def id_faults(self, *, external_id: str, account_id: str) -> dict[str, str]:
        given = {"external_id": external_id, "account_id": account_id}
        return {name: NOT_DIGITS[name] for name, id in given.items() if not DIGITS.fullmatch(id)}

    def health_check(self, channel: Channel) -> HealthReport:
        return health.check(channel)

    def leave(self, channel: Channel, *, is_last: bool, ends_registration: bool) -> None:
        token = channel.secret("access_token")
        if ends_registration:
            end_registration(channel.external_id, token)
        if is_last:
            business.unsubscribe(channel.account_id, token=token)


def show(channel: Channel, body: Json) -> None:
    client.mark_read(channel.external_id, token=channel.secret("access_token"), body=body)


def order(channel: Channel, action: str, to: str, note: str = "") -> None:
    token = channel.secret("access_token")
    thread_control.control(channel.external_id, action, token=token, to=to, note=note)


def end_registration(phone_number_id: str, token: str) -> None:
    """A number whose registration Meta will not end, or has ended before, stays in nobody's way."""
    try:
        business.deregister(phone_number_id, token=token)
    except SendError as error:
        if error.is_passing:
            raise


def recipient_of(channel: Channel, told: Ids) -> ContactEvent:
    return ContactEvent(
        account_id=channel.account_id,
        channel_external_id=channel.external_id,
        contact_ids=told,
        personal_kinds=PERSONAL,
    )
