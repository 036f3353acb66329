"""`make bench`: measure the ceilings and the product in turn, several rounds, and print a table."""

import argparse
import sys
from collections.abc import Callable
from functools import partial

from config.development_database import PROJECT
from tests import settings
from tests.benchmarks import ceiling, peak, report, served, two_workers
from tests.benchmarks.figures import Figures, medians_of
from tests.benchmarks.graph import Graph
from tests.benchmarks.place import TENANTS, Place

SPREAD = 1000  # channels that the messages of one work are spread over

Work = Callable[[], Figures]


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Example: make bench ROUNDS=1 MESSAGES=500 TENANTS=1000"
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--messages", type=int, default=3000, help="of each work of a round")
    parser.add_argument("--tenants", type=int, default=TENANTS)
    parser.add_argument("--minutes", type=float, default=1, help="of the peak of a day")
    parser.add_argument("--write", action="store_true", help="the table and the chart to docs/")
    told = parser.parse_args()
    assert settings.DATABASES  # its import has made the tests' environment
    graph, place = Graph(), Place()
    try:
        say(f"Preparing a durable PostgreSQL with {told.tenants:,} tenants ...")
        place.set_up(told.tenants)
        works = works_of(place, graph, told.messages, min(SPREAD, told.tenants))
        found = measure(place, works, told.rounds)
        say(f"The peak of a day, {told.minutes:g} minutes ...")
        at_peak = peak.measure(place, int(60 * told.minutes), min(SPREAD, told.tenants))
    finally:
        graph.stop()
        place.remove()
    say(report.table(found))
    say(at_peak.table())
    if told.write:
        report.write(found, PROJECT / "docs")
        page = PROJECT / "docs" / "benchmarks.md"
        report.replace(page, "peak", "end of the peak", at_peak.table())


def measure(place: Place, works: dict[str, Work], rounds: int) -> list[Figures]:
    # The first round makes the people who write, and is not counted.
    found: dict[str, list[Figures]] = {name: [] for name in works}
    for number in range(rounds + 1):
        for name, work in works.items():
            figures = work()
            place.run_product("empty")
            say(f"round {number}: {name}: {figures.per_second:,.0f} a second")
            if number:
                found[name].append(figures)
    return [medians_of(each) for each in found.values()]


def works_of(place: Place, graph: Graph, messages: int, channels: int) -> dict[str, Work]:
    """Return the works of one round, in order, by their names."""
    ceilings = {name: partial(ceiling.measure, place, name, seconds=5) for name in ceiling.SCRIPTS}
    return {**ceilings, **product_works(place, graph, messages, channels)}


def product_works(place: Place, graph: Graph, messages: int, channels: int) -> dict[str, Work]:
    """Return those of the product."""
    spread = str(messages), str(channels)
    third = str(max(1, messages // 3)), str(channels)
    intakes = {
        f"intake, {shape}": partial(place.run_product, "intake", shape, *spread)
        for shape in ("spread", "one tenant", "bodies of 1,000")
    }
    return {
        **intakes,
        "whole round": partial(place.run_product, "round", *third, META_GRAPH_URL=graph.url),
        **{
            name: partial(two_workers.whole_round, place, name, messages, channels)
            for name in two_workers.SHAPES
        },
        "statuses": partial(place.run_product, "statuses", third[0]),
        "door": partial(served.door, place, messages, channels),
        "50 a second beside bodies of 3 MB": partial(served.beside_a_large_one, place, 5, channels),
        "latency, idle": partial(served.latency, place, min(30, channels)),
    }


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
