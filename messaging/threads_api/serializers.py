"""A thread's owners and orders as JSON."""

from rest_framework import serializers

from channels_app.events import NOTE_LENGTH
from messaging.api.serializers import ThreadSerializer
from messaging.models import OwnerChange, ThreadOrder
from tenants.api.bodies import StrictSerializer
from tenants.api.fields import TextField


class NoteSerializer(StrictSerializer):
    note = TextField(required=False, max_length=NOTE_LENGTH, help_text="For the other responder.")


class OwnerChangeSerializer(serializers.ModelSerializer):
    """A word about a thread's owner, and the moment that it speaks of. `note`: what the previous
    owner said of the thread; `by`: who ordered it here.
    """

    told = serializers.CharField(source="get_told_by_display")

    class Meta:
        model = OwnerChange
        fields = ["id", "owner", "told_by", "told", "note", "by", "occurred_at"]


class ThreadOrderSerializer(serializers.ModelSerializer):
    """An order about a thread, of which the provider is asked once. Its answer never came where the
    status is unknown; the next word about the thread settles it.
    """

    class Meta:
        model = ThreadOrder
        fields = [
            *("id", "action", "note", "by", "status", "error_code", "error"),
            *("created_at", "begun_at", "ended_at"),
        ]


class ThreadDetailSerializer(serializers.Serializer):
    """A conversation's thread: who has it now, null where the channel has one responder as far as
    is known; what writing will do now; the newest 50 words about its owner; and the newest 20
    orders.
    """

    thread = ThreadSerializer(allow_null=True)
    writing = serializers.CharField()
    history = OwnerChangeSerializer(many=True)
    orders = ThreadOrderSerializer(many=True)
