"""Channels as JSON, without credentials."""

from rest_framework import serializers

from channels_app.models import Channel
from tenants.api.bodies import StrictSerializer
from tenants.api.fields import FlagField, TextField


class WordSerializer(serializers.Serializer):
    """What the provider last said of one thing, and when."""

    value = serializers.CharField()
    at = serializers.CharField()


class ChannelSerializer(serializers.ModelSerializer):
    """A number, page or bot of the business. `external_id` and `account_id` are the provider's ids;
    `status_reason` says why it is not live; `auto_reply` goes before the business's. A test channel
    (`is_test`) asks no provider: its recipients behave by their number. `shared_at`: since when it
    is known that other responders answer on it, too; null: none is known. `thread_role`: which of
    them we are, where the provider said so. `takes_idle_threads`: automatic replies may take
    threads that nobody has.
    """

    thread_role = serializers.CharField()

    class Meta:
        model = Channel
        fields = [
            *("id", "kind", "name", "external_id", "account_id", "phone_number", "is_test"),
            *("status", "status_reason", "auto_reply", "messages_per_second"),
            *("shared_at", "thread_role", "takes_idle_threads"),
            *("connected_at", "created_at"),
        ]


class ChannelDetailSerializer(ChannelSerializer):
    """A channel with its health: what the provider says of it, each word with its value and since
    when.
    """

    health = serializers.DictField(child=WordSerializer())

    class Meta(ChannelSerializer.Meta):
        fields = [*ChannelSerializer.Meta.fields, "health"]


class ChannelChanges(StrictSerializer):
    """What the business may set of a channel; what is left away stays as it is."""

    name = TextField(required=False, max_length=200)
    auto_reply = TextField(
        required=False,
        max_length=4096,
        help_text="Answers every message on this channel; empty: the business's answer does.",
    )
    takes_idle_threads = FlagField(
        required=False,
        help_text="Automatic replies may take threads that nobody has, where several responders"
        " share the channel.",
    )
