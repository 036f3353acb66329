"""Fill the tables with as many messages: without indexes and foreign keys, which are made anew
afterwards, so that PostgreSQL checks every row all the same.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

STATEMENTS = sorted((Path(__file__).parent / "sql").glob("*.sql"))
TABLES = [
    *("tenants", "channels", "message_templates", "contacts", "contact_identities"),
    *("conversations", "messages", "media", "message_attempts", "message_statuses", "events"),
    *("webhook_endpoints", "webhook_attempts", "webhook_deliveries", "dead_letters"),
    "audit_entries",
]
YEAR = 365 * 24 * 60 * 60
# local to the transaction: sorts and hashes in memory, and tables read from their beginning
SETTINGS = {
    "search_path": "messaging, public",
    "work_mem": "1GB",
    "maintenance_work_mem": "2GB",
    "jit": "off",
    "synchronize_seqscans": "off",
}
# what refers to something goes first, and comes back last
RULES = """
    SELECT conrelid::regclass::text AS owner, conname AS name, pg_get_constraintdef(oid) AS made
    FROM pg_constraint
    WHERE contype::text = ANY(%(kinds)s) AND (conrelid = ANY(%(tables)s::regclass[])
          OR contype = 'f' AND confrelid = ANY(%(tables)s::regclass[]))
    ORDER BY conname
"""
INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid = ANY(%(tables)s::regclass[]) ORDER BY 1
"""


def fill(
    connection: psycopg.Connection, messages: int, tenants: int, say: Callable[[str], None]
) -> None:
    """Replace what is in TABLES, in one transaction, as the superuser."""
    values = {
        "messages": messages,
        "tenants": tenants,
        "began": int((time.time() - YEAR) * 1000),
    }
    with connection.transaction(), psycopg.ClientCursor(connection) as cursor:
        for name, value in SETTINGS.items():
            cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
        with bare(cursor, say):
            # in the transaction that fills them: nothing of it is written to a minimal log
            cursor.execute(f"TRUNCATE {', '.join(TABLES)}")
            for path in STATEMENTS:
                with told(path.stem, say):
                    cursor.execute(path.read_text(), values)
    with told("vacuum", say):
        connection.execute("VACUUM (ANALYZE)")


@contextmanager
def bare(cursor: psycopg.Cursor, say: Callable[[str], None]) -> Iterator[None]:
    """Take the indexes and the constraints over several rows away, and make them anew."""
    foreign = found(cursor, RULES, kinds=["f"])
    unique = found(cursor, RULES, kinds=["p", "u"])
    for owner, name, _ in (*foreign, *unique):
        cursor.execute(f'ALTER TABLE {owner} DROP CONSTRAINT "{name}"')
    indexes = found(cursor, INDEXES)
    for name, _ in indexes:
        cursor.execute(f"DROP INDEX {name}")
    yield
    with told("indexes", say):
        for _, definition in indexes:
            cursor.execute(definition)
        add(cursor, unique)
    with told("foreign keys", say):
        cursor.execute("ANALYZE")
        add(cursor, foreign)


def found(cursor: psycopg.Cursor, query: str, **values: list[str]) -> list[tuple]:
    return cursor.execute(query, {"tables": TABLES, **values}).fetchall()


def add(cursor: psycopg.Cursor, rules: list[tuple]) -> None:
    for owner, name, definition in rules:
        cursor.execute(f'ALTER TABLE {owner} ADD CONSTRAINT "{name}" {definition}')


@contextmanager
def told(what: str, say: Callable[[str], None]) -> Iterator[None]:
    began = time.monotonic()
    yield
    say(f"{what}: {time.monotonic() - began:.0f} s")
