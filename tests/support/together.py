"""Work that is done by several at the same moment, each with a connection of its own."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psycopg
from django.db import connections

from messaging.inbound.leasing import DeliveryLeaser


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
