"""prepare_database: from an empty database of an owner's who is no superuser to one that a runtime
role is bound in.
"""

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from subprocess import CompletedProcess

import psycopg
import pytest
from psycopg import sql

from config.development_database import create_owner
from tests.support import database
from tests.support.database import nobody_else_preparing
from tests.support.processes import manage
from tests.tenants.grants import PRIVILEGES, listed
from tests.tenants.preparing import drop, prepare, url_of


def privileges(name: str) -> set[tuple]:
    with psycopg.connect(database.superuser_url(name)) as connection:
        return {row[:4] for row in connection.execute(PRIVILEGES).fetchall()}


def catalogue(name: str) -> list[str]:
    """Tables, policies, constraints and privileges, as far as a second run could change them."""
    with psycopg.connect(database.superuser_url(name)) as connection:
        queries = (
            (
                "SELECT oid, relrowsecurity, relforcerowsecurity FROM pg_class WHERE relnamespace ="
                " 'messaging'::regnamespace"
            ),
            "SELECT tablename, policyname, roles, qual, with_check FROM pg_policies",
            "SELECT oid, conname FROM pg_constraint",
        )
        found = [row for query in queries for row in connection.execute(query).fetchall()]
    return sorted(map(str, [*found, *privileges(name)]))


@dataclass(frozen=True)
class Prepared:
    """A database, empty before and prepared once, for a runtime role of another name than the other
    tests'.
    """

    name: str
    role: str
    url: str  # of the role
    first: CompletedProcess[str]


@pytest.fixture(scope="module")
def prepared(worker_id: str) -> Iterator[Prepared]:
    """Not emptied between the tests: none of them asks what is in the tables."""
    name, role = f"prepared_{worker_id}", f"web_login_{worker_id}"
    url = url_of(role, name)
    with nobody_else_preparing():
        create_owner(os.environ["TEST_SERVER"], database.OWNER, name)
        first = prepare(name, DATABASE_URL=url)
    yield Prepared(name, role, url, first)
    with nobody_else_preparing() as server:
        drop(server, name)
        server.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))


@pytest.fixture(scope="module")
def empty(worker_id: str) -> Iterator[str]:
    """A database that every command here refuses to prepare, so that it serves them all."""
    name = f"empty_{worker_id}"
    create_owner(os.environ["TEST_SERVER"], database.OWNER, name)
    yield name
    with psycopg.connect(os.environ["TEST_SERVER"], autocommit=True) as server:
        drop(server, name)


def test_it_may_be_repeated_and_changes_nothing_then(prepared, alone):
    before = catalogue(prepared.name)

    second = prepare(prepared.name, DATABASE_URL=prepared.url)

    for done in (prepared.first, second):
        assert done.returncode == 0, done.stderr
        assert [json.loads(line) for line in done.stdout.splitlines()] == [
            {"schema": "messaging", "role": prepared.role}
        ]
    assert catalogue(prepared.name) == before


@pytest.mark.large
def test_a_database_of_the_first_release_is_brought_up_to_date_with_its_grants_in_place(
    copy, alone
):
    assert prepare(copy).returncode == 0  # a copy has its tables, and not the owner's search path
    expected = privileges(copy)
    for app, first in (("messaging", "0002"), ("channels", "0001"), ("tenants", "0001")):
        back = manage(
            copy, "migrate", app, first, "--skip-checks", DATABASE_URL=database.owner_url(copy)
        )
        assert back.returncode == 0, back.stderr
    assert privileges(copy) != expected

    done = prepare(copy)
    assert (done.returncode, privileges(copy)) == (0, expected), done.stderr


NOTICE_READERS = """
    DELETE FROM auth_permission WHERE codename LIKE '%_channelevent';
    INSERT INTO users (id, username, password, email, first_name, last_name, is_active, is_staff,
        is_superuser, date_joined)
        VALUES (gen_random_uuid(), 'ada', '', '', '', '', true, true, false, now());
    INSERT INTO auth_group (name) VALUES ('readers');
    INSERT INTO users_user_permissions (user_id, permission_id)
        SELECT users.id, auth_permission.id FROM users, auth_permission
        WHERE codename = 'view_notice';
    INSERT INTO auth_group_permissions (group_id, permission_id)
        SELECT auth_group.id, auth_permission.id FROM auth_group, auth_permission
        WHERE codename IN ('view_notice', 'change_notice');
"""
MAY = """
    SELECT 'user', codename FROM users_user_permissions
        JOIN auth_permission ON auth_permission.id = permission_id
    UNION ALL SELECT 'group', codename FROM auth_group_permissions
        JOIN auth_permission ON auth_permission.id = permission_id
    ORDER BY 1, 2
"""
STORED_AT = """
    SELECT oid, pg_relation_filenode(oid) FROM pg_class
    WHERE oid = 'channel_events'::regclass
        OR oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = 'channel_events'::regclass)
    ORDER BY 1
"""


@pytest.mark.large
def test_who_may_see_notices_may_see_them_as_channel_events_and_nothing_is_written_anew(
    copy, alone
):
    """In the back-office of the release before as well: its processes run on for a moment."""
    assert prepare(copy).returncode == 0
    url = database.owner_url(copy)
    back = manage(copy, "migrate", "channels", "0005", "--skip-checks", DATABASE_URL=url)
    assert back.returncode == 0, back.stderr
    with psycopg.connect(url) as owner:
        owner.execute(NOTICE_READERS)
        before = owner.execute(STORED_AT).fetchall()
        assert owner.execute(MAY).fetchall() == [
            ("group", "change_notice"),
            ("group", "view_notice"),
            ("user", "view_notice"),
        ]

    done = prepare(copy)

    assert done.returncode == 0, done.stderr
    with psycopg.connect(url) as owner:
        assert owner.execute(STORED_AT).fetchall() == before
        assert owner.execute(MAY).fetchall() == [
            ("group", "change_channelevent"),
            ("group", "change_notice"),
            ("group", "view_channelevent"),
            ("group", "view_notice"),
            ("user", "view_channelevent"),
            ("user", "view_notice"),
        ]


def test_its_owner_is_no_superuser_and_bypasses_nothing(superuser):
    query = "SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = 'msg_owner'"
    assert superuser.execute(query).fetchone() == (False, False, True)


def test_it_takes_away_what_the_grants_lists_do_not_say(copy, alone):
    with psycopg.connect(database.superuser_url(copy), autocommit=True) as connection:
        for grant in (
            "SELECT ON messaging.users TO msg_app",
            "SELECT (body) ON messaging.webhook_deliveries TO msg_app",
            "TRUNCATE ON messaging.contacts TO msg_app",
            "DELETE ON messaging.messages TO msg_router",
            "SELECT ON messaging.users TO msg_operator",
            "SELECT ON messaging.messages TO PUBLIC",
            "EXECUTE ON FUNCTION messaging.pipeline_ages() TO PUBLIC",
            "ALL ON messaging.tenants TO msg_app WITH GRANT OPTION",
        ):
            connection.execute(
                f"SET ROLE msg_owner; GRANT {grant}"
                if "FUNCTION" not in grant
                else f"RESET ROLE; GRANT {grant}"
            )
        connection.execute("REVOKE SELECT ON messaging.contacts FROM msg_app")
    assert privileges(copy) != listed()

    done = prepare(copy)

    assert done.returncode == 0, done.stderr
    assert privileges(copy) == listed()


def test_it_makes_a_runtime_role_of_any_name_and_the_process_runs_with_it(prepared):
    done = prepared.first

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"schema": "messaging", "role": prepared.role}
    renamed = {
        (table, prepared.role if grantee == "msg_app" else grantee, *rest)
        for table, grantee, *rest in listed()
    }
    assert privileges(prepared.name) == renamed
    for command in (["check"], ["create_tenant", "acme", "--name", "Acme"], ["worker", "--once"]):
        done = manage(prepared.name, *command, DATABASE_URL=prepared.url)
        assert done.returncode == 0, done.stderr


def opens(verifier: str, password: str) -> bool:
    """Whether PostgreSQL's SCRAM verifier is of this password."""
    method, iterations_and_salt, keys = verifier.split("$")
    iterations, salt = iterations_and_salt.split(":")
    salted = hashlib.pbkdf2_hmac(
        "sha256", password.encode(), base64.b64decode(salt), int(iterations)
    )
    stored_key = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    return (method, base64.b64encode(stored_key).decode()) == ("SCRAM-SHA-256", keys.split(":")[0])


@pytest.mark.parametrize(
    "password", ["plain", "p@ss:w/rd%25'\"\\ $$+{}?#[]&=", "%40", "pässwörd-漢"]
)
def test_it_gives_the_runtime_role_the_password_of_the_url_and_says_it_nowhere(
    password, copy, alone, role_name, server
):
    name = role_name("web_login")

    done = prepare(copy, DATABASE_URL=url_of(name, copy, password))

    assert done.returncode == 0, done.stderr
    (verifier,) = server.execute(
        "SELECT rolpassword FROM pg_authid WHERE rolname = %s", [name]
    ).fetchone()
    assert opens(verifier, password)
    assert not opens(verifier, password + "x")
    if password != "plain":
        assert password not in done.stdout + done.stderr


def test_it_replaces_the_password_when_the_url_has_another_one(copy, alone, role_name, server):
    name = role_name("web_login")
    for password in ("the-first-one", "the-second-one"):
        done = prepare(copy, DATABASE_URL=url_of(name, copy, password))
        assert done.returncode == 0, done.stderr

    (verifier,) = server.execute(
        "SELECT rolpassword FROM pg_authid WHERE rolname = %s", [name]
    ).fetchone()
    assert (opens(verifier, "the-first-one"), opens(verifier, "the-second-one")) == (False, True)


def unprepared(name: str) -> bool:
    with psycopg.connect(database.superuser_url(name)) as connection:
        return connection.execute("SELECT to_regnamespace('messaging') IS NULL").fetchone() == (
            True,
        )


def test_it_refuses_one_role_for_both(empty):
    done = prepare(empty, DATABASE_URL=database.owner_url(empty))

    sentence = (
        "CommandError: DATABASE_URL and DATABASE_OWNER_URL name the same role. Put a new name and"
        " password into DATABASE_URL: prepare_database creates that role, bound by row level"
        " security."
    )
    assert (done.returncode, done.stdout, done.stderr.splitlines()) == (1, "", [sentence])
    assert unprepared(empty)


@pytest.mark.parametrize("value", [None, ""])
def test_it_refuses_to_run_without_an_owner(value, empty):
    done = prepare(empty, DATABASE_OWNER_URL=value)

    sentence = (
        "DATABASE_OWNER_URL is not set: it names the role that owns the database and may create"
        " roles."
    )
    assert (done.returncode, done.stdout, done.stderr.splitlines()) == (
        1,
        "",
        [f"CommandError: {sentence}"],
    )
    assert unprepared(empty)


def test_it_refuses_a_transaction_pooler_for_its_owner(empty):
    done = prepare(empty, DATABASE_OWNER_URL=f"{database.owner_url(empty)}?pgbouncer=true")

    sentence = (
        "CommandError: DATABASE_OWNER_URL leads through a transaction pooler, which keeps no"
        " session: take the direct connection, or the session pooler (port 5432)."
    )
    assert (done.returncode, done.stdout, done.stderr.splitlines()) == (1, "", [sentence])
    assert unprepared(empty)


@pytest.mark.parametrize("attribute", ["BYPASSRLS", "SUPERUSER"])
def test_it_refuses_a_runtime_role_that_bypasses_row_security(attribute, empty, alone, role):
    name = role(f"LOGIN {attribute}")

    done = prepare(empty, DATABASE_URL=url_of(name, empty))

    sentence = (
        f"CommandError: The role {name!r} of DATABASE_URL bypasses row level security. Name a new"
        " one there."
    )
    assert (done.returncode, done.stdout, done.stderr.splitlines()[-1]) == (1, "", sentence)
    assert "Traceback" not in done.stderr
    assert unprepared(empty)


def refused_with_a_sentence(done) -> bool:
    return (done.returncode, done.stdout, "Traceback" in done.stderr, "canary" in done.stderr) == (
        1,
        "",
        False,
        False,
    )


def test_an_owner_that_does_not_answer_is_a_sentence(empty):
    done = prepare(
        empty, DATABASE_OWNER_URL="postgresql://msg_owner:pass-canary@127.0.0.1:1/nowhere"
    )

    assert refused_with_a_sentence(done), done.stderr


def test_an_owner_that_may_not_create_roles_is_a_sentence(empty, alone, role):
    done = prepare(empty, DATABASE_OWNER_URL=url_of(role("LOGIN"), empty, "pass-canary"))

    assert refused_with_a_sentence(done), done.stderr
    assert unprepared(empty)


@pytest.mark.parametrize("change", ["NO FORCE", "DISABLE"])
def test_it_helps_where_the_check_advises_it(change, copy, alone):
    with psycopg.connect(database.superuser_url(copy), autocommit=True) as connection:
        connection.execute(f"ALTER TABLE messaging.contacts {change} ROW LEVEL SECURITY")
    advised = manage(copy, "check").stderr
    assert "HINT: Run `manage.py prepare_database`" in advised

    done = prepare(copy)

    assert done.returncode == 0, done.stderr
    assert manage(copy, "check").returncode == 0
