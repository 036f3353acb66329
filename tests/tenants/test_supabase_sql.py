"""The file for the SQL editor of Supabase makes what prepare_database makes, on a server that is
prepared as Supabase prepares one.
"""

import re
import subprocess
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from config.development_database import PROJECT, programs
from tests.support.catalogue import catalogue
from tests.support.database import superuser_url
from tests.support.processes import manage
from tests.support.supabase import API_ROLES, SupabaseServer

pytestmark = pytest.mark.whatsapp  # its tables are in the file

FILE = PROJECT / "SUPABASE_WHATSAPP_MIGRATION.sql"
FILLED = FILE.read_text().replace("'CHANGE-ME'", "'test'")
OURS = "('messaging', 'jobs')"
Refusal = tuple[str | None, str]


@pytest.fixture(scope="module")
def untouched() -> Iterator[SupabaseServer]:
    """An empty project, in which nothing of ours may stay."""
    server = SupabaseServer()
    yield server
    server.remove()


@pytest.fixture(scope="module")
def filed(untouched: SupabaseServer) -> Iterator[SupabaseServer]:
    """Another, with the file in."""
    server = untouched.copy()
    run(server, FILLED)
    yield server
    server.remove()


@pytest.fixture(scope="module")
def prepared(untouched: SupabaseServer) -> Iterator[SupabaseServer]:
    """A third, prepared by the command."""
    server = untouched.copy()
    done = prepare(server)
    assert done.returncode == 0, done.stderr
    yield server
    server.remove()


def prepare(server: SupabaseServer) -> subprocess.CompletedProcess[str]:
    return manage(
        "postgres",
        "prepare_database",
        DATABASE_URL=server.url("msg_app", "test"),
        DATABASE_OWNER_URL=server.url("postgres"),
    )


def run(server: SupabaseServer, text: str, role: str = "postgres") -> None:
    """As the editor sends it: all of it at once, without parameters."""
    with psycopg.connect(server.url(role), autocommit=True) as connection:
        connection.execute(text.encode())


def refusal(server: SupabaseServer, text: str, role: str = "postgres") -> Refusal:
    """The refusal's SQLSTATE and sentence; nothing was left behind."""
    before = roles_and_schemas(server)
    with pytest.raises(psycopg.Error) as refused:
        run(server, text, role)
    assert roles_and_schemas(server) == before
    return refused.value.sqlstate, refused.value.diag.message_primary or ""


def roles_and_schemas(server: SupabaseServer) -> list[tuple]:
    with psycopg.connect(server.url("supabase_admin")) as connection:
        query = """SELECT rolname::text FROM pg_roles UNION ALL SELECT nspname FROM pg_namespace
            UNION ALL SELECT setconfig::text FROM pg_db_role_setting ORDER BY 1"""
        return connection.execute(query).fetchall()


def dump(server: SupabaseServer) -> list[str]:
    """The statements of pg_dump, which knows PostgreSQL's catalogue better than we do."""
    binaries, user = programs()
    command = [binaries / "pg_dump", "--schema-only", server.url("supabase_admin")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, **user)
    text = re.sub(r"^(--|\\(un)?restrict).*\n", "", done.stdout, flags=re.MULTILINE)
    return sorted(filter(None, re.split(r"\n\n|\n(?=GRANT )", text)))


def test_the_file_in_the_repository_is_what_the_command_prints(copy):
    """If it is not: `make supabase-sql`."""
    done = manage(copy, "supabase_sql")

    assert (done.returncode, done.stdout == FILE.read_text(), done.stderr) == (0, True, "")


def test_a_database_that_lacks_a_migration_is_not_printed(copy):
    with psycopg.connect(superuser_url(copy)) as connection:
        connection.execute("DELETE FROM messaging.django_migrations WHERE app = 'sessions'")

    done = manage(copy, "supabase_sql", "--skip-checks")

    sentence = "Migrations are missing in this database: run `manage.py prepare_database`."
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"CommandError: {sentence}\n")


def test_what_the_file_makes_is_what_prepare_database_makes_object_by_object(filed, prepared):
    made, meant = catalogue(filed.url("supabase_admin")), catalogue(prepared.url("supabase_admin"))

    assert made == meant
    assert [kind for kind, objects in meant.items() if not objects] == ["comments"]


def test_pg_dump_finds_no_difference_either(filed, prepared):
    made = dump(filed)

    assert made == dump(prepared)
    assert len(made) > 400


def test_prepare_database_has_nothing_to_do_after_the_file(filed):
    before = catalogue(filed.url("supabase_admin"))

    done = prepare(filed)

    assert done.returncode == 0, done.stderr
    assert catalogue(filed.url("supabase_admin")) == before


def test_no_row_but_those_of_migrations_is_in_the_file(filed):
    with psycopg.connect(filed.url("supabase_admin")) as connection:
        query = "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relnamespace IN"
        query += " ('messaging'::regnamespace, 'jobs'::regnamespace)"
        tables = [table for (table,) in connection.execute(query).fetchall()]
        filled = [
            table
            for table in tables
            if connection.execute(f"SELECT FROM {table} LIMIT 1").fetchone() is not None
        ]
    assert sorted(filled) == [
        "messaging.auth_permission",
        "messaging.django_content_type",
        "messaging.django_migrations",
    ]


def test_the_file_has_nothing_that_only_psql_understands():
    lines = FILE.read_text().splitlines()
    assert [line for line in lines if re.match(r"\\|COPY |.*CONCURRENTLY", line)] == []


def test_a_second_run_is_refused_and_changes_nothing(filed):
    assert refusal(filed, FILLED) == (
        "P0001",
        'Nothing was changed: the schema "messaging" is here already. This file is for a project'
        " without it; prepare_database brings one up to date.",
    )


def test_a_project_that_has_a_schema_of_that_name_is_left_alone(untouched):
    with psycopg.connect(untouched.url("postgres"), autocommit=True) as connection:
        connection.execute("CREATE SCHEMA jobs")
        said = refusal(untouched, FILLED)
        connection.execute("DROP SCHEMA jobs")

    sentence = 'Nothing was changed: the schema "jobs" is here already. This file is for a project'
    assert said == ("P0001", f"{sentence} without it; prepare_database brings one up to date.")


def test_a_project_that_has_a_role_of_that_name_is_left_alone(untouched):
    with psycopg.connect(untouched.url("postgres"), autocommit=True) as connection:
        connection.execute("CREATE ROLE msg_router")
        said = refusal(untouched, FILLED)
        connection.execute("DROP ROLE msg_router")

    sentence = 'Nothing was changed: the role "msg_router" is here already. This file is for a'
    assert said == ("P0001", f"{sentence} project without it; prepare_database makes use of one.")


def test_the_password_must_be_ones_own(untouched):
    sentence = "Nothing was changed: put a password of your own where CHANGE-ME stands."
    assert refusal(untouched, FILE.read_text()) == ("P0001", sentence)
    assert refusal(untouched, FILLED.replace("'test'", "''")) == ("P0001", sentence)


def test_a_role_that_may_create_no_role_is_told_so(untouched):
    sentence = 'Nothing was changed: "authenticator" may not create roles. Run this as postgres.'
    assert refusal(untouched, FILLED, "authenticator") == ("P0001", sentence)


def test_an_error_in_the_middle_leaves_nothing_behind(untouched):
    broken = FILLED.replace("\nCOMMIT;", "\nSELECT 1 / 0;\nCOMMIT;")
    assert refusal(untouched, broken) == ("22012", "division by zero")


def answer(connection: psycopg.Connection, statement: str | sql.Composed) -> object:
    """What is answered, or the SQLSTATE of the refusal."""
    try:
        with connection.transaction():
            return connection.execute(statement).fetchone()
    except psycopg.Error as error:
        return error.sqlstate


@pytest.mark.parametrize("opened", [False, True])
def test_whom_the_data_api_speaks_for_reads_no_relation_and_calls_no_function(opened, filed):
    """Not even with the schemas exposed to it; a table in `public` shows what it does read."""
    with psycopg.connect(filed.url("supabase_admin")) as admin:
        admin.execute("CREATE TABLE public.canary AS SELECT 'seen' AS word")
        admin.execute("SET ROLE postgres; CREATE TABLE public.ours AS SELECT 'seen' AS word")
        admin.execute("RESET ROLE")
        if opened:
            admin.execute(f"GRANT USAGE ON SCHEMA messaging, jobs TO {', '.join(API_ROLES)}")
        query = """SELECT relnamespace::regnamespace::text, relname FROM pg_class
            WHERE relnamespace IN ('messaging'::regnamespace, 'jobs'::regnamespace)
            AND relkind IN ('r', 'S', 'v', 'm', 'f', 'p')"""
        relations = admin.execute(query).fetchall()
        for role in API_ROLES:
            admin.execute(f"SET LOCAL ROLE {role}")
            read = [sql.SQL("SELECT * FROM {}").format(sql.Identifier(*each)) for each in relations]
            call = "SELECT has_function_privilege(oid, 'EXECUTE') AS may FROM pg_proc WHERE"
            call += f" pronamespace IN (SELECT oid FROM pg_namespace WHERE nspname IN {OURS})"
            called = admin.execute(f"SELECT DISTINCT may FROM ({call}) every").fetchall()

            assert [
                answer(admin, f"SELECT * FROM public.{name}") for name in ("canary", "ours")
            ] == [
                ("seen",),
                ("seen",),
            ]
            assert {answer(admin, statement) for statement in read} == {"42501"}
            assert (called, len(relations) > 50) == ([(False,)], True)
            admin.execute("RESET ROLE")
        admin.rollback()


def test_of_supabases_roles_the_owner_and_those_that_read_everything_read_contacts(filed):
    with psycopg.connect(filed.url("supabase_admin")) as admin:
        query = """SELECT rolname::text FROM pg_roles
            WHERE has_schema_privilege(oid, 'messaging', 'USAGE')
              AND has_table_privilege(oid, 'messaging.contacts', 'SELECT')"""
        assert sorted(name for (name,) in admin.execute(query).fetchall()) == [
            *("msg_app", "msg_operator", "msg_router"),
            *("pg_read_all_data", "postgres", "supabase_admin", "supabase_read_only_user"),
        ]
