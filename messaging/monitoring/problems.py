"""Problems that need a hand now, of the platform and of single tenants' channels: printed by
`status`, mailed by the alerts.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from channels_app.lifecycle.health_check import NOTHING_FOUND
from channels_app.models import Channel
from messaging import sql
from messaging.monitoring import readiness
from messaging.next_steps import COMES_BACK
from messaging.problem import Problem
from tenants.models import Tenant
from tenants.scope import operator_scope

WAITS = _("See the worker's log and the database: docs/operations.md says what to look at.")
OF_PLATFORM = {
    "role": (
        _("The database does not keep tenants apart as it must."),
        _("Run manage.py check, which says why."),
    ),
    "migrations": (_("Migrations are not applied."), _("Run manage.py prepare_database.")),
    "durability": (
        _("The database may lose what it confirmed."),
        _("Set synchronous_commit on, and the database writable."),
    ),
    "worker": (
        _("No worker gives a sign of life: nothing is recorded, answered or sent."),
        _("Start one: manage.py worker"),
    ),
    "jobs": (
        _("No jobs process gives a sign of life: no files, checks and mails."),
        _("Start one: manage.py jobs"),
    ),
    "oldest_delivery": (_("Webhooks wait for too long to be recorded."), WAITS),
    "oldest_message": (_("Messages wait for too long to be sent."), WAITS),
    "oldest_event": (
        _("Logged events wait for too long for their position: nobody can read them."),
        _("See the jobs process's log; if none runs, start one: manage.py jobs"),
    ),
}
SEE_MESSAGES = _(
    "See Messages in the back-office, filtered by what needs attention; manage.py trace tells a"
    " message's way."
)
OF_KIND = {
    "channel_check": (
        _("The last check found: {detail}"),
        _("Connect the number again, or mend it at the provider."),
    ),
    "token_ends": (
        _("The number's permission ends on {detail}."),
        _("Connect the number again before then."),
    ),
    "messages_unknown": (
        _("Messages whose outcome is unknown for more than an hour: {number}."),
        SEE_MESSAGES,
    ),
    "messages_sent_twice": (
        _("Messages that reached their contacts twice in the last day: {number}."),
        SEE_MESSAGES,
    ),
    "items_rejected": (
        _(
            "Items of webhooks that were rejected in the last day: {number}. The first says:"
            " {detail}"
        ),
        _(
            "See Webhook deliveries in the back-office. After a repair: manage.py replay_deliveries"
            " --since TIME --set-aside"
        ),
    ),
    "tasks_failed": (
        _("Background tasks that failed in the last day: {number}, {detail} among them."),
        _("See the jobs process's log."),
    ),
    "strategy_fails": (
        _(
            "Messages that the reply strategy {detail} owed an answer in the last day: {number}."
            " People are asked."
        ),
        _(
            "The logs of worker and jobs name each error. Mend what the strategy asks, or choose"
            " another: manage.py set_reply_strategy. Who waits for an answer stands in the"
            " back-office: Conversations, by why they wait for a person."
        ),
    ),
    "replies_not_asked_for": (
        _(
            "Messages whose reply strategy should have been asked more than two minutes ago:"
            " {number}."
        ),
        _(
            "If no jobs process runs, start one. If one runs and its log says that strategies took"
            " too long, restart it and choose another strategy; else start one more."
        ),
    ),
    "erasure_unfinished": (
        _("Contacts whose erasure was ordered more than a day ago and is not finished: {number}."),
        _(
            "See the log of the jobs process. manage.py erase_contact says what an erasure waits"
            " for: a message that is being sent, or webhooks that are to be processed again."
        ),
    ),
    "files_waiting": (
        _(
            "Files that cannot be fetched or stored, and are tried again: {number}. The first says:"
            " {detail}"
        ),
        _(
            "Look whether the disk of MEDIA_ROOT is full or the bucket gone. After a repair: Files"
            " in the back-office, “Fetch again what failed”; else they come by themselves."
        ),
    ),
}
KINDS = ("channel_parked", *OF_KIND)  # of tenants and tasks
OWNERS_MEND = {"channel_parked", "channel_check", "token_ends"}


def current() -> list[Problem]:
    """Return every problem there is, the platform's first. Opens scopes of its own."""
    found = [*of_platform()]
    with operator_scope():
        return [*found, *of_tenants()]


def rows_of(newest: int | None = None) -> list[Mapping[str, Any]]:
    """Return the rows of the problems of tenants and tasks; `newest`: so many of each kind, None:
    all.
    """
    known = {"nothing_found": list(NOTHING_FOUND), "usual_strategy": settings.REPLY_STRATEGY}
    return sql.run("monitoring/problems", newest=newest, **known)


def of_tenants() -> Iterator[Problem]:
    yield from problems_of(rows_of())


def problems_of(rows: list[Mapping[str, Any]]) -> Iterator[Problem]:
    """Yield the problem that each row tells, in the order of the rows."""
    tenants = Tenant.objects.in_bulk({row["tenant_id"] for row in rows if row["tenant_id"]})
    channels = Channel.objects.in_bulk({row["channel_id"] for row in rows if row["channel_id"]})
    for row in rows:
        said, step = sentences(row)
        tenant, channel = tenants.get(row["tenant_id"]), channels.get(row["channel_id"])
        whose = {
            "tenant_id": row["tenant_id"],
            "tenant": tenant.name if tenant else "",
            "channel_id": row["channel_id"],
            "channel": name_of(channel) if channel else "",
        }
        is_owners = row["kind"] in OWNERS_MEND
        yield Problem(
            kind=row["kind"], said=said, step=step, since=row["since"], is_owners=is_owners, **whose
        )


def of_platform() -> Iterator[Problem]:
    yield from problems_of_checks(readiness.checks())


def problems_of_checks(checks: Mapping[str, readiness.Check]) -> Iterator[Problem]:
    for name, check in checks.items():
        if not check.is_ok:
            said, step = OF_PLATFORM[name]
            yield Problem(kind=name, said=f"{said.rstrip('.')}{age_of(check)}.", step=str(step))


def age_of(check: readiness.Check) -> str:
    """Return how old what was measured is, as the end of a sentence."""
    if check.seconds is None:
        return ""
    said = gettext(" ({seconds:.0f} s, {bound:.0f} s are allowed)")
    return said.format(seconds=check.seconds, bound=check.bound)


def sentences(row: Mapping[str, Any]) -> tuple[str, str]:
    if row["kind"] == "channel_parked":
        reason = row["detail"] or gettext("the provider refuses it.")
        said = gettext("It sends nothing: {reason}").format(reason=reason)
        return said, str(COMES_BACK[Channel.Recovery(row["recovers_by"])])
    finding, step = OF_KIND[row["kind"]]
    return finding.format(**row), str(step)


def name_of(channel: Channel) -> str:
    is_known = bool(channel.name and channel.phone_number)
    return f"{channel} ({channel.number})" if is_known else str(channel)
