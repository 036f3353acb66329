"""Work that is done by several at the same moment, each with a connection of its own."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import connections
from django.http import HttpRequest

from messaging.inbound.leasing import DeliveryLeaser
from tests.support.processes import eventually

# In a statement's first WHERE: it waits between its snapshot and its locks (see `meanwhile`).
PAUSED = "pg_advisory_xact_lock_shared(7) IS NOT NULL AND "
ASLEEP = """
    SELECT count(*) FROM pg_stat_activity
    WHERE wait_event = 'advisory' AND datname = current_database()"""


def at_once(work: Callable[[int], object], *, times: int, threads: int) -> list:
    """`work(0)` ... `work(times - 1)`, `threads` of them starting together."""
    barrier = threading.Barrier(threads)

    def run(index: int) -> object:
        if index < threads:
            barrier.wait()
        try:
            return work(index)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(times)))


def meanwhile(
    db_rows: psycopg.Connection, work: Callable[[], object], change: Callable[[], object]
) -> None:
    """Do `work`, whose statement is PAUSED, and `change` while the statement waits."""

    def run() -> None:
        work()
        connections.close_all()

    thread = threading.Thread(target=run, daemon=True)
    db_rows.execute("SELECT pg_advisory_lock(7)")
    try:
        thread.start()
        assert eventually(lambda: db_rows.execute(ASLEEP).fetchone() == (1,))
        change()
    finally:
        db_rows.execute("SELECT pg_advisory_unlock(7)")
    thread.join()


def process_all(threads: int) -> None:
    """That many workers, each with a connection of its own, until nothing waits."""

    def drain(_: int) -> None:
        while DeliveryLeaser().process_due():
            pass

    at_once(drain, times=threads, threads=threads)


def deadlocks(superuser: psycopg.Connection, database_name: str) -> int:
    superuser.execute("SELECT pg_stat_force_next_flush()")
    return superuser.execute(
        "SELECT deadlocks FROM pg_stat_database WHERE datname = %s", [database_name]
    ).fetchone()[0]


def once_read(monkeypatch: pytest.MonkeyPatch, page: type, change: Callable[[], object]) -> None:
    """Let a colleague `change` something, by a connection of its own, in the moment in which a form
    of this page of the back-office has read its row and has not saved it.
    """
    get_object = page.get_object

    def read(self: object, request: HttpRequest, *args: object) -> object:
        row = get_object(self, request, *args)
        if request.method == "POST":
            at_once(lambda _: change(), times=1, threads=1)
        return row

    monkeypatch.setattr(page, "get_object", read)
