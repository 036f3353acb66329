"""On a server like Supabase's, whose Data API reads whatever `anon` and `authenticated` may:
nothing of ours.
"""

import os
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from config.development_database import create_owner
from tests.support import database
from tests.support.database import nobody_else_preparing
from tests.support.processes import manage
from tests.tenants.preparing import drop

OUTSIDERS = ("anon", "authenticated")
# what Supabase does in `public`, and worse: for all the owner ever creates, wherever it is
GENEROUS = [
    "GRANT USAGE ON SCHEMA public TO anon, authenticated",
    "ALTER DEFAULT PRIVILEGES FOR ROLE msg_owner GRANT ALL ON TABLES TO anon, authenticated",
    "ALTER DEFAULT PRIVILEGES FOR ROLE msg_owner GRANT ALL ON SEQUENCES TO anon, authenticated",
    "ALTER DEFAULT PRIVILEGES FOR ROLE msg_owner GRANT ALL ON FUNCTIONS TO anon, authenticated",
    "ALTER DEFAULT PRIVILEGES FOR ROLE msg_owner GRANT ALL ON SCHEMAS TO anon, authenticated",
]


@pytest.fixture(scope="module")
def generous(worker_id: str) -> Iterator[str]:
    """A database that gives `anon` and `authenticated` everything its owner creates; proven on a
    table and a schema.
    """
    name = f"generous_{worker_id}"
    with nobody_else_preparing() as server:
        create_owner(os.environ["TEST_SERVER"], database.OWNER, name)
        try:
            for role in OUTSIDERS:
                server.execute(f"CREATE ROLE {role} NOLOGIN")
            with psycopg.connect(database.superuser_url(name), autocommit=True) as connection:
                for statement in GENEROUS:
                    connection.execute(statement)
            with psycopg.connect(database.owner_url(name), autocommit=True) as owner:
                owner.execute("CREATE SCHEMA open")
                owner.execute("CREATE TABLE open.canary AS SELECT 'seen' AS word")
            yield name
        finally:
            drop(server, name)
            for role in OUTSIDERS:
                server.execute(f"DROP ROLE {role}")


@pytest.fixture(scope="module")
def prepared(generous: str) -> str:
    """Prepared, once for all the tests here."""
    done = manage(generous, "prepare_database", DATABASE_OWNER_URL=database.owner_url(generous))
    assert done.returncode == 0, done.stderr
    return generous


def answer(connection: psycopg.Connection, role: str, statement: str | sql.Composed) -> object:
    """The first row that this role gets, or the SQLSTATE of the refusal."""
    try:
        with connection.transaction():
            connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(role)))
            return connection.execute(statement).fetchone()
    except psycopg.Error as error:
        return error.sqlstate


def test_nobody_outside_reads_a_relation_or_calls_a_function_after_prepare_database(prepared):
    with psycopg.connect(database.superuser_url(prepared), autocommit=True) as connection:
        query = (
            "SELECT relname FROM pg_class WHERE relnamespace = 'messaging'::regnamespace AND"
            " relkind IN ('r', 'S')"
        )
        relations = [name for (name,) in connection.execute(query).fetchall()]
        assert len(relations) > 20
        for schema_is_open in (False, True):
            if schema_is_open:  # the tables' own privileges must do without the schema's
                connection.execute("GRANT USAGE ON SCHEMA messaging TO anon, authenticated")
            for role in OUTSIDERS:
                assert answer(connection, role, "SELECT word FROM open.canary") == ("seen",)
                assert (
                    answer(connection, role, "SELECT * FROM messaging.pipeline_ages()") == "42501"
                )
                found = {
                    name: answer(
                        connection,
                        role,
                        sql.SQL("SELECT * FROM {}").format(sql.Identifier("messaging", name)),
                    )
                    for name in relations
                }
                assert found == dict.fromkeys(relations, "42501")


def test_prepare_database_leaves_nothing_in_the_schema_that_everybody_sees(prepared):
    with psycopg.connect(database.superuser_url(prepared)) as connection:
        query = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        assert connection.execute(query).fetchall() == []
