"""`make bench`: measure the ceilings and the product in turn, several rounds, and print a table."""

import argparse
import sys
from collections.abc import Callable
from functools import partial

from config.development_database import PROJECT
from tests import settings
from tests.benchmarks import ceiling, report, served
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
    parser.add_argument("--write", action="store_true", help="the table and the chart to docs/")
    told = parser.parse_args()
    assert settings.DATABASES  # its import has made the tests' environment
    place, graph = Place(), Graph()
    try:
        say(f"Preparing a durable PostgreSQL with {told.tenants:,} tenants ...")
        place.set_up(told.tenants)
        found = measure(place, graph, told.rounds, told.messages)
        say(report.table(found))
        if told.write:
            report.write(found, PROJECT / "docs")
    finally:
        graph.stop()
        place.remove()


def measure(place: Place, graph: Graph, rounds: int, messages: int) -> list[Figures]:
    works = works_of(place, graph, messages)
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


def works_of(place: Place, graph: Graph, messages: int) -> dict[str, Work]:
    """Return the works of one round, in order, by their names."""
    ceilings = {name: partial(ceiling.measure, place, name, seconds=5) for name in ceiling.SCRIPTS}
    intakes = {
        f"intake, {shape}": partial(place.run_product, "intake", shape, str(messages), str(SPREAD))
        for shape in ("spread", "one tenant", "bodies of 1,000")
    }
    return {
        **ceilings,
        **intakes,
        "whole round": partial(
            place.run_product,
            "round",
            str(messages // 3),
            str(SPREAD),
            META_GRAPH_URL=graph.url,
        ),
        "door": partial(served.door, place, messages, SPREAD),
        "latency, idle": partial(served.latency, place, 30),
    }


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
