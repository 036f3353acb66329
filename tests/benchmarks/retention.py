"""`make bench-retention`: thirty days of webhooks kept, and one day of them purged each day, for as
many days: what that costs on the last day beside the first.

A day is made by one INSERT and lasts seconds, so autovacuum looks each second as it does each
minute; the next day begins when it has done what it wants to. Fails for what has grown.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median

import psycopg

from config.development_database import PROJECT
from tests import settings
from tests.benchmarks import report
from tests.benchmarks.place import MEMORY, SQL, Place
from tests.benchmarks.run import say
from tests.support.processes import eventually

KEPT = 30  # days, as the setting has it
DAY = timedelta(days=1)
OPTIONS = (*MEMORY, "autovacuum_naptime=1s")
GROWN_BY = 1.25  # more than this is growth, not noise
PART = 10  # days that are compared: the first of the purge, and the last
ROWS_A_DAY = 100 * 24 * 60 * 60  # at 100 webhooks a second
SIZES = """
    SELECT (SELECT count(*) FROM webhook_deliveries),
           pg_table_size('webhook_deliveries') / 1048576.0::float8,
           pg_indexes_size('webhook_deliveries') / 1048576.0::float8
"""
# autovacuum's own rule, and what it has begun
WANTED = """
    SELECT EXISTS (SELECT FROM pg_stat_progress_vacuum) OR EXISTS (
        SELECT FROM pg_stat_user_tables told JOIN pg_class ON pg_class.oid = relid
        WHERE told.relname IN ('webhook_deliveries', 'dead_letters')
          AND (n_dead_tup > 50 + 0.2 * reltuples OR n_ins_since_vacuum > 1000 + 0.2 * reltuples))
"""
HEAD = ["day", "rows", "table MB", "indexes MB", "purged a second", "CPU ms of 1,000 rows"]
HEAD_OF_WAITS = ["slowest portion ms", "an empty lease ms", "a day of 100 a second is purged in"]


@dataclass(frozen=True, kw_only=True)
class Day:
    """What was there at the end of a day, and what its purge and a look at the queue took.
    `cpu_ms`: of application and PostgreSQL, for each row.
    """

    number: int
    rows: int
    table_mb: float
    indexes_mb: float
    purged_per_second: float
    cpu_ms: float
    slowest_ms: float
    lease_ms: float


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Example: make bench-retention DAYS=40 PER_DAY=5000"
    )
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--per-day", type=int, default=100_000, help="webhooks")
    parser.add_argument("--write", action="store_true", help="the table to docs/benchmarks.md")
    told = parser.parse_args()
    assert settings.DATABASES  # its import has made the tests' environment
    place = Place(options=OPTIONS)
    try:
        say("Preparing ...")
        place.prepare()
        days = passed(place, told.days, told.per_day)
    finally:
        place.remove()
    found = table(days)
    say(found)
    if told.write:
        report.replace(PROJECT / "docs" / "benchmarks.md", "retention", "end of retention", found)
    if faults := growth(days):
        raise SystemExit("\n".join(faults))


def passed(place: Place, days: int, per_day: int) -> list[Day]:
    """Let days pass until now. Returns those on which something was purged."""
    found, fill, began = [], (SQL / "day.sql").read_text(), datetime.now(UTC) - days * DAY
    with psycopg.connect(place.url(place.product), autocommit=True) as rows:
        rows.execute("SET search_path = messaging, public")
        for number in range(1, days + 1):
            today = began + number * DAY
            values = {"began": int(today.timestamp() * 1000), "number": per_day}
            psycopg.ClientCursor(rows).execute(fill, values)
            if number > KEPT:
                found.append(purged(place, rows, number, today - (KEPT - 1) * DAY))
            if not eventually(lambda: rows.execute(WANTED).fetchone() == (False,), 600, pause=1):
                raise SystemExit("Autovacuum does not come to its end.")
            say(f"day {number} of {days}")
    return found


def purged(place: Place, rows: psycopg.Connection, number: int, before: datetime) -> Day:
    """Purge as the night does, and look at the queue."""
    purge = place.run_product("purge", before.isoformat())
    look = place.run_product("looks")
    left, table, indexes = rows.execute(SIZES).fetchone() or (0, 0.0, 0.0)
    return Day(
        number=number,
        rows=left,
        table_mb=table,
        indexes_mb=indexes,
        purged_per_second=purge.per_second,
        cpu_ms=purge.app_ms + purge.postgres_ms,
        slowest_ms=max(purge.waits),
        lease_ms=look.percentile(0.5),
    )


def growth(days: Sequence[Day]) -> list[str]:
    """Return what is larger in the last days than in the first ones, a sentence each."""
    first, last = days[:PART], days[-PART:]
    faults = []
    for name in ("table_mb", "indexes_mb", "cpu_ms", "lease_ms"):
        before, after = (median(getattr(each, name) for each in part) for part in (first, last))
        if after > GROWN_BY * before:
            faults.append(f"{name} has grown from {before:.2f} to {after:.2f}.")
    return faults


def table(days: Sequence[Day]) -> str:
    """Return Markdown: every fifth day."""
    return report.markdown([*HEAD, *HEAD_OF_WAITS], [row(each) for each in days[::5]])


def row(day: Day) -> list[str]:
    return [
        str(day.number),
        f"{day.rows:,}",
        report.number(day.table_mb, 0),
        report.number(day.indexes_mb, 0),
        report.number(day.purged_per_second, 0),
        report.number(1000 * day.cpu_ms, 0),
        report.number(day.slowest_ms, 0),
        report.number(day.lease_ms, 1),
        f"{ROWS_A_DAY / day.purged_per_second / 60:.0f} min",
    ]


if __name__ == "__main__":
    main()
