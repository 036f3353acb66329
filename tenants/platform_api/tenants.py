"""Tenants: made, listed, renamed, suspended."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from tenants.api.lists import ListView
from tenants.api.problems import problem_at
from tenants.models import KeyScope, Tenant
from tenants.platform_api.tenant_serializers import NewTenant, TenantChanges, TenantSerializer
from tenants.platform_api.views import PlatformView

TAKEN = "Another tenant has this slug."


class Tenants(PlatformView, ListView):
    serializer_class = TenantSerializer
    scopes: ClassVar = {"GET": KeyScope.PLATFORM, "POST": KeyScope.PLATFORM}

    @extend_schema(operation_id="list_tenants")
    def get(self, request: Request) -> Response:
        """List tenants, the newest first."""
        return self.page()

    @extend_schema(
        operation_id="create_tenant", request=NewTenant, responses={201: TenantSerializer}
    )
    def post(self, request: Request) -> Response:
        """Create a tenant. 409: its slug is taken."""
        given = self.valid(NewTenant)
        tenant, is_new = Tenant.objects.get_or_create(slug=given.pop("slug"), defaults=given)
        if not is_new:
            raise problem_at("/slug", TAKEN, 409, "slug_taken")
        return Response(TenantSerializer(tenant).data, status=201)

    def rows(self, filters: Mapping[str, Any]) -> QuerySet[Tenant]:
        return Tenant.objects.all()


class OneTenant(PlatformView):
    serializer_class = TenantSerializer
    scopes: ClassVar = {"GET": KeyScope.PLATFORM, "PATCH": KeyScope.PLATFORM}

    @extend_schema(operation_id="get_tenant")
    def get(self, request: Request, id: UUID) -> Response:
        """Read a tenant."""
        return Response(TenantSerializer(self.tenant(id)).data)

    @extend_schema(operation_id="update_tenant", request=TenantChanges)
    def patch(self, request: Request, id: UUID) -> Response:
        """Rename a tenant, suspend it, or let it go on."""
        given = self.valid(TenantChanges)
        if given and not Tenant.objects.filter(id=id).update(**given):
            raise Http404
        return self.get(request, id)
