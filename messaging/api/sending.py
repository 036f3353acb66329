"""What a caller wants to be sent: checked, put into its conversation, and queued."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample
from rest_framework import serializers

from channels_app.content import Fault, FaultCode, Unsendable
from channels_app.models import Channel, MessageTemplate
from channels_app.models.template import APPROVED
from messaging.api.content import ContentField
from messaging.models import ContactIdentity, Conversation, Message
from messaging.outbound import submit
from messaging.outbound.first_contact import conversation_with
from tenants.api.bodies import StrictSerializer
from tenants.api.examples import ID
from tenants.api.fields import ChoiceField, FlagField, IdField, MomentField, TextField
from tenants.api.problems import Problem, not_there, problem_at

WHERE = "Name either a conversation, or a channel and whom to write to."
EXAMPLES = [
    OpenApiExample(
        "a text in a conversation",
        {
            "conversation": ID,
            "content": {"kind": "text", "body": "Your order is on its way."},
        },
        request_only=True,
    ),
    OpenApiExample(
        "a template to a phone number",
        {
            "channel": ID,
            "to": {"kind": "phone", "value": "+49 151 12345678"},
            "content": {
                "kind": "template",
                "name": "order_shipped",
                "language": "en",
                "components": [{"type": "body", "values": [{"type": "text", "text": "Ada"}]}],
            },
        },
        request_only=True,
    ),
]
PAST = "This is in the past."
MOST_TEMPLATES = 100
# what of a message is called otherwise in JSON
OURS = {"/message_external_id": "/message"}
# what a caller cannot correct in the message: the status that says so
STATES = {
    FaultCode.CHANNEL_DISCONNECTED: 409,
    FaultCode.CHANNEL_NOT_INSTALLED: 409,
    FaultCode.CONTACT_BLOCKED: 409,
    FaultCode.IS_GROUP: 409,
    FaultCode.NOT_THREAD_OWNER: 409,
    FaultCode.ALREADY_THREAD_OWNER: 409,
    FaultCode.NO_THREAD_CONTROL: 409,
    FaultCode.THREAD_ORDER_UNDER_WAY: 409,
    FaultCode.MARKETING_OPTED_OUT: 409,
    FaultCode.NO_ADDRESS: 409,
    FaultCode.TEMPLATE_NOT_SENDABLE: 409,
    FaultCode.WINDOW_CLOSED: 409,
    FaultCode.TOO_MANY_WAITING: 429,
}


class RecipientSerializer(StrictSerializer):
    """An address on the channel: a phone number with its country code (kind `phone`), or an id of
    the provider's.
    """

    kind = ChoiceField(ContactIdentity.Kind.values)
    value = TextField(max_length=512)


class SendSerializer(StrictSerializer):
    """A message, to a conversation, or to an address on a channel: contact and conversation are
    made where there are none.
    """

    conversation = IdField(required=False)
    channel = IdField(required=False)
    to = RecipientSerializer(required=False)
    content = ContentField()
    reply_to = IdField(
        required=False, help_text="The message of the conversation that this one answers."
    )
    expires_at = MomentField(
        required=False, help_text="When it is not worth sending any more; by default in a day."
    )
    take_thread = FlagField(
        default=False,
        help_text="Send it though another responder has the thread: it takes the thread, or the"
        " provider refuses it.",
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
    conversation = conversation_of(given)
    try:
        message = submit.send(
            conversation.id,
            given["content"],
            origin=Message.Origin.API,
            quoting=external_id_of(given.get("reply_to")),
            expires_at=given.get("expires_at"),
            takes_thread=given["take_thread"],
        )
    except Unsendable as refusal:
        raise refused(refusal, conversation.channel) from None
    return Message.objects.select_related("attachment", "conversation").get(id=message.id)


def conversation_of(given: Mapping[str, Any]) -> Conversation:
    """Return the conversation that a message is for, made where there is none. Raises Problem."""
    known = Conversation.objects.select_related("channel")
    if "conversation" in given:
        found = known.filter(id=given["conversation"]).first()
        if found is None:
            raise not_there("/conversation")
        return found
    channel = Channel.objects.select_related("tenant").filter(id=given["channel"]).first()
    if channel is None:
        raise not_there("/channel")
    try:
        return known.get(id=conversation_with(channel, given["to"]["kind"], given["to"]["value"]))
    except Unsendable as refusal:
        raise problem_at("/to", str(refusal), code="bad_recipient") from None


def external_id_of(message_id: UUID | None) -> str:
    """Return the provider's id of a message that is answered; empty: none is. Raises Problem."""
    if message_id is None:
        return ""
    found = Message.objects.filter(id=message_id).values_list("external_id", flat=True)
    if not found:
        raise not_there("/reply_to")
    if not found[0]:
        raise problem_at("/reply_to", "The provider does not know this message yet.")
    return found[0]


def refused(refusal: Unsendable, channel: Channel, *, below: str = "/content") -> Problem:
    """Return the problem of what cannot be sent or ordered: 409 where the conversation, the contact
    or the channel forbids it as they are now, 429 where too much waits, else 422. `below`: the
    field of the body that pointers of faults lead on from.
    """
    codes = [fault.code for fault in refusal.faults]
    forbidding = [code for code in codes if code in STATES]
    more: dict[str, Any] = {}
    if FaultCode.WINDOW_CLOSED in forbidding:
        more["templates"] = sendable_templates(channel)
    return Problem(
        max((STATES[code] for code in forbidding), default=422),
        str(forbidding[0]) if forbidding else "invalid",
        str(refusal),
        errors=[error_of(fault, below) for fault in refusal.faults],
        **more,
    )


def error_of(fault: Fault, below: str) -> dict[str, str]:
    if fault.code == FaultCode.NO_SUCH_MESSAGE:
        return {"pointer": "/reply_to", "detail": str(fault)}
    if fault.code in STATES:
        return {"pointer": "", "detail": str(fault)}
    return {"pointer": f"{below}{OURS.get(fault.pointer, fault.pointer)}", "detail": str(fault)}


def sendable_templates(channel: Channel) -> list[dict[str, str]]:
    """Return the templates that may be sent on the channel though its window is closed."""
    approved = MessageTemplate.objects.of(channel).filter(status__iexact=APPROVED)
    return [
        {"id": str(each.id), "name": each.name, "language": each.language}
        for each in approved.order_by("name", "language")[:MOST_TEMPLATES]
    ]
