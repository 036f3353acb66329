"""Message templates that the providers of a tenant's channels list."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from channels_app.models import Channel, MessageTemplate
from channels_app.models.template import DELETED
from tenants.api.lists import ListView, PageParameters
from tenants.api.views import ApiView
from tenants.models import KeyScope


class TemplateSerializer(serializers.ModelSerializer):
    """A template of a business account, and whether it may be sent: its status is "approved" then.
    `components` are the provider's own.
    """

    components = serializers.ListField(child=serializers.DictField())

    class Meta:
        model = MessageTemplate
        fields = [
            "id",
            "kind",
            "account_id",
            "name",
            "language",
            "category",
            "status",
            "quality",
            "rejected_reason",
            "parameter_format",
            "components",
            "changed_at",
        ]


class TemplateFilters(PageParameters):
    channel = serializers.UUIDField(required=False, help_text="Those that this channel can send.")
    name = serializers.CharField(required=False, max_length=512)


class Templates(ListView):
    filters = TemplateFilters
    serializer_class = TemplateSerializer
    scopes: ClassVar = {"GET": KeyScope.TEMPLATES_READ}

    @extend_schema(operation_id="list_templates")
    def get(self, request: Request) -> Response:
        """List message templates that were not deleted, the newest first."""
        return self.page()

    def rows(self, filters: Mapping[str, Any]) -> QuerySet[MessageTemplate]:
        rows = MessageTemplate.objects.exclude(status=DELETED)
        if channel_id := filters.get("channel"):
            rows = rows & MessageTemplate.objects.of(self.row(Channel.objects.all(), channel_id))
        return rows.filter(name=filters["name"]) if "name" in filters else rows


class OneTemplate(ApiView):
    serializer_class = TemplateSerializer
    scopes: ClassVar = {"GET": KeyScope.TEMPLATES_READ}

    @extend_schema(operation_id="get_template")
    def get(self, request: Request, id: UUID) -> Response:
        """Read a message template."""
        return Response(TemplateSerializer(self.row(MessageTemplate.objects.all(), id)).data)
