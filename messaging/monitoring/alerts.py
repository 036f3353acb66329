"""Mail problems: all of them to the operators, and to a tenant's owners those that they can mend.

Each is mailed once when it begins and once when it is over. The jobs process looks every minute;
where no jobs process is alive, a worker looks instead, and reports that too.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from messaging import sql
from messaging.models import Alert
from messaging.monitoring import problems, readiness
from messaging.monitoring.letters import OWNERS_BEGAN, OWNERS_OVER, to_operators
from messaging.problem import Key, Problem
from tenants import mail
from tenants.database import logins
from tenants.deferring import defer
from tenants.mail.tasks import send_mail
from tenants.scope import OPERATOR, operator_scope

logger = logging.getLogger(__name__)

# A shorter problem, like a restart, is not mailed: a look so long after the first one finds it,
# too. Looks are a minute apart, give or take the seconds that one begins late.
LASTS_AFTER = timedelta(seconds=45)
OVER_AFTER = timedelta(minutes=5)  # without it: what comes and goes is mailed once
KEPT = timedelta(days=90)
TELLING = timedelta(minutes=5)  # longer than a mail server may take


def watch() -> None:
    """Note which problems began and which are over, and mail them to the operators. Any number of
    processes may do this at once.
    """
    note(problems.current())
    if settings.EMAIL_IS_CONFIGURED and settings.OPERATORS_EMAIL:
        mail_operators()


def watch_instead_of_jobs() -> None:
    """Watch from a worker if no jobs process is alive. In hardened mode a worker may not."""
    if not logins.may_become(OPERATOR):
        return
    jobs = readiness.checks().get("jobs")
    if jobs and not jobs.is_ok:
        watch()


def note(found: list[Problem]) -> None:
    now = timezone.now()
    with operator_scope():
        # The lock has the name that earlier releases give it.
        if not sql.run("monitoring/is_mine", work="messaging.alerts")[0]["mine"]:
            return
        known = {alert.problem: alert for alert in locked(Alert.objects.filter(over_at=None))}
        there = {problem.key: problem for problem in found}
        begun = [Alert.of(problem, now) for key, problem in there.items() if key not in known]
        changed = [
            alert for key, alert in known.items() if key in there and alert.takes_over(there[key])
        ]
        gone = [
            alert
            for key, alert in known.items()
            if key not in there and alert.seen_at < now - OVER_AFTER
        ]
        over = [alert for alert in gone if not is_followed(alert, there)]
        Alert.objects.bulk_create(begun)
        Alert.objects.bulk_update(changed, ["said", "step", "told_at"])
        Alert.objects.filter(
            id__in=[alert.id for key, alert in known.items() if key in there]
        ).update(seen_at=now)
        Alert.objects.filter(id__in=[alert.id for alert in over]).update(over_at=now)
        followed = [alert.id for alert in gone if alert not in over]
        Alert.objects.filter(id__in=followed).update(over_at=now, over_told_at=now)
        Alert.objects.filter(over_at__lt=now - KEPT).delete()
        if settings.EMAIL_IS_CONFIGURED:
            mail_owners(OWNERS_BEGAN, [*begun, *changed])
            mail_owners(OWNERS_OVER, over)


def is_followed(alert: Alert, there: dict[Key, Problem]) -> bool:
    """Return whether another problem of the same channel goes on: then it is no relief that this
    one is over.
    """
    return alert.channel_id is not None and any(key[2] == alert.channel_id for key in there)


def locked(alerts: QuerySet[Alert]) -> list[Alert]:
    """Return the alerts, locked in the order in which everybody locks them."""
    return list(alerts.order_by("id").select_for_update())


def mail_owners(letter: str, alerts: Iterable[Alert]) -> None:
    """Put in a letter for each tenant whose owners can mend one of these problems, in the caller's
    transaction.
    """
    of_tenant: dict[UUID | None, list[str]] = defaultdict(list)
    for alert in alerts:
        if alert.is_owners:
            of_tenant[alert.tenant_id].append(str(alert.id))
    letters = [
        {"letter": letter, "tenant_id": str(tenant_id), "alert_ids": ",".join(ids)}
        for tenant_id, ids in of_tenant.items()
    ]
    defer(send_mail, *letters)


def mail_operators() -> None:
    """Send one mail about everything that the operators were not mailed yet. What the mail server
    does not take is mailed at a later look.
    """
    began, over = claim()
    if not began and not over:
        return
    try:
        mail.deliver(to_operators(began, over))
    except (mail.NotSent, mail.Refused) as error:
        logger.error("%s alerts were not told to the operators: %s", len(began) + len(over), error)
        note_mailed(began, over)
    else:
        note_mailed(began, over, told_at=timezone.now())


def claim() -> tuple[list[Alert], list[Alert]]:
    """Return the alerts that began and those that are over, as far as they are still to be mailed.
    They are this process's own for as long as TELLING.
    """
    now = timezone.now()
    to_begin = Q(over_at=None, told_at=None, seen_at__gte=F("began_at") + LASTS_AFTER)
    to_end = Q(over_at__isnull=False, told_at__isnull=False, over_told_at=None)
    with operator_scope():
        alerts = locked(Alert.objects.filter(to_begin | to_end).exclude(telling_until__gt=now))
        Alert.objects.filter(id__in=[alert.id for alert in alerts]).update(
            telling_until=now + TELLING
        )
    of_platform_first = sorted(alerts, key=lambda alert: (alert.tenant_id is not None, alert.whose))
    began = [alert for alert in of_platform_first if alert.over_at is None]
    return began, [alert for alert in of_platform_first if alert.over_at]


def note_mailed(began: list[Alert], over: list[Alert], told_at: datetime | None = None) -> None:
    """Note when the alerts were mailed. `told_at` None: they were not, and any process may try
    again.
    """
    with operator_scope():
        locked(Alert.objects.filter(id__in=[alert.id for alert in (*began, *over)]))
        Alert.objects.filter(id__in=[alert.id for alert in began]).update(
            told_at=told_at, telling_until=None
        )
        Alert.objects.filter(id__in=[alert.id for alert in over]).update(
            over_told_at=told_at, telling_until=None
        )
