"""An export and an erasure as JSON."""

from rest_framework import serializers

from messaging.models import Erasure

STATUSES = ("ordered", "running", "waiting", "finished")


class ErasureSerializer(serializers.ModelSerializer):
    """An order to erase a contact, and what became of it. `rows`: how many rows of which table were
    deleted or redacted so far; `waits_for`: what keeps it from going on, empty where nothing does.
    """

    status = serializers.ChoiceField(choices=STATUSES)
    rows = serializers.DictField(source="counts", child=serializers.IntegerField())

    class Meta:
        model = Erasure
        fields = ["id", "status", "waits_for", "rows", "ordered_at", "begun_at", "finished_at"]


class ExportedFileSerializer(serializers.Serializer):
    """A file; its content is at /api/v1/media/{id}/content."""

    id = serializers.UUIDField()
    table = serializers.CharField()
    name = serializers.CharField()


class ExportSerializer(serializers.Serializer):
    """Everything that is kept about a contact. `tables`: the rows of each table, as they are
    stored; `elsewhere`: the other tables, each with why nothing of it is here.
    """

    format = serializers.CharField()
    tenant = serializers.CharField()
    contact = serializers.UUIDField()
    exported_at = serializers.DateTimeField()
    tables = serializers.DictField(child=serializers.ListField(child=serializers.DictField()))
    files = ExportedFileSerializer(many=True)
    elsewhere = serializers.DictField(child=serializers.CharField())
