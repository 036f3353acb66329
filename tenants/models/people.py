"""People who sign in: users, their memberships of tenants, and invitations to one."""

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from tenants.models.second_factor import SecondFactor
from tenants.models.tenant import TenantModel


class User(AbstractUser):
    """Whoever signs in: platform staff (`manage.py createsuperuser`) and the members of tenants.

    `sign_outs`: how often all sessions of the user were ended at once.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    second_factor = models.OneToOneField(
        SecondFactor, null=True, on_delete=models.SET_NULL, related_name="user", editable=False
    )
    sign_outs = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    class Meta(AbstractUser.Meta):
        db_table = "users"

    def _get_session_auth_hash(self, secret: Any = None) -> str:
        """Return what a session must hold to be this user's. The first one is Django's own, so that
        nobody is signed out by an upgrade.
        """
        of_password = super()._get_session_auth_hash(secret)  # type: ignore[misc]
        if not self.sign_outs:
            return of_password
        ended = f"{of_password} {self.sign_outs}"
        return salted_hmac(
            "tenants.sign_outs", ended, secret=secret, algorithm="sha256"
        ).hexdigest()


class Membership(TenantModel):
    """A user who works for a tenant. Platform staff need none: they are `User.is_staff`."""

    class Role(models.TextChoices):
        OWNER = "owner", _("owner: everything, members too")
        ADMIN = "admin", _("administrator: channels and settings")
        AGENT = "agent", _("agent: conversations")

    audited_with = ("user_id",)  # see tenants/audit.py

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
