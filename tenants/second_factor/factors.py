"""Second factors of users: set up, proven by a code, replaced, reset. Within auth_scope.

A wrong code is counted with the account, wherever it comes from: six digits that many addresses
guess at are soon guessed.
"""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F

from tenants import audit
from tenants.audit import Action
from tenants.models import RecoveryCode, SecondFactor, User
from tenants.second_factor.codes import hash_of, new_recovery_codes, step_of

FREE_FAILURES = 5
FIRST_LOCK, LONGEST_LOCK = timedelta(minutes=15), timedelta(days=1)
SECRET = "totp"  # noqa: S105  the name under which it is sealed
logger = logging.getLogger(__name__)


class WrongCode(Exception):
    """The code is none of the user's now, or was taken already."""


class Locked(Exception):
    """Too many codes were wrong: none is looked at for `wait`."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__("Too many codes were wrong.")
        self.wait = wait


def prove(user: User, code: str, at: datetime) -> SecondFactor:
    """Take a code of the user's app, or a recovery code. Raises WrongCode, Locked, and CannotOpen
    where this process lacks the key.

    The failure is a row: the transaction must be kept when it raises. The user is locked before the
    factor, as by whatever takes a factor away.
    """
    User.objects.select_for_update(no_key=True).filter(pk=user.pk).exists()
    factor = SecondFactor.objects.select_for_update().filter(pk__in=[user.second_factor_id]).first()
    if factor is None:  # replaced or reset since the request began
        raise WrongCode
    if wait := wait_of(factor, at):
        raise Locked(wait)
    secret = factor.secret(SECRET)
    step = step_of(secret, code, at, after=factor.last_step)
    if step is None and not used_up(factor, hash_of(secret, code)):
        fail(factor, user, at)
    factor.last_step = factor.last_step if step is None else step
    factor.failures, factor.failed_at = 0, None
    factor.save(update_fields=["last_step", "failures", "failed_at"])
    return factor


def wait_of(factor: SecondFactor, at: datetime) -> timedelta | None:
    """Return how long no code is looked at any more; None: one is. From the fifth failure on each
    doubles it.
    """
    if factor.failed_at is None or factor.failures < FREE_FAILURES:
        return None
    doubled = min(factor.failures - FREE_FAILURES, 10)
    ends = factor.failed_at + min(FIRST_LOCK * 2**doubled, LONGEST_LOCK)
    return ends - at if ends > at else None


def fail(factor: SecondFactor, user: User, at: datetime) -> None:
    """Count a failure. Raises Locked if it was one too many, else WrongCode."""
    factor.failures, factor.failed_at = factor.failures + 1, at
    factor.save(update_fields=["failures", "failed_at"])
    if user.is_staff:
        audit.record(user, Action.SIGN_IN_FAILED, step="second_factor")
    if wait := wait_of(factor, at):
        logger.warning(
            "The second factor of user %s is locked after %s wrong codes.",
            user.pk,
            factor.failures,
        )
        raise Locked(wait)
    raise WrongCode


def used_up(factor: SecondFactor, hashed: bytes) -> bool:
    """Delete the recovery code with this hash. Returns whether there was one."""
    deleted, _ = RecoveryCode.objects.filter(factor=factor, hash=hashed).delete()
    return bool(deleted)


def set_up(user: User, secret: str, code: str, at: datetime) -> list[str]:
    """Make the app with this secret the user's second factor, in the place of the one that the user
    was read with. Returns its recovery codes. Raises WrongCode.
    """
    step, earlier = step_of(secret, code, at, after=0), user.second_factor_id
    as_read = User.objects.select_for_update().filter(pk=user.pk, second_factor=earlier)
    if step is None or not as_read.exists():
        raise WrongCode
    factor = SecondFactor(last_step=step)
    factor.seal(**{SECRET: secret})
    factor.save(force_insert=True)
    user.second_factor = factor
    user.save(update_fields=["second_factor"])
    SecondFactor.objects.filter(pk__in=[earlier]).delete()
    audit.record_own(user, "second_factor")
    logger.info("User %s has a new second factor.", user.pk)
    return renew_recovery_codes(factor)


def renew_recovery_codes(factor: SecondFactor) -> list[str]:
    """Replace the recovery codes. Returns the new ones, which nobody can read again."""
    secret, codes = factor.secret(SECRET), new_recovery_codes()
    RecoveryCode.objects.filter(factor=factor).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(factor=factor, hash=hash_of(secret, code)) for code in codes
    )
    return codes


def take_away(user: User) -> None:
    """Take the second factor away from a user who has proven it."""
    factor_id, user.second_factor = user.second_factor_id, None
    user.save(update_fields=["second_factor"])
    SecondFactor.objects.filter(pk__in=[factor_id]).delete()
    audit.record_own(user, "second_factor")
    logger.info("User %s has taken the second factor away.", user.pk)


def reset(users: Any) -> Collection[UUID]:
    """Take away the second factor of each of these users who has one, and end their sessions: who
    lost the app may have lost more. Returns their ids.
    """
    had = dict(
        users.filter(second_factor__isnull=False)
        .order_by("pk")
        .select_for_update()
        .values_list("pk", "second_factor_id")
    )
    User.objects.filter(pk__in=had).update(second_factor=None, sign_outs=F("sign_outs") + 1)
    SecondFactor.objects.filter(pk__in=had.values()).delete()
    for user_id in had:
        logger.warning("The second factor of user %s was reset.", user_id)
    return had.keys()
