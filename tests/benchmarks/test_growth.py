"""What the benchmarks of growth call growth."""

from dataclasses import replace

import pytest

from tests.benchmarks import retention, snapshot
from tests.benchmarks.figures import Figures
from tests.benchmarks.large import tables
from tests.benchmarks.large.growth import Grown, row
from tests.benchmarks.retention import Day
from tests.benchmarks.snapshot import AFTER, BEFORE, HELD, Look

DAY = Day(
    number=31,
    rows=3000,
    table_mb=3.0,
    indexes_mb=1.0,
    purged_per_second=8640.0,
    cpu_ms=0.1,
    slowest_ms=20.0,
    lease_ms=2.0,
)
CALM = Look(webhooks=Figures(name="", waits=[5.0] * 100), waiting=10, oldest=0.2, cores=0.4)
SLOW = replace(CALM, webhooks=Figures(name="", waits=[80.0] * 100))
BEHIND = replace(CALM, waiting=900)


@pytest.mark.parametrize(
    ("name", "value"), [("table_mb", 4.0), ("indexes_mb", 1.3), ("cpu_ms", 0.2), ("lease_ms", 3.0)]
)
def test_days_that_cost_more_than_the_first_ones_are_growth(name, value):
    first, last = [DAY] * retention.PART, [replace(DAY, **{name: value})] * retention.PART

    assert retention.growth([*first, *first]) == []
    (sentence,) = retention.growth([*first, *last])
    assert sentence == f"{name} has grown from {getattr(DAY, name):.2f} to {value:.2f}."


def test_a_day_says_how_long_a_hundred_a_second_take_to_purge():
    assert retention.row(DAY)[-1] == "17 min"


@pytest.mark.parametrize(
    ("last", "sentence"),
    [
        (SLOW, "Webhooks take 80 ms instead of 5."),
        (BEHIND, "900 rows wait instead of 10."),
    ],
)
def test_a_load_that_does_not_recover_from_a_snapshot_is_told(last, sentence):
    looks = {BEFORE: [CALM] * 3, HELD: [SLOW] * 3, AFTER: [SLOW, CALM, CALM]}

    assert snapshot.worse(looks) == []
    assert snapshot.worse(looks | {AFTER: [CALM, CALM, last]}) == [sentence]


def test_a_work_stands_with_both_rates_and_their_ratio():
    empty = Figures(name="intake, spread", per_second=1000, app_ms=0.5, postgres_ms=0.25)
    large = Figures(name="intake, spread", per_second=950, app_ms=0.55, postgres_ms=0.3)

    assert row(Grown(empty, large)) == [
        *("intake, spread", "1,000", "950", "0.95", "≥ 0.90"),
        *("0.50", "0.55", "0.25", "0.30", "", ""),
    ]


def test_a_statement_stands_with_what_it_reads_and_one_of_few_pages_only_with_a_whole_table():
    told = {"step": "positions", "statement": "`a.sql`", "indexes": ["a_pkey", "b"]}
    few = {**told, "pages": tables.FEW_PAGES, "whole": []}

    table = tables.of_flow([{**few, "pages": 1200}, few, {**few, "whole": ["tenants"]}])
    assert table.splitlines()[2:] == [
        "| positions | `a.sql` | 1,200 | a_pkey b |  |",
        "| positions | `a.sql` | 10 | a_pkey b | tenants |",
    ]
