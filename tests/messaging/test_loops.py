"""A loop of a process goes on whatever its work does."""

import logging
import threading

import pytest
from django.db import OperationalError, connection

from messaging.management import loops
from messaging.management.loops import Loop, running
from tests.support.processes import eventually


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr(loops, "IDLE_SECONDS", 0.001)


class Work:
    """Steps with these results in turn, an exception among them; then nothing is found any more."""

    def __init__(self, *results) -> None:
        self.results = list(results)
        self.is_done = threading.Event()

    def step(self) -> int:
        if not self.results:
            self.is_done.set()
            return 0
        result = self.results.pop(0)
        if isinstance(result, Exception):
            raise result
        return result


def run(*works: Work) -> None:
    with running([Loop("counting sheep", work.step) for work in works]):
        for work in works:
            assert work.is_done.wait(20)


def test_work_is_repeated_until_the_process_ends(db_rows):
    work = Work(3, 0, 1, 0, 0, 2)
    run(work)

    assert work.results == []
    assert "counting sheep" not in {thread.name for thread in threading.enumerate()}


def test_a_failure_ends_no_loop_and_is_logged_without_its_words(db_rows, caplog):
    work = Work(OperationalError("secret"), ValueError("secret"), 1)
    with caplog.at_level(logging.ERROR):
        run(work)

    assert [line.partition(" at ")[0] for line in caplog.messages] == [
        "The database failed counting sheep (OperationalError); trying again.",
        "counting sheep failed (ValueError",
    ]
    assert "secret" not in caplog.text


def test_a_loop_that_fails_holds_up_no_other(db_rows):
    run(Work(ValueError(), ValueError()), Work(1, 1, 1))


def test_a_lost_connection_is_replaced(db_rows):
    found = []

    def ask() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            found.append(cursor.fetchone()[0])
        if len(found) == 1:
            db_rows.execute("SELECT pg_terminate_backend(%s, 5000)", [found[0]])
        return 0

    with running([Loop("asking", ask)]):
        assert eventually(lambda: len(set(found)) == 2)


def test_all_that_waits_is_done_where_it_is_done_once():
    work = Work(5, 1, 1)
    Loop("counting sheep", work.step).drain()

    assert work.results == []


def test_what_a_loop_has_to_do_in_the_end_is_done_after_its_last_step(db_rows, caplog):
    said = []

    def end() -> None:
        said.append("end")
        raise ValueError("secret")

    work = Work(1)
    with running([Loop("counting sheep", work.step, end)]):
        assert work.is_done.wait(20)
        assert said == []
    assert (said, "counting sheep failed (ValueError" in caplog.text) == (["end"], True)

    Loop("counting sheep", Work(1).step, lambda: said.append("drained")).drain()
    assert said == ["end", "drained"]
