"""What happened, in the order in which it can be read: for programs that follow it by asking."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from channels_app.event_log import EventType, LoggedEvent
from tenants.api.cursors import BadCursor
from tenants.api.lists import ListView, PageParameters
from tenants.models import KeyScope


class EventSerializer(serializers.ModelSerializer):
    """An event. `data` holds ids and words; what they name is read by its own address."""

    timestamp = serializers.DateTimeField(source="occurred_at")
    data = serializers.DictField()  # type: ignore[assignment]

    class Meta:
        model = LoggedEvent
        fields = ["id", "type", "timestamp", "data"]


class EventFilters(PageParameters):
    type = serializers.ChoiceField(EventType.values, required=False)


class Events(ListView):
    filters = EventFilters
    serializer_class = EventSerializer
    order = ("position",)
    scopes: ClassVar = {"GET": KeyScope.EVENTS_READ}

    @extend_schema(operation_id="list_events")
    def get(self, request: Request) -> Response:
        """List what happened within the last 30 days, the oldest first. To follow, ask again with
        `after` the id of the last event that you have: what is logged late comes late, and is never
        skipped.
        """
        return self.page()

    def rows(self, filters: Mapping[str, Any]) -> QuerySet[LoggedEvent]:
        rows = LoggedEvent.objects.filter(position__isnull=False)
        return rows.filter(type=filters["type"]) if "type" in filters else rows

    def place_of(self, cursor: str, order: Sequence[str], key: str) -> Sequence[Any]:
        """Return the position of an event that is named by its id, or of the cursor."""
        try:
            id = UUID(cursor)
        except ValueError:
            return super().place_of(cursor, order, key)
        found = LoggedEvent.objects.filter(id=id, position__isnull=False)
        position = found.values_list("position", flat=True).first()
        if position is None:
            raise BadCursor("No event has this id, or it is kept no longer.")
        return [position]
