"""What a caller wants to be sent: checked, put into its conversation, and queued."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone
from rest_framework import serializers

from channels_app.content import Unsendable
from channels_app.models import Channel
from messaging.api.content import ContentField
from messaging.models import ContactIdentity, Conversation, Message
from messaging.outbound import submit
from messaging.outbound.first_contact import conversation_with
from tenants.api.bodies import StrictSerializer
from tenants.api.problems import NOT_FOUND, Problem, pointers

WHERE = "Name either a conversation, or a channel and whom to write to."
PAST = "This is in the past."


class RecipientSerializer(StrictSerializer):
    """An address on the channel: a phone number with its country code (kind `phone`), or an id of
    the provider's.
    """

    kind = serializers.ChoiceField(ContactIdentity.Kind.values)
    value = serializers.CharField(max_length=512)


class SendSerializer(StrictSerializer):
    """A message, to a conversation, or to an address on a channel: contact and conversation are
    made where there are none.
    """

    conversation = serializers.UUIDField(required=False)
    channel = serializers.UUIDField(required=False)
    to = RecipientSerializer(required=False)
    content = ContentField()
    reply_to = serializers.UUIDField(
        required=False, help_text="The message of the conversation that this one answers."
    )
    expires_at = serializers.DateTimeField(
        required=False, help_text="When it is not worth sending any more; by default in a day."
    )

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if set(given) & {"conversation", "channel", "to"} not in (
            {"conversation"},
            {"channel", "to"},
        ):
            raise serializers.ValidationError(WHERE)
        if given.get("expires_at") and given["expires_at"] <= timezone.now():
            raise serializers.ValidationError({"expires_at": [PAST]})
        return given


def send(given: Mapping[str, Any]) -> Message:
    """Queue what SendSerializer took, in the caller's scope. Returns the queued message. Raises
    Problem with each fault.
    """
    try:
        conversation_id = given.get("conversation") or conversation_at(
            given["channel"], given["to"]["kind"], given["to"]["value"]
        )
        message = submit.send(
            conversation_id,
            given["content"],
            origin=Message.Origin.API,
            quoting=external_id_of(given.get("reply_to")),
            expires_at=given.get("expires_at"),
        )
    except Conversation.DoesNotExist:
        raise not_there("/conversation") from None
    except Unsendable as refusal:
        raise refused(refusal) from None
    return Message.objects.select_related("attachment", "conversation").get(id=message.id)


def conversation_at(channel_id: UUID, kind: str, value: str) -> UUID:
    channel = Channel.objects.select_related("tenant").filter(id=channel_id).first()
    if channel is None:
        raise not_there("/channel")
    try:
        return conversation_with(channel, kind, value)
    except Unsendable as refusal:
        raise Problem(
            422, "bad_recipient", str(refusal), errors=pointers(refusal.faults, "/to")
        ) from None


def external_id_of(message_id: UUID | None) -> str:
    """Return the provider's id of a message that is answered; empty: none is. Raises Problem."""
    if message_id is None:
        return ""
    found = Message.objects.filter(id=message_id).values_list("external_id", flat=True)
    if not found:
        raise not_there("/reply_to")
    if not found[0]:
        sentence = "The provider does not know this message yet."
        raise Problem(
            422, "invalid", sentence, errors=[{"pointer": "/reply_to", "detail": sentence}]
        )
    return found[0]


def refused(refusal: Unsendable) -> Problem:
    """Return the problem of what cannot be sent: 409 where the state of the conversation forbids
    it, else 422.
    """
    states = [code for code in (getattr(fault, "code", "") for fault in refusal.faults) if code]
    return Problem(
        409 if states else 422,
        states[0] if states else "invalid",
        str(refusal),
        errors=pointers(refusal.faults, "/content"),
    )


def not_there(pointer: str) -> Problem:
    return Problem(404, "not_found", NOT_FOUND, errors=[{"pointer": pointer, "detail": NOT_FOUND}])
