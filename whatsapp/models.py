"""How businesses were connected: each attempt with its steps, so that it can go on where it
stopped; and deletions.
"""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from channels_app.storable import storable_text
from tenants import naming
from tenants.isolation import PlatformRLS, TenantForeignKey, within_tenant
from tenants.models import ConnectLink, TenantManager, TenantModel
from tenants.models.sealed import Sealed


class SignupManager(TenantManager["Signup"]):
    def record(
        self, signup: "Signup", step: str, said: str, *, failed: bool = False, **values: Any
    ) -> None:
        """What a step came to, with what it learned; in the caller's scope."""
        told = {
            "said": storable_text(said, 500),
            "failed": failed,
            "at": timezone.now().isoformat(timespec="seconds"),
        }
        signup.steps = {**signup.steps, step: told}
        if failed:
            values["status"] = Signup.Status.FAILED
        for name, value in values.items():
            setattr(signup, name, value)
        self.filter(id=signup.id).update(steps=signup.steps, **values)


class Signup(Sealed, TenantModel):
    """One attempt of a member, or of whoever has a connect link, to connect a business.
    `credentials` holds its token, until its channels have it.

    `nonce`: of the state that began it, used once. `hints`: what the browser said of account and
    number, believed by nobody.
    `steps`: name -> {said, failed, at}. `accounts` and `numbers`: what the token was proven to
    reach.
    """

    class Status(models.TextChoices):
        RUNNING = "running", _("Running")
        FAILED = "failed", _("Failed")
        CONNECTED = "connected", _("Connected")
        CANCELLED = "cancelled", _("Cancelled")

    what_is_sealed = "The token of this connection"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    link = within_tenant(ConnectLink, related_name="+", null=True)
    nonce = models.CharField(max_length=64)
    status = models.CharField(max_length=10, choices=Status, default=Status.RUNNING)
    is_coexistence = models.BooleanField(
        default=False, help_text=_("The number stays in the phone app, too.")
    )
    is_move = models.BooleanField(
        default=False, help_text=_("Take the numbers from the tenant that has them.")
    )
    hints: Any = models.JSONField(default=dict)
    steps: Any = models.JSONField(default=dict)
    accounts: Any = models.JSONField(default=list)
    numbers: Any = models.JSONField(default=list)
    granted_by = models.CharField(
        max_length=64, blank=True, help_text=_("Meta's id of the person who gave the token.")
    )
    token_expires_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[SignupManager] = SignupManager()

    class Meta(TenantModel.Meta):
        db_table = "whatsapp_signups"
        verbose_name = "sign-up"
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "nonce"], name="signup_state_used_once"),
            models.CheckConstraint(
                condition=models.Q(status__in=["running", "failed", "connected", "cancelled"]),
                name="signup_status_known",
            ),
            TenantForeignKey(name="signup_by_a_link_of_the_tenant", field="link"),
            models.CheckConstraint(
                condition=models.Q(user=None, link__isnull=False)
                | models.Q(user__isnull=False, link=None),
                name="signup_by_a_member_or_by_a_link",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "-created_at"], name="signup_newest"),
            models.Index(
                fields=["granted_by"], condition=~models.Q(granted_by=""), name="signup_granted_by"
            ),
        ]

    def __str__(self) -> str:
        return gettext("sign-up of %(moment)s") % {"moment": naming.moment(self.created_at)}

    def is_done(self, step: str) -> bool:
        return step in self.steps and not self.steps[step]["failed"]


class Deletion(models.Model):
    """That somebody asked Meta to have their data deleted here, and when that was done. It says
    nothing of who.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=64)
    # keyed: of the request, to know it when it comes again
    request_hash = models.BinaryField(max_length=32, null=True)
    requested_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField()

    class Meta:
        db_table = "whatsapp_deletions"
        constraints = [
            models.UniqueConstraint(fields=["code"], name="deletion_code_given_once"),
            models.UniqueConstraint(fields=["request_hash"], name="deletion_asked_for_once"),
            PlatformRLS(name="whatsapp_deletions_isolation"),
        ]

    def __str__(self) -> str:
        return f"deletion of {self.requested_at:%Y-%m-%d}"
