"""`prepare_database --hardened`: a login for each kind of process, kept up to date from then on."""

import json

import psycopg
import pytest

from config.database_urls import database as settings_of
from tenants.database.login_passwords import addresses
from tests.support import database
from tests.tenants.hardened.stage import PROCESSES, Hardened, prepare, variable_of

pytestmark = pytest.mark.whatsapp

SHORT = "too-short"


def test_it_tells_where_each_process_signs_in_and_no_password(stage: Hardened):
    place = database.superuser_url(stage.name).partition("@")[2]

    assert stage.told == {
        "schema": "messaging",
        "role": stage.role,
        "logins": {
            process: f"postgresql://{stage.login_of(process)}:PASSWORD@{place}"
            for process in PROCESSES
        },
    }


def rights(stage: Hardened) -> list[tuple]:
    """Members, settings, verifiers and grants of the logins."""
    queries = (
        """SELECT m.rolname::text, r.rolname::text FROM pg_auth_members
           JOIN pg_roles m ON m.oid = member JOIN pg_roles r ON r.oid = roleid
           WHERE m.rolname LIKE %s ORDER BY 1, 2""",
        "SELECT rolname::text, rolconfig::text FROM pg_roles WHERE rolname LIKE %s ORDER BY 1",
        """SELECT relname::text, acl.grantee::regrole::text, acl.privilege_type
           FROM pg_class, aclexplode(relacl) acl
           WHERE relnamespace = 'messaging'::regnamespace AND acl.grantee::regrole::text LIKE %s
           ORDER BY 1, 2, 3""",
    )
    with psycopg.connect(database.superuser_url(stage.name)) as superuser:
        return [superuser.execute(query, [f"{stage.role}%"]).fetchall() for query in queries]


@pytest.mark.parametrize("arguments", [["--hardened"], []])
def test_it_may_be_repeated_without_passwords_and_changes_nothing_then(stage, alone, arguments):
    before = rights(stage)

    done = prepare(stage.name, stage.role, {}, *arguments)

    assert done.returncode == 0, done.stderr
    assert rights(stage) == before
    assert stage.manage("api", "check").returncode == 0


def test_every_later_release_step_takes_away_what_a_login_must_not_have(stage, alone):
    before, web = rights(stage), stage.login_of("api")
    with psycopg.connect(database.superuser_url(stage.name), autocommit=True) as superuser:
        superuser.execute(f"SET ROLE msg_owner; GRANT msg_operator TO {web}")
        superuser.execute(f"GRANT INSERT ON messaging.webhook_deliveries TO {web}")
        superuser.execute(f"ALTER ROLE {web} SET statement_timeout = 0")
    assert rights(stage) != before

    done = prepare(stage.name, stage.role, {})

    assert done.returncode == 0, done.stderr
    assert rights(stage) == before


def test_it_gives_a_login_the_password_of_its_variable(stage, alone, server):
    def verifier() -> str:
        query = "SELECT rolpassword FROM pg_authid WHERE rolname = %s"
        return server.execute(query, [stage.login_of("worker")]).fetchone()[0]

    before = verifier()
    done = prepare(stage.name, stage.role, {"worker": "another password of it"}, "--hardened")

    assert done.returncode == 0, done.stderr
    assert (verifier() != before, verifier().startswith("SCRAM-SHA-256$")) == (True, True)
    assert "another password" not in done.stdout + done.stderr


def test_it_names_every_password_that_is_missing_short_or_used_twice_and_changes_nothing(
    copy, alone, role_name, server
):
    role = role_name("one")
    given = {"webhooks": SHORT, "api": "the same for the two", "pages": "the same for the two"}

    done = prepare(copy, role, given, "--hardened")

    short = "is too short: take 16 random characters or more."
    twice = "is the password of another login, too: each needs its own."
    missing = "is new. Set it in the environment of this command alone."
    assert (done.returncode, done.stdout, done.stderr.splitlines()) == (
        1,
        "",
        [
            f"CommandError: WEBHOOKS_LOGIN_PASSWORD {short}",
            f"API_LOGIN_PASSWORD {twice}",
            f"PAGES_LOGIN_PASSWORD {twice}",
            *(
                f"{variable_of(process)} is not set: the login '{role}_"
                f"{process.replace('-', '_')}' {missing}"
                for process in ("back-office", "worker", "jobs")
            ),
        ],
    )
    query = "SELECT count(*) FROM pg_roles WHERE rolname LIKE %s"
    assert server.execute(query, [f"{role}%"]).fetchone() == (0,)


def test_without_the_word_no_login_is_made(copy, alone, role_name, server):
    role = role_name("one")

    done = prepare(copy, role, dict.fromkeys(PROCESSES, "a password of theirs"))

    assert json.loads(done.stdout) == {"schema": "messaging", "role": role}
    query = "SELECT rolname::text FROM pg_roles WHERE rolname LIKE %s"
    assert server.execute(query, [f"{role}%"]).fetchall() == [(role,)]


@pytest.mark.parametrize(
    "place",
    [
        "one:5432/messaging",
        "one/messaging",
        "one:5432,two:5433/messaging?target_session_attrs=read-write",
        "[::1]:5432,two:5433/messaging?target_session_attrs=primary",
        "one,two/messaging?target_session_attrs=read-write",
    ],
)
def test_each_logins_address_leads_where_the_runtime_roles_does(place):
    runtime = settings_of("DATABASE_URL", f"postgresql://msg_app:word@{place}")

    assert addresses(runtime)["worker"] == f"postgresql://msg_app_worker:PASSWORD@{place}"
