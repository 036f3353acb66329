"""Tell problems by mail: the operators all of them, a tenant's owners those that are theirs to mend.

Each is told once when it begins and once when it is over. The jobs process looks every minute; where none gives a sign of
life, a worker looks instead, and tells that too.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone

from messaging import problems, readiness, sql
from messaging.letters import OWNERS_BEGAN, OWNERS_OVER, to_operators
from messaging.models import Alert
from messaging.problems import Problem
from tenants import mail
from tenants.scope import operator_scope
from tenants.tasks import post

logger = logging.getLogger(__name__)

OVER_AFTER = timedelta(minutes=5)  # without it: what comes and goes is told once
KEPT = timedelta(days=90)
TELLING = timedelta(minutes=2)  # longer than a mail server may take


def watch() -> None:
    """Note what began and what is over, and tell the operators. Any number of processes may do this at once."""
    note(problems.current())
    if settings.EMAIL_IS_CONFIGURED and settings.OPERATORS_EMAIL:
        tell_operators()


def watch_instead_of_jobs() -> None:
    """The same, where no jobs process gives a sign of life."""
    if not readiness.checks()["jobs"].is_ok:
        watch()


def note(found: list[Problem]) -> None:
    now = timezone.now()
    with operator_scope():
        if not sql.run("is_mine", work="messaging.alerts")[0]["mine"]:
            return
        known = {(each.kind, each.tenant_id, each.channel_id): each for each in Alert.objects.filter(over_at=None)}
        there = {problem.key: problem for problem in found}
        begun = [begin(problem, now) for key, problem in there.items() if key not in known]
        over = [alert for key, alert in known.items() if key not in there and alert.seen_at < now - OVER_AFTER]
        Alert.objects.bulk_create(begun)
        Alert.objects.filter(id__in=[alert.id for key, alert in known.items() if key in there]).update(seen_at=now)
        Alert.objects.filter(id__in=[alert.id for alert in over]).update(over_at=now)
        Alert.objects.filter(over_at__lt=now - KEPT).delete()
        if settings.EMAIL_IS_CONFIGURED:
            tell_owners(OWNERS_BEGAN, begun)
            tell_owners(OWNERS_OVER, over)


def begin(problem: Problem, now: datetime) -> Alert:
    return Alert(
        kind=problem.kind,
        tenant_id=problem.tenant_id,
        channel_id=problem.channel_id,
        whose=problem.whose[:500],
        said=problem.said,
        step=problem.step,
        is_owners=problem.is_owners,
        began_at=problem.since or now,
        seen_at=now,
    )


def tell_owners(letter: str, alerts: Iterable[Alert]) -> None:
    """In the caller's transaction: a letter for each tenant whose owners can mend something of it."""
    of_tenant = defaultdict(list)
    for alert in alerts:
        if alert.is_owners:
            of_tenant[alert.tenant_id].append(str(alert.id))
    for tenant_id, ids in of_tenant.items():
        post(letter, tenant_id=tenant_id, alert_ids=",".join(ids))


def tell_operators() -> None:
    """Send one mail about everything that nobody told them yet. What the mail server does not take is told at a later look."""
    began, over = claim()
    if not began and not over:
        return
    try:
        mail.deliver(to_operators(began, over))
    except (mail.NotSent, mail.Refused) as error:
        logger.error("%s alerts were not told to the operators: %s", len(began) + len(over), error)
        return
    now = timezone.now()
    with operator_scope():
        Alert.objects.filter(id__in=[alert.id for alert in began]).update(told_at=now, telling_until=None)
        Alert.objects.filter(id__in=[alert.id for alert in over]).update(over_told_at=now, telling_until=None)


def claim() -> tuple[list[Alert], list[Alert]]:
    """Return what began and what is over and is to be told, this process's own for as long as TELLING."""
    now = timezone.now()
    to_tell = Q(over_at=None, told_at=None) | Q(over_at__isnull=False, told_at__isnull=False, over_told_at=None)
    with operator_scope():
        free = Alert.objects.filter(to_tell).exclude(telling_until__gt=now)
        alerts = list(free.select_for_update(skip_locked=True).order_by(F("tenant_id").asc(nulls_first=True), "id"))
        Alert.objects.filter(id__in=[alert.id for alert in alerts]).update(telling_until=now + TELLING)
    return [alert for alert in alerts if alert.over_at is None], [alert for alert in alerts if alert.over_at]
