"""The tests' PostgreSQL: one throw-away server a run, prepared once by the real command, copied for
each test process.
"""

import functools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from config.development_database import PROJECT, THROWAWAY, Server, create_owner

OWNER, RUNTIME, PREPARED = "msg_owner", "msg_app", "prepared"
KEPT_TABLES = {"django_migrations", "django_content_type", "auth_permission"}


def start() -> Server:
    """A prepared server. The test processes find its superuser's URL in TEST_SERVER, a folder of
    its own in TEST_BYTECODE.
    """
    folder = Path(tempfile.mkdtemp(prefix="messaging-tests-", dir="/var/tmp"))
    folder.chmod(0o755)
    # a standby is copied while others make checkpoints
    kept = "wal_keep_size=256MB"
    server = Server(folder / "data", options=(*THROWAWAY, "max_connections=300", kept))
    os.environ["TEST_SERVER"], os.environ["TEST_BYTECODE"] = (
        server.start(),
        str(folder / "bytecode"),
    )
    owner_url = create_owner(os.environ["TEST_SERVER"], OWNER, PREPARED)
    command = [sys.executable, "manage.py", "prepare_database"]
    environment = process_environment(PREPARED) | {"DATABASE_OWNER_URL": owner_url}
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True)
    if done.returncode:
        server.stop()
        raise SystemExit(done.stderr)
    return server


def process_environment(name: str) -> dict[str, str]:
    """For a real process of the project, on this database."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": runtime_url(name),
    }


def create(name: str) -> None:
    """An own copy of the prepared database."""
    with psycopg.connect(os.environ["TEST_SERVER"], autocommit=True) as connection:
        database, template, owner = (
            sql.Identifier(name),
            sql.Identifier(PREPARED),
            sql.Identifier(OWNER),
        )
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(database))
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(database, template, owner)
        )


def superuser_url(name: str) -> str:
    return os.environ["TEST_SERVER"].rsplit("/", 1)[0] + f"/{name}"


def owner_url(name: str) -> str:
    return superuser_url(name).replace("postgres@", f"{OWNER}@")


def runtime_url(name: str) -> str:
    return superuser_url(name).replace("postgres@", f"{RUNTIME}:test@")


def empty(connection: psycopg.Connection) -> None:
    """Take every row of this connection's database away, past every rule; a table that a test has
    filled up is made anew.
    """
    emptier = past_triggers(connection.info.dbname)
    used = emptier.execute(filled_tables(emptier), prepare=True).fetchall()
    small = [f"DELETE FROM {table}" for table, is_large in used if not is_large]
    large = [table for table, is_large in used if is_large]
    if small:
        emptier.execute("; ".join(small))
    if large:
        emptier.execute(f"TRUNCATE {', '.join(large)} CASCADE")


@functools.cache
def past_triggers(name: str) -> psycopg.Connection:
    """The superuser's session in which no trigger fires and no foreign key is asked. It stays so:
    each change of it would have every kept plan of the session made anew.
    """
    replica = "-c session_replication_role=replica"
    return psycopg.connect(superuser_url(name), autocommit=True, options=replica)


def make_anew(connection: psycopg.Connection, *tables: str) -> None:
    """Leave these tables of `messaging` as a new database has them: without rows, dead rows, empty
    pages and statistics. What a plan costs hangs on all of them.
    """
    names = [f"messaging.{table}" for table in tables]
    connection.execute(f"TRUNCATE {', '.join(names)} CASCADE")
    connection.execute(
        "DELETE FROM pg_statistic WHERE starelid = ANY(%s::text[]::regclass[])", [names]
    )


@contextmanager
def without_autovacuum(connection: psycopg.Connection, *tables: str) -> Iterator[None]:
    """Nobody analyzes these tables of `messaging` meanwhile but the test: what the planner believes
    of them hangs on when it is done.
    """
    for table in tables:
        connection.execute(f"ALTER TABLE messaging.{table} SET (autovacuum_enabled = off)")
    yield
    for table in tables:
        connection.execute(f"ALTER TABLE messaging.{table} RESET (autovacuum_enabled)")


@functools.cache
def filled_tables(connection: psycopg.Connection) -> bytes:
    """The query for the tables that hold a row, each with whether it is large; planning it costs
    more than asking it.
    """
    query = (
        "SELECT format('%%I.%%I', schemaname, tablename) FROM pg_tables WHERE schemaname IN"
        " ('messaging', 'jobs') AND tablename <> ALL(%s)"
    )
    tables = connection.execute(query, [list(KEPT_TABLES)]).fetchall()
    row = "(SELECT '{0}', pg_table_size('{0}'::regclass) > 2000000 FROM {0} LIMIT 1)"
    return " UNION ALL ".join(row.format(table) for (table,) in tables).encode()


def remove(server: Server) -> None:
    shutil.rmtree(server.data.parent, ignore_errors=True)


@contextmanager
def nobody_else_preparing() -> Iterator[psycopg.Connection]:
    """No other test prepares a database meanwhile: roles belong to the whole server. Its
    superuser.
    """
    with psycopg.connect(os.environ["TEST_SERVER"], autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(1)")  # until the connection ends
        yield connection
