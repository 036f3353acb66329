"""The few verbs that a channel's provider answers to."""

from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from django.http import QueryDict

from channels_app.content import Content, Template
from channels_app.events import Event, Ids
from channels_app.results import Accepted, Downloaded, Examination, ListedTemplate

if TYPE_CHECKING:
    # a provider registers itself before models may be imported
    from channels_app.models import Channel


class Lane(IntEnum):
    """Which queue a webhook waits in: people's messages go before what only reports."""

    MESSAGES = 0
    STATUSES = 1
    OTHER = 2


class Provider(Protocol):
    kind: str
    # the kinds of file that can be sent, and how many bytes one may have
    media_limits: Mapping[str, int]

    def answer_challenge(self, query: QueryDict) -> str | None:
        """The text that proves the webhook address is ours; None: refused. ValueError: asked
        wrongly.
        """

    def verify(self, body: bytes, headers: Mapping[str, str]) -> None:
        """Raises InvalidSignature unless the provider sent exactly these bytes."""

    def lane_of(self, body: bytes) -> tuple[Lane, str]:
        """How urgent the body is, and a word for whose it is: guesses from its bytes, for
        scheduling alone. Never raises.
        """

    def parse(self, body: bytes) -> Iterable[Event]:
        """What the body says, item by item. Pure; never raises for what a body holds."""

    def compose(self, content: Content) -> dict[str, Any]:
        """The provider's own form of what is to be said, checked for all that it would refuse;
        raises Unsendable. Pure.
        """

    def template_faults(self, template: Template, definition: Mapping[str, Any]) -> list[str]:
        """Why this template, as the provider lists it, cannot be sent so: a sentence a fault.
        Pure.
        """

    def template_recipients(self, definition: Mapping[str, Any], ids: Ids) -> Ids:
        """Those of a contact's ids that the template may be addressed to, in their order; raises
        Unsendable for none. Pure.
        """

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
        """Send what was composed, or raise SendError. `reference` comes back in its status updates;
        `quoting`: the external id of a message that it answers; `file_id`: the provider's id of the
        stored file that it carries.
        """

    def mark_read(self, channel: "Channel", external_id: str, *, is_answering: bool) -> None:
        """Show the contact that their message was read, and that an answer is being written; raises
        SendError.
        """

    def fetch_media(
        self, channel: "Channel", external_id: str, into: BinaryIO, *, at_most: int
    ) -> Downloaded:
        """Writes the provider's file, which may have `at_most` bytes, into `into`, or raises
        MediaError.

        What was written before an error is void. Takes up to a minute for 16 MB, and at most that
        long for each 16 MB more.
        """

    def upload_media(
        self, channel: "Channel", file: BinaryIO, *, mime_type: str, filename: str
    ) -> str:
        """The provider's id of the file, which messages can name, or raises MediaError. `file` is
        read from its beginning.
        """

    def list_templates(self, channel: "Channel") -> list[ListedTemplate]:
        """All the message templates of the channel's account, or raises SendError."""

    def id_faults(self, *, external_id: str, account_id: str) -> Mapping[str, str]:
        """Return which of the two can be no id of the provider's, with a sentence for who typed it.
        Pure.
        """

    def check(self, channel: "Channel") -> str:
        """A sentence that the channel works, or raises ChannelNotUsable."""

    def examine(self, channel: "Channel") -> Examination:
        """Everything that can be wrong with a channel that is connected; raises SendError where it
        cannot be asked now.
        """

    def leave(self, channel: "Channel", *, is_last: bool, ends_registration: bool) -> None:
        """Have the provider send nothing more of it, or raise SendError; `is_last`: nor of its
        account.
        """
