"""What a provider may offer beside the verbs of protocol.py. It offers all of a group, or none.

Who needs a group asks with `isinstance(provider, Files)`; what a provider does not offer is not
done, and is no fault.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol, runtime_checkable

from django.http import QueryDict

from channels_app.content import Template
from channels_app.events import ContactEvent, Event, Ids
from channels_app.message_parts import MessageParts
from channels_app.results import Downloaded, ListedTemplate, TemplateParameter

if TYPE_CHECKING:
    from channels_app.models import Channel


@runtime_checkable
class Challenges(Protocol):
    """The provider asks whether a webhook's address is ours before it sends there."""

    def answer_challenge(self, query: QueryDict) -> str | None:
        """Return the text that proves it; None: refused. Raises ValueError: asked wrongly."""


@runtime_checkable
class Files(Protocol):
    """Files come in and go out. `media_limits`: the kinds that can be sent, each with its bytes."""

    media_limits: Mapping[str, int]

    def fetch_media(
        self, channel: "Channel", external_id: str, into: BinaryIO, *, at_most: int
    ) -> Downloaded:
        """Write the provider's file, of at most so many bytes, into `into`, or raise MediaError.

        What was written before an error is void. Takes up to a minute for 16 MB, and at most that
        long for each 16 MB more.
        """

    def upload_media(
        self, channel: "Channel", file: BinaryIO, *, mime_type: str, filename: str
    ) -> str:
        """Return the provider's id of the file, which messages can name, or raise MediaError.

        `file` is read from its beginning.
        """


@runtime_checkable
class FirstContact(Protocol):
    """A person who never wrote can be written to, at an address that the business knows."""

    def recipient(self, channel: "Channel", kind: str, value: str) -> ContactEvent:
        """Return whose address it is, with the ids that it gives of them, or raise Unsendable.
        Pure.
        """


@runtime_checkable
class Templates(Protocol):
    """An account has templates that the provider has approved, and that messages are made of."""

    def template_faults(self, template: Template, definition: Mapping[str, Any]) -> Sequence[str]:
        """Return why this template, as the provider lists it, cannot be sent so. Pure.

        A sentence for each fault, or a Fault, which also says where in the template it is.
        """

    def template_recipients(self, definition: Mapping[str, Any], ids: Ids) -> Ids:
        """Return those of a contact's ids that it may be addressed to, in their order. Pure.

        Raises Unsendable where there is none.
        """

    def template_parameters(self, definition: Mapping[str, Any]) -> Sequence[TemplateParameter]:
        """Return what a sender is to fill in, as the provider lists the template, in the order of a
        form. Pure.
        """

    def list_templates(self, channel: "Channel") -> list[ListedTemplate]:
        """Return all the templates of the channel's account, or raise SendError."""


@runtime_checkable
class Legible(Protocol):
    """What a message looked like can be read from its row (Message.raw), for people to see."""

    def template_of(self, raw: Any) -> tuple[str, str] | None:
        """Return the name and language of the template that it is made of; None: of none. Pure."""

    def parts_of(self, raw: Any, definition: Mapping[str, Any] | None) -> MessageParts:
        """Return its parts as both sides saw them; never raises. `definition`: its template, as the
        provider lists it, where it has one and that is known. Pure.
        """


@runtime_checkable
class ReadReceipts(Protocol):
    """The contact can see that what they wrote was read."""

    def mark_read(self, channel: "Channel", external_id: str) -> None:
        """Show the contact that this message and all before it were read, or raise SendError."""


@runtime_checkable
class Typing(Protocol):
    """The contact can see that an answer is being written."""

    def show_typing(self, channel: "Channel", external_id: str) -> None:
        """Show it below the contact's message of this id, or raise SendError."""


@runtime_checkable
class ThreadControl(Protocol):
    """Several responders share a channel: a thread has one of them as its owner, who gives it away
    or takes it.

    `idle_after`: so long after the contact's last message nobody has the thread any more.
    `orders_per_minute`: how many orders the provider takes of all our channels together.
    """

    idle_after: timedelta
    orders_per_minute: int

    def pass_thread(self, channel: "Channel", to: str, note: str) -> None:
        """Give the contact's thread to the other responder, with a note of at most 2,000 characters
        for it, or raise SendError. Asked once: it is never repeated.
        """

    def release_thread(self, channel: "Channel", to: str) -> None:
        """Give the thread up to nobody, or raise SendError."""

    def take_thread(self, channel: "Channel", to: str, note: str) -> None:
        """Take the thread from whoever has it, or raise SendError."""


@runtime_checkable
class Lifecycle(Protocol):
    """The provider is told when a channel is given up."""

    def leave(self, channel: "Channel", *, is_last: bool, ends_registration: bool) -> None:
        """Have the provider send nothing more of the channel, or raise SendError.

        `is_last`: nor of its account. `ends_registration`: the number may be used elsewhere.
        """


@runtime_checkable
class Redaction(Protocol):
    """Items can be cut out of a webhook's body, and the others can still be read."""

    def without(
        self,
        body: bytes,
        address: str,
        erased: Sequence[Event],
        quoted: Collection[tuple[str, str]],
    ) -> bytes:
        """Return the body without the items that these events were read from, nor what it says of
        their people beside them; empty: nothing else was in it. `quoted`: pairs of a channel's
        external id and an id of a message or a person, which no other item of that channel names
        any more as what it answers. Pure; raises ValueError for a body that cannot be read.
        """
