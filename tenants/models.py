"""Tenants, their members and invitations, users, and the base of every tenant's row."""

from typing import Any, ClassVar, TypeVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone
from uuid_utils.compat import uuid7

from tenants.isolation import TenantRLS
from tenants.scope import current_scope

Row = TypeVar("Row", bound=models.Model, covariant=True)


class User(AbstractUser):
    """Platform staff. Created with `manage.py createsuperuser`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta(AbstractUser.Meta):
        db_table = "users"


class TenantManager(models.Manager[Row]):
    """Sees the current scope's rows; refuses to answer outside a scope (raises NoTenantScope)."""

    column = "tenant_id"

    def get_queryset(self) -> models.QuerySet[Row]:
        tenant_id = current_scope().tenant_id
        rows = super().get_queryset()
        return rows if tenant_id is None else rows.filter(**{self.column: tenant_id})


class TenantsThemselves(TenantManager["Tenant"]):
    column = "id"


class Tenant(models.Model):
    """A business whose messages we carry."""

    class Status(models.TextChoices):
        ACTIVE = "active"
        SUSPENDED = "suspended"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(max_length=63)
    name = models.CharField(max_length=200)
    status = models.CharField(
        max_length=20,
        choices=Status,
        default=Status.ACTIVE,
        help_text="A suspended tenant's messages are stored; nothing is answered or sent.",
    )

    class ResendPolicy(models.TextChoices):
        HOLD = "hold", "never by itself"
        RESEND_ONCE = "resend_once", "once"

    auto_reply = models.TextField(
        blank=True, max_length=4096, help_text="Answers every message; empty: no answer."
    )
    replies_per_hour = models.PositiveSmallIntegerField(
        default=10,
        db_default=10,
        help_text=(
            "Automatic replies that one contact may get in an hour, so that two machines do not"
            " talk for ever; 0: none."
        ),
    )
    staff_pause_minutes = models.PositiveSmallIntegerField(
        default=60,
        db_default=60,
        help_text=(
            "No automatic replies for so long after staff have written to a contact in the phone"
            " app; 0: no pause."
        ),
    )
    resend_policy = models.CharField(
        max_length=20,
        choices=ResendPolicy,
        default=ResendPolicy.HOLD,
        db_default="hold",
        verbose_name="send again what is unknown",
        help_text=(
            "A message whose outcome nobody knows may have been sent. Sending it again can make it"
            " arrive twice."
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
            TenantRLS(name="tenant_isolation", column="id"),
        ]

    def __str__(self) -> str:
        return self.slug


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


class Membership(TenantModel):
    """A user who works for a tenant. Platform staff need none: they are `User.is_staff`."""

    class Role(models.TextChoices):
        OWNER = "owner", "owner: everything, members too"
        ADMIN = "admin", "administrator: channels and settings"
        AGENT = "agent", "agent: conversations"

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        db_table = "memberships"
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "user"], name="member_of_a_tenant_once"),
            models.CheckConstraint(
                condition=models.Q(role__in=["owner", "admin", "agent"]),
                name="membership_role_known",
            ),
        ]

    def __str__(self) -> str:
        return self.get_role_display()


class Invitation(TenantModel):
    """An invitation of an address to work for a tenant; open until it is accepted, withdrawn or
    replaced by a newer one.

    Tenant, address and role never change: the link in the mail is bound to them.
    """

    email = models.EmailField()
    role = models.CharField(max_length=10, choices=Membership.Role)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta(TenantModel.Meta):
        db_table = "invitations"
        indexes = [models.Index(fields=["tenant", "created_at"], name="invitations_of_a_tenant")]
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["tenant", "email"],
                condition=models.Q(ended_at=None),
                name="address_invited_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=["owner", "admin", "agent"]),
                name="invitation_role_known",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_by=None) | models.Q(ended_at__isnull=False),
                name="accepted_invitation_has_ended",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class PasswordReset(models.Model):
    """A request for a new password at an address, which may belong to no account. Kept for a day,
    to count requests.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField()
    ip_address = models.GenericIPAddressField()
    asked_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        db_table = "password_resets"
        indexes = [models.Index(fields=["asked_at"], name="password_resets_by_time")]

    def __str__(self) -> str:
        return str(self.id)
