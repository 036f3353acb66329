"""Problems that need a hand now, of the platform and of single tenants' channels: printed by
`status`, mailed by the alerts.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from channels_app.lifecycle.health_check import NOTHING_FOUND
from channels_app.models import Channel
from messaging import sql
from messaging.monitoring import readiness
from messaging.next_steps import COMES_BACK
from messaging.problem import Problem
from tenants.models import Tenant
from tenants.scope import operator_scope

WAITS = "See the worker's log and the database: docs/operations.md says what to look at."
OF_PLATFORM = {
    "role": (
        "The database does not keep tenants apart as it must.",
        "Run manage.py check, which says why.",
    ),
    "migrations": ("Migrations are not applied.", "Run manage.py prepare_database."),
    "durability": (
        "The database may lose what it confirmed.",
        "Set synchronous_commit on, and the database writable.",
    ),
    "worker": (
        "No worker gives a sign of life: nothing is recorded, answered or sent.",
        "Start one: manage.py worker",
    ),
    "jobs": (
        "No jobs process gives a sign of life: no files, checks and mails.",
        "Start one: manage.py jobs",
    ),
    "oldest_delivery": ("Webhooks wait for too long to be recorded.", WAITS),
    "oldest_message": ("Messages wait for too long to be sent.", WAITS),
    "oldest_event": (
        "Logged events wait for too long for their position: nobody can read them.",
        "See the jobs process's log; if none runs, start one: manage.py jobs",
    ),
}
SEE_MESSAGES = (
    "See Messages in the back-office, filtered by what needs attention; manage.py trace tells a"
    " message's way."
)
OF_KIND = {
    "channel_check": (
        "The last check found: {detail}",
        "Connect the number again, or mend it at the provider.",
    ),
    "token_ends": (
        "The number's permission ends on {detail}.",
        "Connect the number again before then.",
    ),
    "messages_unknown": (
        "Messages whose outcome is unknown for more than an hour: {number}.",
        SEE_MESSAGES,
    ),
    "messages_sent_twice": (
        "Messages that reached their contacts twice in the last day: {number}.",
        SEE_MESSAGES,
    ),
    "items_rejected": (
        "Items of webhooks that were rejected in the last day: {number}. The first says: {detail}",
        (
            "See Webhook deliveries in the back-office. After a repair: manage.py replay_deliveries"
            " --since TIME --set-aside"
        ),
    ),
    "tasks_failed": (
        "Background tasks that failed in the last day: {number}, {detail} among them.",
        "See the jobs process's log.",
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
    return sql.run("monitoring/problems", nothing_found=list(NOTHING_FOUND), newest=newest)


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
            age = (
                f" ({check.seconds:.0f} s, {check.bound:.0f} s are allowed)"
                if check.seconds is not None
                else ""
            )
            yield Problem(kind=name, said=f"{said.rstrip('.')}{age}.", step=step)


def sentences(row: Mapping[str, Any]) -> tuple[str, str]:
    if row["kind"] == "channel_parked":
        return (
            f"It sends nothing: {row['detail'] or 'the provider refuses it.'}",
            COMES_BACK[Channel.Recovery(row["recovers_by"])],
        )
    said, step = OF_KIND[row["kind"]]
    return said.format(**row), step


def name_of(channel: Channel) -> str:
    return f"{channel} (+{channel.phone_number})" if channel.phone_number else str(channel)
