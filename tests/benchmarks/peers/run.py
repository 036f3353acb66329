"""`make bench-peers`: measure pgbench's one call, the door and the peers in turn, several rounds,
and print a table.
"""

import argparse
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from config.development_database import PROJECT
from tests import settings
from tests.benchmarks import ceiling, report, served
from tests.benchmarks.figures import Figures
from tests.benchmarks.load import FIRST_NUMBER
from tests.benchmarks.peers.bodies import with_user_ids
from tests.benchmarks.peers.peer import Peer
from tests.benchmarks.place import Place
from tests.benchmarks.report import number
from tests.benchmarks.run import SPREAD, Work, measure, say

WARM_UP = 200  # webhooks before those that count: each process opens its connections
DOOR, INTAKE = "door", "intake, with user ids"
HEAD = [
    "work",
    "a second",
    "of one call",
    "of the door",
    "app ms",
    "PostgreSQL ms",
    "p50 ms",
    "p99 ms",
]


def main() -> None:
    parser = argparse.ArgumentParser(description="Example: make bench-peers ROUNDS=1 MESSAGES=500")
    parser.add_argument("--python", type=Path, required=True, help="of the peers' environment")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--messages", type=int, default=3000, help="of each work of a round")
    parser.add_argument("--tenants", type=int, default=SPREAD)
    parser.add_argument("--write", action="store_true", help="the table to docs/")
    told = parser.parse_args()
    assert settings.DATABASES  # its import has made the tests' environment
    place = Place()
    try:
        say(f"Preparing a durable PostgreSQL with {told.tenants:,} tenants ...")
        works = works_of(place, told.python.absolute(), told.messages, told.tenants)
        found = measure(place, works, told.rounds)
    finally:
        place.remove()
    say(table(found))
    if told.write:
        page = PROJECT / "docs" / "benchmarks.md"
        report.replace(page, "peers", "end of peers", table(found))


def works_of(place: Place, python: Path, messages: int, tenants: int) -> dict[str, Work]:
    """Prepare the databases. Returns the works of one round, in order, by their names."""
    pywa = Peer(name="pywa", module="pywa_app", database="pywa", python=python, rows=1)
    orm = Peer(
        name="FastAPI, SQLAlchemy",
        module="sqlalchemy_app",
        database="sqlalchemy",
        python=python,
        rows=2,
    )
    place.set_up(tenants)
    pywa.set_up(place)
    orm.set_up(place, str(FIRST_NUMBER), str(tenants))
    channels = min(SPREAD, tenants)
    spread = str(messages), str(channels)
    return {
        ceiling.ONE_CALL: partial(ceiling.measure, place, ceiling.ONE_CALL, seconds=5),
        DOOR: partial(served.door, place, messages, channels, with_user_ids, warm_up=WARM_UP),
        INTAKE: partial(place.run_product, "intake", "with user ids", *spread),
        **{
            each.name: partial(each.door, place, messages, channels, warm_up=WARM_UP)
            for each in (pywa, orm)
        },
    }


def table(found: Sequence[Figures]) -> str:
    """Return Markdown."""
    rates = {each.name: each.per_second for each in found}
    return report.markdown(HEAD, [row(each, rates) for each in found])


def row(each: Figures, rates: dict[str, float]) -> list[str]:
    return [
        each.name,
        number(each.per_second, 0),
        number(each.per_second / rates[ceiling.ONE_CALL], 2),
        number(each.per_second / rates[DOOR], 2),
        number(each.app_ms, 2),
        number(each.postgres_ms, 2),
        number(each.percentile(0.5), 0),
        number(each.percentile(0.99), 0),
    ]


if __name__ == "__main__":
    main()
