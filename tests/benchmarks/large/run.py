"""`make bench-lists`: make or find the large data set, measure every list, and print the tables."""

import argparse
import json

from config.development_database import PROJECT
from tests import settings
from tests.benchmarks import report
from tests.benchmarks.large import kept, tables
from tests.benchmarks.large.plans import Cost, Page
from tests.benchmarks.place import TENANTS
from tests.benchmarks.run import say


def main() -> None:
    parser = argparse.ArgumentParser(description="Example: make bench-lists MESSAGES_IN_ALL=100000")
    parser.add_argument("--messages", type=int, default=5_000_000)
    parser.add_argument("--tenants", type=int, default=TENANTS)
    parser.add_argument("--write", action="store_true", help="the tables to docs/benchmarks.md")
    told = parser.parse_args()
    assert settings.DATABASES  # its import has made the tests' environment
    place = kept.place_of(told.messages, told.tenants, say)
    try:
        said = place.run("-m", "tests.benchmarks.large.measure", str(told.tenants))
    finally:
        place.server.stop()
    pages = [page_of(line) for line in said.splitlines()]
    api, back_office = tables.of_api(pages), tables.of_back_office(pages)
    say(f"{api}\n\n{back_office}")
    if told.write:
        page = PROJECT / "docs" / "benchmarks.md"
        report.replace(page, "lists", "end of the lists", api)
        report.replace(page, "back-office", "end of the back-office", back_office)
    if over := tables.over(pages):
        named = "\n".join(f"{each.name}, {each.place}, {each.asker}" for each in over)
        raise SystemExit(f"Over {tables.BOUND} ms in the database:\n{named}")


def page_of(line: str) -> Page:
    told = json.loads(line)
    return Page(**{**told, "cost": Cost(**told["cost"])})


if __name__ == "__main__":
    main()
