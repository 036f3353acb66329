"""The server with the large data set, made once and kept in /var/tmp for the next run."""

import hashlib
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import psycopg

from config.development_database import PROJECT, Server, elsewhere
from tests.benchmarks.large import filling
from tests.benchmarks.place import MEMORY, PRODUCT, Place

Say = Callable[[str], None]

# while it is filled: nothing is kept if that does not come to its end
FILLED_WITH = (
    *MEMORY,
    *("fsync=off", "full_page_writes=off", "synchronous_commit=off", "autovacuum=off"),
    *("wal_level=minimal", "max_wal_senders=0", "checkpoint_timeout=1h"),
)


def place_of(messages: int, tenants: int, say: Say) -> Place:
    """Return a started, durable server with as many messages and tenants, and every migration.

    The kept one is made anew where the statements that fill it have changed, and migrated where
    migrations were added since.
    """
    filled = f"{messages} messages, {tenants} tenants, {hash_of(statements())}"
    migrated = hash_of(sorted(PROJECT.glob("*/migrations/*.py")))
    folder = elsewhere(f"{messages}-messages")
    if told_by(folder / "filled") != filled:
        forget(folder)
        make(folder, messages, tenants, say)
        (folder / "filled").write_text(filled)
        (folder / "migrated").write_text(migrated)
    place = Place(folder)
    if told_by(folder / "migrated") != migrated:
        migrate(place, say)
        (folder / "migrated").write_text(migrated)
    return place


def forget(folder: Path) -> None:
    (folder / "filled").unlink(missing_ok=True)
    Server(folder / "data").discard()


def make(folder: Path, messages: int, tenants: int, say: Say) -> None:
    began, place = time.monotonic(), Place(folder, FILLED_WITH)
    try:
        place.prepare()
        with psycopg.connect(place.url(PRODUCT), autocommit=True) as connection:
            filling.fill(connection, messages, tenants, say)
    finally:
        place.server.stop()
    say(f"{messages:,} messages were made in {time.monotonic() - began:.0f} s: {folder}")


def migrate(place: Place, say: Say) -> None:
    """Bring the schema up to date under the rows that are there."""
    with filling.told("migrations", say):
        place.prepare()
        with psycopg.connect(place.url(PRODUCT), autocommit=True) as connection:
            connection.execute("VACUUM (ANALYZE)")


def statements() -> Iterable[Path]:
    """Yield the files that say which rows there are."""
    return (*filling.STATEMENTS, Path(filling.__file__))


def hash_of(files: Iterable[Path]) -> str:
    told = hashlib.sha256()
    for path in files:
        told.update(path.name.encode() + path.read_bytes())
    return told.hexdigest()


def told_by(file: Path) -> str:
    return file.read_text() if file.exists() else ""
