"""`make bench-snapshot HELD=10`: a snapshot that a dump or a long report holds open under a
steady load, and what it costs before, meanwhile and afterwards.

What is updated or finished meanwhile stays in the tables and indexes until the snapshot ends. Fails
if the end of the load is worse than its beginning, or if a message was lost or sent twice.
"""

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from statistics import median

import psycopg

from config.development_database import PROJECT
from tests import settings
from tests.benchmarks import cpu, load, peak, report, served, soak
from tests.benchmarks.figures import Figures
from tests.benchmarks.graph import Graph
from tests.benchmarks.place import Place
from tests.support.processes import eventually

BEFORE, HELD, AFTER = "before", "snapshot held", "afterwards"
WORSE_BY, WORSE_MS, WORSE_ROWS = 1.5, 20, 50  # more than this is worse, not noise
HEAD = ["", "minutes", "webhooks p50 ms", "p99 ms", "rows that wait", "oldest that waits, s"]
HEAD_OF_CPU = ["cores of PostgreSQL"]


@dataclass(frozen=True, kw_only=True)
class Look:
    """Ten seconds of load: how long webhooks took, and what waited after it."""

    webhooks: Figures
    waiting: int
    oldest: float
    cores: float


def main() -> None:
    parser = argparse.ArgumentParser(description="Example: make bench-snapshot HELD=2")
    parser.add_argument("--held", type=float, default=10, help="minutes")
    parser.add_argument("--rate", type=int, default=100, help="webhooks a second")
    parser.add_argument("--write", action="store_true", help="the table to docs/benchmarks.md")
    told = parser.parse_args()
    assert settings.DATABASES  # its import has made the tests' environment
    minutes = {BEFORE: told.held / 4, HELD: told.held, AFTER: told.held / 2}
    graph, place = Graph(), Place()
    try:
        soak.say("Preparing ...")
        place.set_up(soak.CHANNELS)
        looks = loaded(place, graph, told.rate, minutes)
    finally:
        graph.stop()
        place.remove()
    found = table(looks)
    soak.say(f"\n{found}")
    if told.write:
        page = PROJECT / "docs" / "benchmarks.md"
        report.replace(page, "snapshot", "end of the snapshot", found)
    if faults := worse(looks):
        raise SystemExit("\n".join(faults))


def loaded(
    place: Place, graph: Graph, rate: int, minutes: dict[str, float]
) -> dict[str, list[Look]]:
    """Run the load without a snapshot, with one, and without. Raises SystemExit if a message was
    not answered once.
    """
    slices = {name: max(1, int(each * 60 / soak.SLICE_SECONDS)) for name, each in minutes.items()}
    count = sum(slices.values()) * soak.SLICE_SECONDS * rate
    posted, looks = load.spread(count, soak.CHANNELS), dict[str, list[Look]]()
    with (
        psycopg.connect(place.url(place.product), autocommit=True) as rows,
        served.web(place) as (_, port),
        served.workers(place, 1, graph),
    ):
        for name, number in slices.items():
            with snapshot(place) if name == HELD else nullcontext():
                looks[name] = [look(place, rows, port, posted, rate) for _ in range(number)]
            soak.say(f"{name}: {row(name, looks[name])}")
        if not eventually(lambda: rows.execute(soak.ANSWERED).fetchone() == (count,), 60):
            raise SystemExit("Some messages were not answered.")
    if graph.count != count:
        raise SystemExit(f"{graph.count} replies were sent for {count} messages.")
    return looks


@contextmanager
def snapshot(place: Place) -> Iterator[None]:
    """Hold one of the whole database, as pg_dump does."""
    with psycopg.connect(place.url(place.product)) as session:
        session.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        session.execute("SELECT count(*) FROM messaging.tenants")
        yield


def look(
    place: Place, rows: psycopg.Connection, port: int, posted: Iterator[bytes], rate: int
) -> Look:
    before = cpu.seconds_of(place.postmaster)
    webhooks = Figures(name="webhooks", waits=soak.load_once(port, posted, rate))
    cores = (cpu.seconds_of(place.postmaster) - before) / soak.SLICE_SECONDS
    (waiting,) = rows.execute(soak.WAITING).fetchone() or (0,)
    (oldest,) = rows.execute(peak.OLDEST).fetchone() or (0,)
    return Look(webhooks=webhooks, waiting=waiting, oldest=float(oldest or 0), cores=cores)


def worse(looks: dict[str, list[Look]]) -> list[str]:
    """Return what is worse in the last third of the load's end than before the snapshot, a sentence
    each.
    """
    last = looks[AFTER][-max(1, len(looks[AFTER]) // 3) :]
    faults = []
    if p99(last) > max(WORSE_BY * p99(looks[BEFORE]), p99(looks[BEFORE]) + WORSE_MS):
        faults.append(f"Webhooks take {p99(last):.0f} ms instead of {p99(looks[BEFORE]):.0f}.")
    if waiting(last) > waiting(looks[BEFORE]) + WORSE_ROWS:
        faults.append(f"{waiting(last):.0f} rows wait instead of {waiting(looks[BEFORE]):.0f}.")
    return faults


def p99(looks: Sequence[Look]) -> float:
    return median(each.webhooks.percentile(0.99) for each in looks)


def waiting(looks: Sequence[Look]) -> float:
    return median(each.waiting for each in looks)


def table(looks: dict[str, list[Look]]) -> str:
    """Return Markdown."""
    return report.markdown([*HEAD, *HEAD_OF_CPU], [row(*each) for each in looks.items()])


def row(name: str, looks: Sequence[Look]) -> list[str]:
    return [
        name,
        f"{len(looks) * soak.SLICE_SECONDS / 60:.1f}",
        report.number(median(each.webhooks.percentile(0.5) for each in looks), 1),
        report.number(p99(looks), 0),
        report.number(waiting(looks), 0),
        report.number(max(each.oldest for each in looks), 2),
        report.number(median(each.cores for each in looks), 2),
    ]


if __name__ == "__main__":
    main()
