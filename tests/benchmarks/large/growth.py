"""`make bench-large`: the works of `make bench` on the large data set and on a database without
messages, in turn on one server, side by side.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg

from config.development_database import PROJECT
from tests import settings
from tests.benchmarks import report
from tests.benchmarks.figures import Figures, medians_of
from tests.benchmarks.graph import Graph
from tests.benchmarks.large import kept, tables
from tests.benchmarks.place import PRODUCT, TENANTS, Place
from tests.benchmarks.run import SPREAD, Work, product_works, say
from tests.support.database import OWNER

EMPTY, LARGE = "empty", "large"  # databases of the run, beside the one that is kept
EXPLAINED = 200  # webhooks
# the events of the data set were given positions that no sequence knows of
BEYOND = """
    SELECT setval('messaging.events_number_seq', (SELECT max(position) FROM messaging.events))
"""
BOUND = 0.90  # of the rate without messages
BOUND_FOR = "intake"
HEAD = ["work", "a second, empty", "a second, large", "large / empty", "target"]
HEAD_OF_CPU = ["app ms, empty", "large", "PostgreSQL ms, empty", "large", "p99 ms, empty", "large"]


@dataclass(frozen=True)
class Grown:
    """What one work costs without messages and with many."""

    empty: Figures
    large: Figures

    @property
    def ratio(self) -> float:
        """The rate on the large database as a part of the other's; 0 where none was measured."""
        return self.large.per_second / self.empty.per_second if self.empty.per_second else 0.0

    @property
    def is_bound(self) -> bool:
        return self.empty.name.startswith(BOUND_FOR)


def main() -> None:
    parser = argparse.ArgumentParser(description="Example: make bench-large ROUNDS=3")
    parser.add_argument("--messages-in-all", type=int, default=5_000_000)
    parser.add_argument("--tenants", type=int, default=TENANTS)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--messages", type=int, default=3000, help="of each work of a round")
    parser.add_argument("--write", action="store_true", help="the table to docs/benchmarks.md")
    told = parser.parse_args()
    assert settings.DATABASES  # its import has made the tests' environment
    graph, place = Graph(), kept.place_of(told.messages_in_all, told.tenants, say)
    try:
        with databases(place, told.tenants) as (empty, large):
            works = [
                product_works(each, graph, told.messages, min(SPREAD, told.tenants))
                for each in (empty, large)
            ]
            grown = measure((empty, large), works, told.rounds)
            statements = explained(large, graph, min(SPREAD, told.tenants))
    finally:
        graph.stop()
        place.server.stop()
    found, plans = table(grown), tables.of_flow(statements)
    say(f"{found}\n\n{plans}")
    if told.write:
        docs = PROJECT / "docs"
        report.replace(docs / "benchmarks.md", "growth", "end of the growth", found)
        report.replace(docs / "plans.md", "large", "end of large", plans)
    if below := [each.empty.name for each in grown if each.is_bound and each.ratio < BOUND]:
        raise SystemExit(f"Below {BOUND} of the rate without messages: {', '.join(below)}")


@contextmanager
def databases(place: Place, tenants: int) -> Iterator[tuple[Place, Place]]:
    """Yield a database with as many tenants and no message, and a copy of the kept one whose
    channels may send. Both are dropped afterwards: the kept one stays as it is.
    """
    empty, large = place.with_product(EMPTY), place.with_product(LARGE)
    with psycopg.connect(place.superuser_url, autocommit=True) as rows:
        drop(rows)
        try:
            say(f"Copying {PRODUCT} ...")
            rows.execute(
                f"CREATE DATABASE {LARGE} TEMPLATE {PRODUCT} OWNER {OWNER} STRATEGY FILE_COPY"
            )
            large.prepare()
            with psycopg.connect(large.url(LARGE), autocommit=True) as own:
                own.execute(BEYOND)
            large.run_product("tokens", str(min(SPREAD, tenants)))
            say(f"Preparing one with {tenants:,} tenants and no message ...")
            empty.set_up_product(tenants)
            for each in (empty, large):
                with psycopg.connect(each.url(each.product), autocommit=True) as own:
                    own.execute("VACUUM (ANALYZE)")
            rows.execute("CHECKPOINT")
            yield empty, large
        finally:
            drop(rows)


def drop(rows: psycopg.Connection) -> None:
    for name in (EMPTY, LARGE):
        rows.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def measure(places: Sequence[Place], works: Sequence[dict[str, Work]], rounds: int) -> list[Grown]:
    """Run each work in one place and in the other, in as many rounds after one that is not
    counted.
    """
    found: dict[str, tuple[list[Figures], list[Figures]]] = {name: ([], []) for name in works[0]}
    for number in range(rounds + 1):
        for name, of_both in found.items():
            for place, work, kept_of in zip(places, works, of_both, strict=True):
                figures = work[name]()
                place.run_product("empty")
                say(f"round {number}: {name}, {place.product}: {figures.per_second:,.0f} a second")
                if number:
                    kept_of.append(figures)
    return [Grown(*map(medians_of, of_both)) for of_both in found.values()]


def explained(large: Place, graph: Graph, channels: int) -> list[dict[str, Any]]:
    """Return how the pipeline's statements are executed on the large database (flow.py)."""
    arguments = "-m", "tests.benchmarks.large.flow", str(EXPLAINED), str(channels)
    said = large.run(*arguments, META_GRAPH_URL=graph.url)
    return [json.loads(line) for line in said.splitlines()]


def table(grown: Sequence[Grown]) -> str:
    """Return Markdown."""
    return report.markdown([*HEAD, *HEAD_OF_CPU], [row(each) for each in grown])


def row(each: Grown) -> list[str]:
    both = each.empty, each.large
    return [
        each.empty.name,
        *(report.number(figures.per_second, 0) for figures in both),
        report.number(each.ratio, 2),
        f"≥ {BOUND:.2f}" if each.is_bound else "",
        *(report.number(figures.app_ms, 2) for figures in both),
        *(report.number(figures.postgres_ms, 2) for figures in both),
        *(report.number(figures.percentile(0.99), 0) for figures in both),
    ]


if __name__ == "__main__":
    main()
