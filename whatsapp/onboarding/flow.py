"""Take a signup through its steps. Meta is asked outside any scope, and each step is recorded
before the next begins.
"""

import logging
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from tenants.encryption import CannotOpen
from tenants.origins import origin_of
from tenants.scope import operator_scope, tenant_scope
from whatsapp import business
from whatsapp.models import Signup
from whatsapp.onboarding import channels
from whatsapp.onboarding.steps import EXCHANGE, FAILURES, STEPS

logger = logging.getLogger(__name__)

NOT_OURS = (
    "Something failed here, not at Meta. Press Continue; tell the people who run this platform if"
    " it stays."
)
KEPT = timedelta(days=1)
AGAIN = "Press Connect again."
GONE = f"The permission of this attempt is no longer kept. {AGAIN}"


def exchange(signup: Signup, code: str, *, redirect_uri: str) -> None:
    """Meta's code for its token, which is sealed; the code lives 30 seconds. A failure is
    recorded.
    """
    try:
        granted = business.exchange(code, redirect_uri=redirect_uri)
    except FAILURES as error:
        record(signup, EXCHANGE, f"{error} {AGAIN}", failed=True)
        return
    signup.seal(access_token=granted.token)
    record(
        signup,
        EXCHANGE,
        "It is given to this platform alone.",
        credentials=signup.credentials,
        token_expires_at=granted.expires_at,
    )


def proceed(tenant_id: UUID, signup_id: UUID) -> None:
    """From the first step that is not done, until one fails or all are."""
    with tenant_scope(tenant_id):
        signup = Signup.objects.get(id=signup_id)
    for name in STEPS:
        if signup.status != Signup.Status.RUNNING:
            return
        if not signup.is_done(name):
            take(signup, name)


def take(signup: Signup, name: str) -> None:
    try:
        token = signup.secret("access_token")
    except (CannotOpen, KeyError, ValueError):
        record(signup, name, GONE, failed=True)
        return
    try:
        done = STEPS[name](signup, token)
    except FAILURES as error:
        record(signup, name, str(error), failed=True, **getattr(error, "learned", {}))
    except Exception as error:
        told = "Step %s of signup %s of tenant %s failed (%s at %s)."
        logger.error(
            told, name, signup.id, signup.tenant_id, type(error).__name__, origin_of(error)
        )
        record(signup, name, NOT_OURS, failed=True)
    else:
        record(signup, name, done.said, **done.learned)


def cancel(signup: Signup, reason: str) -> None:
    """The member, or Meta, ended it before there was a token."""
    record(signup, EXCHANGE, reason, failed=True)
    with tenant_scope(signup.tenant_id):
        Signup.objects.filter(id=signup.id).update(status=Signup.Status.CANCELLED)
    signup.status = Signup.Status.CANCELLED


def resume(signup: Signup, *, is_move: bool, pin: str, number: str = "") -> bool:
    """One that failed goes on with its token; False: any other, or what is entered is no PIN.
    Within the tenant's scope. `number`: the one that is chosen among those that Meta showed.

    What was proven may be a day old: it is proven anew, before anything is taken from another
    tenant. Steps may be repeated.
    """
    if pin and not business.is_pin(pin):
        return False
    signup.steps = {name: told for name, told in signup.steps.items() if name == EXCHANGE}
    failed = Signup.objects.filter(id=signup.id, status=Signup.Status.FAILED).exclude(
        credentials=""
    )
    if number in {each["id"] for each in signup.numbers}:
        signup.hints = {**signup.hints, "phone_number_id": number}
    changes = {"is_move": is_move, "steps": signup.steps, "hints": signup.hints}
    if failed.update(status=Signup.Status.RUNNING, **changes) == 0:
        return False
    if pin:
        channels.set_pin(signup, pin)
    return True


def forget_tokens() -> None:
    """What was not finished within a day is begun anew: its token is not kept, where it came so far
    that there is one.
    """
    with operator_scope():
        old = Signup.objects.filter(created_at__lt=timezone.now() - KEPT)
        unfinished = old.filter(~Q(credentials="") | Q(status=Signup.Status.RUNNING))
        unfinished.update(credentials="", status=Signup.Status.FAILED)


def record(signup: Signup, step: str, said: str, **told: Any) -> None:
    with tenant_scope(signup.tenant_id):
        Signup.objects.record(signup, step, said, **told)
