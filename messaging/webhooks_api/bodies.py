"""What a caller asks for: a new endpoint, changes of one, a replay."""

from typing import Any

from rest_framework import serializers

from channels_app.event_log import EventType
from messaging.models import WebhookEndpoint
from tenants.api.bodies import StrictSerializer
from tenants.api.fields import ChoiceField, IdField, MomentField, TextField


class NewEndpoint(StrictSerializer):
    url = TextField(allow_blank=False, max_length=2048, help_text="https://HOST/PATH, public.")
    types = serializers.ListField(child=ChoiceField(EventType.values), required=False)
    description = TextField(required=False, max_length=200)


class EndpointChanges(StrictSerializer):
    """What is left away stays as it is."""

    url = TextField(required=False, allow_blank=False, max_length=2048)
    types = serializers.ListField(child=ChoiceField(EventType.values), required=False)
    description = TextField(required=False, max_length=200)
    status = ChoiceField(WebhookEndpoint.Status.values, required=False)


class ReplaySerializer(StrictSerializer):
    """Where to begin again: at a moment, or at an event."""

    since = MomentField(required=False)
    event = IdField(required=False)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if len(given) != 1:
            raise serializers.ValidationError("Name either `since` or `event`.")
        return given
