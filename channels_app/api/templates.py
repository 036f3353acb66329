"""Message templates that the providers of a tenant's channels list."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from channels_app import providers
from channels_app.models import Channel, MessageTemplate
from channels_app.models.template import DELETED
from tenants.api.lists import ListView, PageParameters
from tenants.api.views import ApiView
from tenants.models import KeyScope


class ParameterSerializer(serializers.Serializer):
    """Something that a sender fills in. The content that has every parameter has the template's
    components in the order of these: {"type": `component`}, with the `index` and the `kind` of a
    button, and all cards in one component of the type "cards". What is not required, and not filled
    in, is left away with its component.
    """

    component = serializers.CharField(help_text="header, body, button, offer_end or card.")
    card = serializers.IntegerField(allow_null=True, help_text="Of which card, from 0.")
    index = serializers.IntegerField(allow_null=True, help_text="Of which button, from 0.")
    button = serializers.CharField(help_text="The kind that the button is sent as; else empty.")
    name = serializers.CharField(
        help_text="The placeholder's number or name. A named one is the value's `name`, too."
    )
    kind = serializers.CharField(
        help_text="text, code, and payload (a value of the type reply): a text. action: an object."
        " image, video and document: a value of the type media. location and product: a value of"
        " that type. date_time: a moment. empty: nothing is filled in, and the card is there all"
        " the same."
    )
    required = serializers.BooleanField(source="is_required")  # type: ignore[assignment]
    example = serializers.CharField(help_text="As the provider lists it; empty: it lists none.")
    pointer = serializers.CharField(
        help_text='Where it goes in the content, such as "/components/0/values/1/text".'
    )


class TemplateSerializer(serializers.ModelSerializer):
    """A template of a business account, and whether it may be sent: its status is "approved" then.
    `components` are the provider's own; `parameters` say what is to be filled in, in the order of a
    form.
    """

    components = serializers.ListField(child=serializers.DictField())
    parameters = serializers.SerializerMethodField()

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
            "parameters",
            "changed_at",
        ]

    @extend_schema_field(ParameterSerializer(many=True))
    def get_parameters(self, template: MessageTemplate) -> Any:
        provider = providers.find(template.kind)
        if not isinstance(provider, providers.Templates):
            return []
        parameters = provider.template_parameters(template.as_listed())
        return ParameterSerializer(parameters, many=True).data


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
