"""Endpoints and their log as JSON."""

from uuid import UUID

from rest_framework import serializers

from channels_app.event_log import EventType
from messaging.models import WebhookEndpoint


class EndpointSerializer(serializers.ModelSerializer):
    """An endpoint. `types`: the events that it gets, empty: all; `events_behind`: how many it is
    still to get, counted to 10,000; `disabled_reason`: asked, gone (it answered 410) or failing.
    """

    types = serializers.ListField(child=serializers.ChoiceField(EventType.values))
    events_behind = serializers.SerializerMethodField()

    class Meta:
        model = WebhookEndpoint
        fields = [
            "id",
            "url",
            "types",
            "description",
            "status",
            "disabled_reason",
            "disabled_at",
            "events_behind",
            "api_version",
            "created_at",
        ]

    def get_events_behind(self, endpoint: WebhookEndpoint) -> int:
        behind: dict[UUID, int] = self.context["behind"]
        return behind.get(endpoint.id, 0)


class SecretSerializer(serializers.Serializer):
    """The secret that signs what the endpoint gets. It is shown in this answer and never again."""

    secret = serializers.CharField()


class EndpointWithSecret(EndpointSerializer):
    """A new endpoint with its secret, which is shown in this answer and never again."""

    secret = serializers.CharField()

    class Meta(EndpointSerializer.Meta):
        fields = [*EndpointSerializer.Meta.fields, "secret"]


class TestEventSerializer(serializers.Serializer):
    """The id of the test event, as `webhook-id` tells it and the log."""

    event = serializers.UUIDField()
