"""Explain a worker's round, and write the page (`make plans`)."""

from typing import Any

import pytest

from config.development_database import PROJECT
from tests.benchmarks.report import markdown, replace
from tests.plans.explained import Plan, explained, name_of
from tests.support.whatsapp import full_queues
from tests.support.whatsapp.full_queues import EMPTY, FEW, FULL, MANY, MANY_CHANNELS, NEVER, QUIET

pytestmark = pytest.mark.whatsapp

STATES = (NEVER, EMPTY, QUIET, FULL)
A_FEW = 10  # pages: what touches no more is left out


def test_the_plans_are_written(acme_whatsapp, write, report, db_rows):
    found: dict[str, dict[tuple[str, int], Plan]] = {}
    for state in STATES:
        for count in (FEW, MANY):
            full_queues.fill(db_rows, acme_whatsapp, write, count, state, MANY_CHANNELS)
            with explained() as plans:
                full_queues.round_of_a_worker(acme_whatsapp, report)
            for statement, plan in plans.items():
                found.setdefault(name_of(statement), {})[state, count] = plan

    table = markdown(
        ["statement", "found by", *STATES],
        [row(name, plans) for name, plans in sorted(found.items()) if max(pages(plans)) > A_FEW],
    )
    replace(PROJECT / "docs" / "plans.md", "plans", "end of plans", table)


def pages(plans: dict[Any, Plan]) -> list[int]:
    return [plan.pages for plan in plans.values()]


def row(name: str, plans: dict[Any, Plan]) -> list[str]:
    indexes = set().union(*(plans[FULL, n].indexes for n in (FEW, MANY) if (FULL, n) in plans))
    return [name, " ".join(sorted(indexes)), *(cell(plans, state) for state in STATES)]


def cell(plans: dict[Any, Plan], state: str) -> str:
    """Return the pages where little and where much waits, and what was read whole there."""
    few, many = plans.get((state, FEW), Plan()), plans.get((state, MANY), Plan())
    whole = f"; reads {', '.join(sorted(many.whole))} whole" if many.whole else ""
    return f"{few.pages} → {many.pages}{whole}"
