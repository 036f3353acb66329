"""The base of the views of the platform's own endpoints."""

from contextlib import AbstractContextManager
from typing import ClassVar

from messaging.webhooks_api.views import EndpointView
from tenants.models import KeyScope
from tenants.scope import operator_scope


class OfPlatform(EndpointView):
    """A view of the endpoints of no tenant. Its scope sees every tenant's; `owned` leaves them
    out.
    """

    scopes: ClassVar = dict.fromkeys(("GET", "POST", "PATCH", "DELETE"), KeyScope.PLATFORM)

    @property
    def owner_id(self) -> None:
        return None

    def scope_of_rows(self) -> AbstractContextManager[None]:
        return operator_scope()
