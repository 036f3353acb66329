"""Readiness checks, which /health/ready, `status` and the alerts agree on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from messaging import sql
from tenants.checks import are_migrations_applied, keeps_tenants_apart

WORKER_SECONDS = 30
JOBS_SECONDS = 60
DELIVERY_SECONDS = 60
MESSAGE_SECONDS = 120
EVENT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Check:
    """`seconds`: how old the oldest is, or the last sign of life, where the check is of an age;
    `bound`: how old it may be.
    """

    is_ok: bool
    seconds: float | None = None
    bound: float | None = None
    reason: str = ""


def checks() -> dict[str, Check]:
    """Return each check by its name; without the migrations, only those of the database."""
    of_database = {
        "role": Check(keeps_tenants_apart()),
        "migrations": Check(are_migrations_applied()),
    }
    if not of_database["migrations"].is_ok:
        return of_database
    ages: Mapping[str, Any] = sql.run("monitoring/pipeline_ages")[0]
    return {
        **of_database,
        "durability": Check(ages["is_durable"]),
        "worker": sign_of_life(ages["heartbeat"], WORKER_SECONDS, missing="no worker was seen"),
        "jobs": sign_of_life(ages["jobs"], JOBS_SECONDS, missing="no jobs process was seen"),
        "oldest_delivery": waiting(ages["delivery"], DELIVERY_SECONDS),
        "oldest_message": waiting(ages["message"], MESSAGE_SECONDS),
        "oldest_event": waiting(ages["event"], EVENT_SECONDS),
    }


def sign_of_life(seconds: float | None, bound: float, *, missing: str) -> Check:
    if seconds is None:
        return Check(is_ok=False, bound=bound, reason=missing)
    return Check(seconds <= bound, round(seconds, 1), bound)


def waiting(seconds: float | None, bound: float) -> Check:
    """Return a check of the age of what waits; nothing waiting is fine."""
    if seconds is None:
        return Check(is_ok=True, bound=bound)
    return Check(seconds <= bound, round(seconds, 1), bound)
