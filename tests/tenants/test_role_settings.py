"""What new sessions begin with is what prepare_database set, and nothing that a raw statement
planted for later.
"""

import psycopg
import pytest
import requests

from tests.support import database
from tests.support.processes import manage
from tests.tenants.preparing import Names, prepare, url_of

PLANTED = [
    (
        "ALTER ROLE {role} SET role = 'msg_operator'",
        "begins each session with role = 'msg_operator'",
    ),
    (
        "ALTER ROLE {role} IN DATABASE {name} SET role = 'msg_operator'",
        "begins each session with role = 'msg_operator'",
    ),
    ("ALTER ROLE {role} SET row_security = off", "begins each session with row_security = 'off'"),
    (
        "ALTER ROLE {role} SET synchronous_commit = off",
        "begins each session with synchronous_commit = 'off'",
    ),
    (
        "ALTER ROLE {role} RESET lock_timeout",
        "does not begin its sessions with lock_timeout = '2s'",
    ),
]


@pytest.fixture
def login(copy: str, alone: None, role_name: Names) -> str:
    """A runtime role of the test's own, on a database of its own."""
    name = role_name("web_login")
    assert prepare(copy, DATABASE_URL=url_of(name, copy)).returncode == 0
    return name


def faults(done: object) -> list[str]:
    return [line for line in done.stderr.splitlines() if line.startswith("?:")]  # type: ignore[attr-defined]


def test_what_a_role_planted_for_its_later_sessions_is_a_fault_and_the_release_step_takes_it_away(
    copy, login
):
    url = url_of(login, copy)
    with psycopg.connect(url, autocommit=True) as raw:
        for statement, _ in PLANTED:
            raw.execute(statement.format(role=login, name=copy))
    with psycopg.connect(url) as begun:
        assert begun.execute("SELECT current_user::text").fetchone() == ("msg_operator",)

    done = manage(copy, "check", DATABASE_URL=url)
    expected = {f"?: (tenants.E006) The role {login!r} {sentence}." for _, sentence in PLANTED}
    assert (done.returncode, set(faults(done))) == (1, expected)
    assert manage(copy, "worker", "--once", DATABASE_URL=url).returncode == 1

    assert prepare(copy, DATABASE_URL=url).returncode == 0
    assert manage(copy, "check", DATABASE_URL=url).returncode == 0


def test_what_a_role_planted_for_search_path_or_timeouts_is_named_both_ways(copy, login):
    url = url_of(login, copy)
    with psycopg.connect(url, autocommit=True) as raw:
        raw.execute(f"ALTER ROLE {login} SET statement_timeout = 0")

    assert faults(manage(copy, "check", DATABASE_URL=url)) == [
        f"?: (tenants.E006) The role {login!r} begins each session with statement_timeout = '0'.",
        (
            f"?: (tenants.E006) The role {login!r} does not begin its sessions with"
            " statement_timeout = '30s'."
        ),
    ]


@pytest.mark.parametrize("name", ["app.tenant_id", "something.of_tomorrow"])
def test_a_setting_that_nobody_knows_is_a_fault(copy, login, name):
    with psycopg.connect(database.superuser_url(copy), autocommit=True) as superuser:
        superuser.execute(f"ALTER ROLE {login} SET {name} = 'x'")

    sentence = f"?: (tenants.E006) The role {login!r} begins each session with {name} = 'x'."
    assert faults(manage(copy, "check", DATABASE_URL=url_of(login, copy))) == [sentence]


def test_what_an_administrator_tunes_is_a_warning_and_a_databases_own_settings_are_not_ours(
    copy, login
):
    with psycopg.connect(database.superuser_url(copy), autocommit=True) as superuser:
        superuser.execute(f"ALTER ROLE {login} SET work_mem = '8MB'")
        superuser.execute(f"ALTER DATABASE {copy} SET work_mem = '16MB'")
        superuser.execute(f"ALTER DATABASE {copy} SET app.jwt_secret = 'of the platform'")

    done = manage(copy, "check", DATABASE_URL=url_of(login, copy))
    expected = [f"?: (tenants.W006) The role {login!r} begins each session with work_mem = '8MB'."]
    assert (done.returncode, faults(done)) == (0, expected)


def test_a_role_that_a_database_gives_to_everybody_is_a_fault_and_taken_away(copy, login):
    with psycopg.connect(database.superuser_url(copy), autocommit=True) as superuser:
        superuser.execute(f"ALTER DATABASE {copy} SET row_security = off")

    done = manage(copy, "check", DATABASE_URL=url_of(login, copy))
    sentence = "?: (tenants.E006) The database begins each session with row_security = 'off'."
    assert (done.returncode, faults(done)) == (1, [sentence])
    assert prepare(copy, DATABASE_URL=url_of(login, copy)).returncode == 0


def test_readiness_is_red_while_a_role_has_something_planted(
    web, db_rows, superuser, database_name
):
    def role_is_fine() -> bool:
        return requests.get(f"{web}/health/ready", timeout=10).json()["checks"]["role"]["ok"]

    assert role_is_fine()
    superuser.execute(f"ALTER ROLE msg_app IN DATABASE {database_name} SET role = 'msg_operator'")
    try:
        assert not role_is_fine()
    finally:
        superuser.execute(f"ALTER ROLE msg_app IN DATABASE {database_name} RESET ALL")
        # a thread of the server that signed in meanwhile would stay msg_operator for later tests
        superuser.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = 'msg_app'"
        )
    assert role_is_fine()
