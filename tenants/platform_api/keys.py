"""The keys of a tenant: given, listed, revoked."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from tenants.api.lists import ListView
from tenants.api_keys import keys
from tenants.models import BY_DEFAULT, ApiKey, KeyScope
from tenants.platform_api.key_serializers import KeySerializer, NewKey, ShownKeySerializer
from tenants.platform_api.views import PlatformView


class TenantKeys(PlatformView, ListView):
    serializer_class = KeySerializer
    scopes: ClassVar = {"GET": KeyScope.PLATFORM, "POST": KeyScope.PLATFORM}

    @extend_schema(operation_id="list_tenant_keys")
    def get(self, request: Request, id: UUID) -> Response:
        """List the keys of a tenant, the newest first."""
        return self.page()

    @extend_schema(
        operation_id="create_tenant_key", request=NewKey, responses={201: ShownKeySerializer}
    )
    def post(self, request: Request, id: UUID) -> Response:
        """Give a tenant a key. It is shown in this answer and never again. Without `scopes` it may
        do everything but export and erase what is kept about a person.
        """
        given = self.valid(NewKey)
        row, key = keys.create(
            self.tenant(id).id,
            given["name"],
            given.get("scopes", BY_DEFAULT),
            expires_at=given.get("expires_at"),
            by=f"key {self.caller.key_id}",
        )
        return Response({**KeySerializer(row).data, "key": key}, status=201)

    def rows(self, filters: Mapping[str, Any]) -> QuerySet[ApiKey]:
        return ApiKey.objects.filter(tenant=self.tenant(self.kwargs["id"]))


class OneTenantKey(PlatformView):
    scopes: ClassVar = {"DELETE": KeyScope.PLATFORM}

    @extend_schema(operation_id="revoke_tenant_key", request=None, responses={204: None})
    def delete(self, request: Request, id: UUID, key_id: UUID) -> Response:
        """Revoke a key of a tenant for good. It may be repeated."""
        key = self.row(ApiKey.objects.filter(tenant=self.tenant(id)), key_id)
        ApiKey.objects.revoke([key.id], timezone.now())
        return Response(status=204)
