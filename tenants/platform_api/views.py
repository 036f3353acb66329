"""The base of the platform's views."""

from contextlib import AbstractContextManager
from uuid import UUID

from tenants.api.views import ApiView
from tenants.models import Tenant
from tenants.scope import operator_scope


class PlatformView(ApiView):
    """A view of the platform's own software: it sees every tenant, as staff do."""

    def scope(self) -> AbstractContextManager[None]:
        return operator_scope()

    def tenant(self, id: UUID) -> Tenant:
        tenant: Tenant = self.row(Tenant.objects.all(), id)
        return tenant
