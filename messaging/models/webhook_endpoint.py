"""An endpoint of outgoing webhooks: where events of a tenant, or of all of them, are POSTed to,
and how far it has got with them.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from messaging import sql
from tenants.models import Tenant, TenantManager, TenantModel
from tenants.models.sealed import Sealed

MOST_SET_ASIDE = 1000  # from then on an endpoint reads no further


class EndpointManager(TenantManager["WebhookEndpoint"]):
    def lock_owner(self, tenant_id: UUID | None) -> None:
        """Let nobody else make an endpoint of the tenant, None: of the platform, until the
        transaction ends.
        """
        sql.run("webhooks/lock_owner", owner=str(tenant_id or "the platform"))

    def lease(
        self,
        token: UUID,
        *,
        slow: bool,
        since: datetime,
        after: int,
        at_most: int,
        seconds: float,
    ) -> list["WebhookEndpoint"]:
        """Lease endpoints that have something to send now, those that have waited longest first.
        `slow`: those whose last answer took long, or else the others. Left out are those that were
        due before `since` and of whose tenant nothing was logged after the position `after`.
        """
        rows = sql.run(
            "webhooks/lease_endpoints",
            lease=token,
            slow=slow,
            since=since,
            after=after,
            at_most=at_most,
            seconds=seconds,
            most_set_aside=MOST_SET_ASIDE,
        )
        return list(self.filter(id__in=[row["id"] for row in rows]).order_by("id"))

    def settle(self, endpoint_id: UUID, **outcome: Any) -> Mapping[str, Any]:
        """Record how a leased endpoint's turn ended, and end the lease. Its row is locked. Returns
        its state.
        """
        (state,) = sql.run("webhooks/settle_endpoint", id=endpoint_id, **outcome)
        return state

    def behind(self, ids: list[UUID], at_most: int) -> dict[UUID, int]:
        """Return how many events each endpoint is behind, counted no further than `at_most`."""
        rows = sql.run("webhooks/events_behind", ids=ids, at_most=at_most) if ids else []
        return {row["id"]: row["behind"] for row in rows}


class WebhookRow(TenantModel):
    """A row of a tenant's endpoint, or of one of the platform's own, which no tenant sees and whose
    references PostgreSQL does not check.
    """

    tenant = models.ForeignKey(  # type: ignore[assignment]
        Tenant, null=True, on_delete=models.PROTECT, db_index=False, related_name="+"
    )

    class Meta(TenantModel.Meta):
        abstract = True


class WebhookEndpoint(Sealed, WebhookRow):
    """`position`: its cursor in the event log; what lies behind it is delivered, given up or set
    aside. `due_at`: not before; while there is a `lease`, it ends then.

    `failures`: how many events have failed in a row; `failing_since`: when the first of them
    did. `is_slow`: its last answer took long. `types` empty: all of them. The sealed
    secrets are "current" and, until `previous_until`, "previous".
    """

    what_is_sealed = "The webhook endpoint's secret"

    class Status(models.TextChoices):
        ENABLED = "enabled", _("Enabled")
        DISABLED = "disabled", _("Disabled")

    class Reason(models.TextChoices):
        ASKED = "asked", _("disabled by hand")
        GONE = "gone", _("it answered 410 Gone")
        FAILING = "failing", _("the last try of an event failed, and nothing succeeded meanwhile")

    url = models.CharField(max_length=2048)
    types = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    description = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.ENABLED)
    disabled_reason = models.CharField(max_length=10, choices=Reason, blank=True)
    disabled_at = models.DateTimeField(null=True, blank=True)
    previous_until = models.DateTimeField(null=True, blank=True)
    api_version = models.CharField(max_length=10, default="v1")
    position = models.BigIntegerField(default=0)
    lease = models.UUIDField(null=True, editable=False)
    due_at = models.DateTimeField(default=timezone.now)
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    is_slow = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[EndpointManager] = EndpointManager()

    class Meta(WebhookRow.Meta):
        db_table = "webhook_endpoints"
        constraints = [
            *WebhookRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(status__in=["enabled", "disabled"]), name="endpoint_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status="enabled", disabled_reason="", disabled_at=None)
                | Q(
                    status="disabled",
                    disabled_reason__in=["asked", "gone", "failing"],
                    disabled_at__isnull=False,
                ),
                name="disabled_endpoint_says_why_and_since_when",
            ),
        ]

    def __str__(self) -> str:
        return self.description or self.host

    @property
    def host(self) -> str:
        """What is shown of the address: its path may hold a secret."""
        return urlsplit(self.url).netloc

    def secrets_at(self, now: datetime) -> tuple[str, ...]:
        """Return the secrets that sign a request, the current one first. Raises CannotOpen."""
        known = self.secrets()
        is_rotating = self.previous_until is not None and now < self.previous_until
        return known["current"], *([known["previous"]] if is_rotating else [])

    def wants(self, type: str) -> bool:
        return not self.types or type in self.types
