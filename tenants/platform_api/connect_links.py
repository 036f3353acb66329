"""Links with which a tenant's owner connects a channel, without an account of ours."""

from datetime import timedelta
from typing import ClassVar
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tenants.api.bodies import StrictSerializer
from tenants.api.fields import MomentField, TextField
from tenants.api.problems import Problem, problem_at
from tenants.connect_links import making
from tenants.models import KeyScope
from tenants.platform_api.views import PlatformView

LASTS = timedelta(hours=24)
FIELDS = {
    making.KindRefused: "/kind",
    making.ReturnAddressRefused: "/return_url",
    making.ExpiryRefused: "/expires_at",
}


class NewConnectLink(StrictSerializer):
    """`return_url`: where the owner goes back to, with connect=done&channel=ID or
    connect=cancelled.
    """

    kind = TextField(allow_blank=False, max_length=20, help_text="Of the channel: whatsapp.")
    return_url = TextField(allow_blank=False, max_length=2048)
    expires_at = MomentField(required=False, help_text="Within 30 days; by default in a day.")


class ConnectLinkSerializer(serializers.Serializer):
    """A link. Whoever has it may connect one channel of the tenant's, once."""

    url = serializers.CharField()
    expires_at = serializers.DateTimeField()


class ConnectLinks(PlatformView):
    serializer_class = ConnectLinkSerializer
    scopes: ClassVar = {"POST": KeyScope.PLATFORM}

    @extend_schema(
        operation_id="create_connect_link",
        request=NewConnectLink,
        responses={201: ConnectLinkSerializer},
    )
    def post(self, request: Request, id: UUID) -> Response:
        """Make a link with which the tenant's owner connects a channel, without an account."""
        given = self.valid(NewConnectLink)
        tenant = self.tenant(id)
        expires_at = given.get("expires_at", timezone.now() + LASTS)
        by = f"key {self.caller.key_id}"
        try:
            url = making.create(tenant.id, given["kind"], given["return_url"], expires_at, by)
        except making.TenantRefused as refusal:
            raise Problem(409, "tenant_suspended", str(refusal)) from None
        except making.LinkRefused as refusal:
            raise problem_at(FIELDS[type(refusal)], str(refusal)) from None
        told = {"url": url, "expires_at": expires_at}
        return Response(ConnectLinkSerializer(told).data, status=201)
