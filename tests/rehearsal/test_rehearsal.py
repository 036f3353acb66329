"""The corpus in, and every row that comes of it out: the same as of the code that wrote the dump
(`make rehearsal`).
"""

import difflib
import gzip
import json
import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.rehearsal.canonical import dump
from tests.rehearsal.deliveries import CHANNELS, deliveries
from tests.support.cast import ACME_ACCOUNT
from tests.support.logged import not_told
from tests.support.whatsapp.channel import connect
from whatsapp.stand_in import StandIn

pytestmark = pytest.mark.whatsapp

SHOWN = 40  # lines of a difference
EACH = 10  # deliveries between two runs of the worker


@pytest.fixture
def graph(graph: StandIn, monkeypatch: Any) -> StandIn:
    """Meta's ids of what we send say to whom it went, and are the same in each run."""
    count: Counter[tuple[str, str]] = Counter()
    take = graph.take

    def take_in_order(phone_number_id: str, token: str, message: dict[str, Any]) -> Any:
        entry, step = take(phone_number_id, token, message)
        to = message.get("to") or message.get("recipient", "")
        count[phone_number_id, to] += 1
        entry["wamid"] = (
            entry["wamid"] and f"wamid.to.{phone_number_id}.{to}.{count[phone_number_id, to]}"
        )
        return entry, step

    monkeypatch.setattr(graph, "take", take_in_order)
    return graph


@pytest.fixture
def channels(acme: Any, globex: Any) -> None:
    for account, number in CHANNELS:
        connect(acme if account == ACME_ACCOUNT else globex, number, account, f"token of {number}")


def test_the_corpus_leaves_the_rows_that_it_left_before(
    channels, deliver, work, jobs, graph, db_rows, capsys
):
    answers: Counter[int] = Counter()
    for number, body in enumerate(deliveries()):
        answers[deliver(body).status_code] += 1
        if number % EACH == 0:
            work()
    work()
    jobs()
    work()
    dumped = dump(db_rows)

    counts = ", ".join(f"{table} {len(rows)}" for table, rows in dumped.items() if rows)
    with capsys.disabled():
        sys.stdout.write(f"{answers.total()} deliveries; {counts}\n")
    assert set(answers) == {200}
    assert not_told(db_rows) == []
    if into := os.environ.get("INTO"):
        Path(into).write_bytes(gzip.compress(json.dumps(dumped, indent=0).encode()))
    if against := os.environ.get("AGAINST"):
        before = json.loads(gzip.decompress(Path(against).read_bytes()))
        differences = list(
            difflib.unified_diff(
                as_lines(before), as_lines(dumped), "before", "now", lineterm="", n=0
            )
        )
        assert "\n".join(differences[:SHOWN]) == ""


def as_lines(dumped: dict[str, list[str]]) -> list[str]:
    return [f"{table} {row}" for table, rows in dumped.items() for row in rows]
