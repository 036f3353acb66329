"""Contacts, conversations and messages as JSON. Reading alone; what is written has serializers
beside its view.
"""

from typing import Any, Literal

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from channels_app.events import ThreadOwner
from messaging.conversations.thread_state import TOLD, state_of
from messaging.models import (
    Attempt,
    Contact,
    ContactIdentity,
    Conversation,
    Media,
    Message,
    MessageStatus,
)
from messaging.models.answering import Answering, Because


class IdentitySerializer(serializers.ModelSerializer):
    """An id of a contact; one that is not active was replaced by another."""

    class Meta:
        model = ContactIdentity
        fields = ["kind", "value", "is_active"]


class ContactSerializer(serializers.ModelSerializer):
    """A person, as the business knows them. `name` and `username` are the person's own words,
    `saved_name` the business's.
    """

    identities = IdentitySerializer(many=True)
    merged_into = serializers.UUIDField(source="merged_into_id", allow_null=True)

    class Meta:
        model = Contact
        fields = [
            "id",
            "name",
            "username",
            "saved_name",
            "identities",
            "attributes",
            "blocked_at",
            "marketing_opted_out_at",
            "merged_into",
            "created_at",
        ]


class ThreadSerializer(serializers.Serializer):
    """Who has a conversation's thread now, since when, and how that was learned: `told` is
    `told_by` as a sentence. `until`: the contact's silence makes it nobody's then; null: it is.
    """

    owner = serializers.ChoiceField(ThreadOwner.values)
    since = serializers.DateTimeField()
    told_by = serializers.ChoiceField(list(TOLD))
    told = serializers.CharField()
    until = serializers.DateTimeField(allow_null=True)


class WaitingSerializer(serializers.Serializer):
    """Why a conversation waits for a person. `said`: the reason in words; `note`: what the reply
    strategy or whoever left it to people says of it.
    """

    because = serializers.ChoiceField(Because.values, source="waiting_because")
    said = serializers.CharField(source="get_waiting_because_display")
    note = serializers.CharField(source="waiting_note")
    since = serializers.DateTimeField(source="waiting_since")


class ConversationSerializer(serializers.ModelSerializer):
    """A contact's thread on one channel. `window_closes_at`: until when it may be written to
    freely; null: never, or the channel has no such rule. `handled_by`: people, while nothing is
    answered automatically. `waiting`: that none of them has begun to; null: nobody is waited for.
    `thread`: who has it, where several responders share the channel; null: the channel has one, as
    far as is known.
    """

    channel = serializers.UUIDField(source="channel_id")
    contact = serializers.UUIDField(source="contact_id")
    merged_into = serializers.UUIDField(source="merged_into_id", allow_null=True)
    is_group = serializers.SerializerMethodField()
    handled_by = serializers.SerializerMethodField()
    waiting = serializers.SerializerMethodField()
    thread = serializers.SerializerMethodField()

    class Meta:
        model = Conversation
        fields = [
            "id",
            "channel",
            "contact",
            "status",
            "is_group",
            "last_message_at",
            "last_inbound_at",
            "window_closes_at",
            "handled_by",
            "waiting",
            "thread",
            "merged_into",
            "created_at",
        ]

    def get_is_group(self, conversation: Conversation) -> bool:
        return bool(conversation.group_external_id)

    def get_handled_by(self, conversation: Conversation) -> Literal["automation", "people"]:
        is_automations = conversation.answering_at(timezone.now()) == Answering.AUTOMATION
        return "automation" if is_automations else "people"

    @extend_schema_field(WaitingSerializer(allow_null=True))
    def get_waiting(self, conversation: Conversation) -> Any:
        is_waiting = conversation.answering_at(timezone.now()) == Answering.WAITING
        return WaitingSerializer(conversation).data if is_waiting else None

    @extend_schema_field(ThreadSerializer(allow_null=True))
    def get_thread(self, conversation: Conversation) -> Any:
        state = state_of(conversation)
        return ThreadSerializer(state).data if state else None


class FileSerializer(serializers.ModelSerializer):
    """A file. `status`: pending until it is fetched from the provider."""

    filename = serializers.CharField(source="name")

    class Meta:
        model = Media
        fields = ["id", "kind", "mime_type", "filename", "size", "status", "created_at"]


class MessageSerializer(serializers.ModelSerializer):
    """A message, in or out. `reply_to`: the message that it answers; `target`: the one that it
    edits, revokes or reacts to.
    """

    channel = serializers.UUIDField(source="channel_id")
    conversation = serializers.UUIDField(source="conversation_id")
    contact = serializers.UUIDField(source="conversation.contact_id")
    reply_to = serializers.SerializerMethodField()
    target = serializers.SerializerMethodField()
    media = FileSerializer(source="attachment", allow_null=True)

    class Meta:
        model = Message
        fields = [
            "id",
            "channel",
            "conversation",
            "contact",
            "direction",
            "origin",
            "kind",
            "text",
            "media",
            "reply_to",
            "target",
            "status",
            "error_code",
            "error",
            "external_id",
            "created_at",
            "sent_at",
            "expires_at",
        ]

    def get_reply_to(self, message: Message) -> str | None:
        return self.named(message, message.quoted_external_id)

    def get_target(self, message: Message) -> str | None:
        return self.named(message, message.target_external_id)

    def named(self, message: Message, external_id: str) -> str | None:
        """Return our id of a message of the same channel, if it is known."""
        known: dict[Any, str] = self.context["named"]
        return known.get((message.channel_id, external_id))


class StatusSerializer(serializers.ModelSerializer):
    """What the provider reported of a message."""

    class Meta:
        model = MessageStatus
        fields = ["status", "occurred_at", "error_code", "error"]


class AttemptSerializer(serializers.ModelSerializer):
    """One try to send a message, and its outcome."""

    class Meta:
        model = Attempt
        fields = [
            "number",
            "started_at",
            "ended_at",
            "outcome",
            "http_status",
            "error_code",
            "error",
        ]


class MessageDetailSerializer(MessageSerializer):
    """A message with everything that was tried and reported. `provider_data`: an inbound message in
    the provider's own form, with what only that channel has.
    """

    attempts = AttemptSerializer(source="tries", many=True)
    statuses = StatusSerializer(many=True)
    provider_data = serializers.SerializerMethodField()

    class Meta(MessageSerializer.Meta):
        fields = [*MessageSerializer.Meta.fields, "attempts", "statuses", "provider_data"]

    def get_provider_data(self, message: Message) -> dict[str, Any] | None:
        return message.raw if message.direction == Message.Direction.INBOUND else None
