"""The server with the large data set, made once and kept in /var/tmp for the next run."""

import hashlib
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from config.development_database import PROJECT, Server, elsewhere
from tests.benchmarks.large import filling
from tests.benchmarks.place import MEMORY, PRODUCT, Place

# while it is filled: nothing is kept if that does not come to its end
FILLED_WITH = (
    *MEMORY,
    *("fsync=off", "full_page_writes=off", "synchronous_commit=off", "autovacuum=off"),
    *("wal_level=minimal", "max_wal_senders=0", "checkpoint_timeout=1h"),
)


def place_of(messages: int, tenants: int, say: Callable[[str], None]) -> Place:
    """Return a started, durable server with as many messages and tenants, made anew where the kept
    one is of other migrations or statements.
    """
    key = key_of(messages, tenants)
    folder = elsewhere(f"{messages}-messages")
    made = folder / "made"
    if not made.exists() or made.read_text() != key:
        made.unlink(missing_ok=True)
        Server(folder / "data").discard()
        make(folder, messages, tenants, say)
        made.write_text(key)
    return Place(folder)


def make(folder: Path, messages: int, tenants: int, say: Callable[[str], None]) -> None:
    began, place = time.monotonic(), Place(folder, FILLED_WITH)
    try:
        place.prepare()
        with psycopg.connect(place.url(PRODUCT), autocommit=True) as connection:
            filling.fill(connection, messages, tenants, say)
    finally:
        place.server.stop()
    say(f"{messages:,} messages were made in {time.monotonic() - began:.0f} s: {folder}")


def key_of(messages: int, tenants: int) -> str:
    """Return what tells one data set from another: its size, the schema, and how it is filled."""
    migrations = sorted(path for path in PROJECT.glob("*/migrations/*.py"))
    files = (*migrations, *filling.STATEMENTS, Path(filling.__file__))
    told = hashlib.sha256()
    for path in files:
        told.update(path.name.encode() + path.read_bytes())
    return f"{messages} messages, {tenants} tenants, {told.hexdigest()}"
