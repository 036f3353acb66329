"""Reply strategies and choices of one as JSON."""

from rest_framework import serializers

from messaging.models.reply_choice import Source
from messaging.replies_api.form_fields import KINDS, TEXT
from tenants.api.bodies import StrictSerializer
from tenants.api.fields import TextField


class StrategyOptionSerializer(serializers.Serializer):
    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]


class StrategySettingSerializer(serializers.Serializer):
    """A setting of a strategy. `choices`: the values that it takes, empty where it takes any of its
    kind. One that is `secret` is never shown, and keeps its stored value where a request leaves it
    out; null empties it.
    """

    name = serializers.CharField()
    kind = serializers.ChoiceField(sorted({*KINDS.values(), TEXT}))
    label = serializers.CharField()  # type: ignore[assignment]
    help = serializers.CharField()
    required = serializers.BooleanField()  # type: ignore[assignment]
    default = serializers.JSONField()
    choices = StrategyOptionSerializer(many=True)
    minimum = serializers.FloatField(allow_null=True)
    maximum = serializers.FloatField(allow_null=True)
    max_length = serializers.IntegerField(allow_null=True)
    secret = serializers.BooleanField()


class ReplyStrategySerializer(serializers.Serializer):
    """A strategy that can be chosen. `label`: what it does, for people."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    settings = StrategySettingSerializer(many=True)


class ReplyStrategiesSerializer(serializers.Serializer):
    """All strategies: `next` is always null."""

    items = ReplyStrategySerializer(many=True)
    next = serializers.CharField(allow_null=True)


class HoldingStrategySerializer(serializers.Serializer):
    """Which strategy answers, and where that was chosen: for the channel, for the tenant, or by the
    platform. `strategy` is null where the platform's own has no name. `available`: it can be asked;
    otherwise every message is left to people until another is chosen. Secret settings are left out.
    """

    strategy = serializers.CharField(allow_null=True)
    settings = serializers.DictField()
    comes_from = serializers.ChoiceField(Source.values)
    available = serializers.BooleanField()
    changed_at = serializers.DateTimeField(allow_null=True)


class ReplyChoiceSerializer(StrictSerializer):
    """A choice. A setting that is left out has its default; a secret one that is left out, or
    an empty text, keeps its stored value, unless an address among the settings changes; null
    empties it.
    """

    strategy = TextField(max_length=64)
    settings = serializers.DictField(required=False, default=dict)
