"""Second factors: the authenticator app of a user, and the recovery codes for who lost it."""

from django.db import models
from django.utils import timezone
from uuid_utils.compat import uuid7

from tenants.models.sealed import Sealed


class SecondFactor(Sealed):
    """An authenticator app that its user has proven to have. `credentials` seals the secret that
    its codes are made of.

    `last_step`: the time step of the newest code that was taken. No code of this step, or of an
    earlier one, is taken again. `failures`: wrong codes since the last right one.
    """

    what_is_sealed = "The second factor's secret"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    last_step = models.BigIntegerField()
    failures = models.PositiveSmallIntegerField(default=0)
    failed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "second_factors"

    def __str__(self) -> str:
        return str(self.id)

    def _seal_of(self) -> str:
        return f"{self._meta.db_table}|credentials|{self.pk}"


class RecoveryCode(models.Model):
    """A code that is taken once instead of the app's, and then deleted. `hash`: see
    tenants/second_factor/codes.py.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    factor = models.ForeignKey(
        SecondFactor, on_delete=models.CASCADE, related_name="recovery_codes", db_index=False
    )
    hash = models.BinaryField(max_length=32)

    class Meta:
        db_table = "recovery_codes"
        constraints = [
            models.UniqueConstraint(fields=["factor", "hash"], name="recovery_code_given_once")
        ]

    def __str__(self) -> str:
        return str(self.id)
