"""Keys as JSON, without the key but once."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers

from tenants.api.bodies import StrictSerializer
from tenants.api.fields import ChoiceField, MomentField, TextField
from tenants.models import OF_TENANTS, ApiKey

PAST = "This is in the past."


class KeySerializer(serializers.ModelSerializer):
    """A key, without the key: `prefix` is its beginning."""

    state = serializers.ChoiceField(["active", "expired", "revoked"])
    scopes = serializers.ListField(child=serializers.ChoiceField(OF_TENANTS))

    class Meta:
        model = ApiKey
        fields = [
            "id",
            "name",
            "prefix",
            "scopes",
            "state",
            "created_at",
            "expires_at",
            "revoked_at",
            "used_at",
        ]


class ShownKeySerializer(KeySerializer):
    """A key as it is shown once, when it is made."""

    key = serializers.CharField()

    class Meta(KeySerializer.Meta):
        fields = [*KeySerializer.Meta.fields, "key"]


class NewKey(StrictSerializer):
    name = TextField(allow_blank=False, max_length=100)
    scopes = serializers.ListField(child=ChoiceField(OF_TENANTS), min_length=1, required=False)
    expires_at = MomentField(required=False)

    def validate_expires_at(self, value: Any) -> Any:
        if value <= timezone.now():
            raise serializers.ValidationError(PAST)
        return value
