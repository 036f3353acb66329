"""Tenants, and the base of every tenant's row."""

from collections.abc import Iterable
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from tenants.isolation import TenantRLS
from tenants.scope import current_scope

LONGEST_KEPT = 36_500  # days
Row = TypeVar("Row", bound=models.Model, covariant=True)


class TenantManager(models.Manager[Row]):
    """Sees the current scope's rows; refuses to answer outside a scope (raises NoTenantScope)."""

    column = "tenant_id"

    def get_queryset(self) -> models.QuerySet[Row]:
        tenant_id = current_scope().tenant_id
        rows = super().get_queryset()
        return rows if tenant_id is None else rows.filter(**{self.column: tenant_id})


class TenantsThemselves(TenantManager["Tenant"]):
    column = "id"

    def suspend(self, ids: Iterable[UUID]) -> list[UUID]:
        """Answer and send nothing for these until they are resumed. Returns the ids of those that
        were active.
        """
        return self._move(ids, Tenant.Status.ACTIVE, Tenant.Status.SUSPENDED)

    def resume(self, ids: Iterable[UUID]) -> list[UUID]:
        """Undo `suspend`. Returns the ids of those that were suspended."""
        return self._move(ids, Tenant.Status.SUSPENDED, Tenant.Status.ACTIVE)

    def _move(self, ids: Iterable[UUID], before: str, after: str) -> list[UUID]:
        rows = self.filter(id__in=list(ids), status=before).order_by("id")
        found = list(rows.select_for_update(no_key=True).values_list("id", flat=True))
        self.filter(id__in=found).update(status=after)
        return found


class Tenant(models.Model):
    """A business whose messages we carry."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        SUSPENDED = "suspended", _("Suspended")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(max_length=63)
    name = models.CharField(max_length=200)
    status = models.CharField(
        max_length=20,
        choices=Status,
        default=Status.ACTIVE,
        help_text=_("A suspended tenant's messages are stored; nothing is answered or sent."),
    )

    class ResendPolicy(models.TextChoices):
        HOLD = "hold", _("never by itself")
        RESEND_ONCE = "resend_once", _("once")

    auto_reply = models.TextField(
        blank=True, max_length=4096, help_text=_("Answers every message; empty: no answer.")
    )
    replies_per_hour = models.PositiveSmallIntegerField(
        default=10,
        db_default=10,
        help_text=_(
            "Automatic replies that one contact may get in an hour, so that two machines do not"
            " talk for ever; 0: none."
        ),
    )
    staff_pause_minutes = models.PositiveSmallIntegerField(
        default=60,
        db_default=60,
        help_text=_(
            "No automatic replies for so long after staff have written to a contact in the phone"
            " app; 0: no pause."
        ),
    )
    handover_hours = models.PositiveSmallIntegerField(
        default=24,
        db_default=24,
        help_text=_(
            "A conversation that was left to people is answered automatically again after so many"
            " hours; 0: when somebody gives it back."
        ),
    )
    shows_typing = models.BooleanField(
        "typing indicator",
        default=False,
        db_default=False,
        help_text=_(
            "Contacts see that an answer is being written while a reply strategy prepares it, and"
            " that what they wrote was read."
        ),
    )
    resend_policy = models.CharField(
        max_length=20,
        choices=ResendPolicy,
        default=ResendPolicy.HOLD,
        db_default="hold",
        verbose_name="send again what is unknown",
        help_text=_(
            "A message whose outcome nobody knows may have been sent. Sending it again can make it"
            " arrive twice."
        ),
    )
    keep_messages_days = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_KEPT)],
        help_text=_(
            "Days after which messages are deleted with their files, each night; empty: as for all"
            " tenants (KEEP_MESSAGES_DAYS). Webhooks as they came and events are kept as for all."
        ),
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[TenantsThemselves] = TenantsThemselves()

    class Meta:
        db_table = "tenants"
        constraints = [
            models.UniqueConstraint(fields=["slug"], name="tenant_slug_taken_once"),
            models.CheckConstraint(
                condition=models.Q(status__in=["active", "suspended"]), name="tenant_status_known"
            ),
            models.CheckConstraint(
                condition=models.Q(resend_policy__in=["hold", "resend_once"]),
                name="tenant_resend_policy_known",
            ),
            models.CheckConstraint(
                condition=models.Q(keep_messages_days__isnull=True)
                | models.Q(keep_messages_days__gte=1, keep_messages_days__lte=LONGEST_KEPT),
                name="tenant_keeps_messages_for_days",
            ),
            TenantRLS(name="tenant_isolation", column="id"),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                condition=models.Q(resend_policy="resend_once"),
                name="tenant_resends",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.slug


class TenantModel(models.Model):
    """A row that belongs to one tenant. Extend `TenantModel.Meta.constraints`, never replace it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False, related_name="+")

    objects: ClassVar[TenantManager[Any]] = TenantManager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="%(class)s_id_in_tenant"),
            TenantRLS(name="%(class)s_isolation"),
        ]
