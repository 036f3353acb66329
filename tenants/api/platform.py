"""What the platform's own software does: make and suspend tenants, give and revoke their keys.

A platform key reaches this and no tenant's data: for that it gives itself a key of the tenant.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any, ClassVar
from uuid import UUID

from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tenants.api.bodies import StrictSerializer
from tenants.api.fields import ChoiceField, MomentField, TextField
from tenants.api.problems import Problem
from tenants.api.views import ApiView, ListView
from tenants.api_keys import keys
from tenants.models import OF_TENANTS, ApiKey, KeyScope, Tenant
from tenants.scope import operator_scope

SLUG = RegexValidator(r"^[a-z0-9][a-z0-9-]{0,62}\Z", "Lower-case letters, digits and hyphens.")
TAKEN = "Another tenant has this slug."
PAST = "This is in the past."


class TenantSerializer(serializers.ModelSerializer):
    """A business. A suspended one's messages are stored; nothing is answered or sent."""

    class Meta:
        model = Tenant
        fields = ["id", "slug", "name", "status", "auto_reply", "created_at"]


class NewTenant(StrictSerializer):
    slug = TextField(allow_blank=False, max_length=63, validators=[SLUG])
    name = TextField(allow_blank=False, max_length=200)
    auto_reply = TextField(required=False, max_length=4096)


class TenantChanges(StrictSerializer):
    """What is left away stays as it is."""

    name = TextField(required=False, allow_blank=False, max_length=200)
    status = ChoiceField(Tenant.Status.values, required=False)


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


class PlatformView(ApiView):
    """A view of the platform's own software: it sees every tenant, as staff do."""

    def scope(self) -> AbstractContextManager[None]:
        return operator_scope()

    def tenant(self, id: UUID) -> Tenant:
        tenant: Tenant = self.row(Tenant.objects.all(), id)
        return tenant


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
            error = {"pointer": "/slug", "detail": TAKEN}
            raise Problem(409, "slug_taken", TAKEN, errors=[error])
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
        """Give a tenant a key. It is shown in this answer and never again."""
        given = self.valid(NewKey)
        row, key = keys.create(
            self.tenant(id).id,
            given["name"],
            given.get("scopes", OF_TENANTS),
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
