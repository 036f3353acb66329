"""No process starts on a database that would not keep tenants apart; what it says is what to do."""

import socket
import subprocess
import time
from itertools import islice

import psycopg
import pytest

from config.development_database import free_port
from tenants.checks import PREPARE
from tests.support import database, gunicorn_signals
from tests.support.processes import manage, start_line

WORKERS = 2  # of gunicorn's, in the Procfile


def complaint(*faults: tuple[str, str, bool], command: str = "check") -> str:
    """What a command writes to stderr: (number, sentence, whether the advice follows) for each
    fault, and nothing more.
    """
    lines = ["SystemCheckError: System check identified some issues:", "", "ERRORS:"]
    for number, sentence, is_advised in faults:
        lines += [
            f"?: (tenants.{number}) {sentence}",
            *([f"\tHINT: {PREPARE}"] if is_advised else []),
        ]
    if command == "check":
        lines += [
            "",
            f"System check identified {len(faults)} issue{'s'[: len(faults) - 1]} (0 silenced).",
        ]
    return "\n".join([*lines, ""])


def unbound(role: str, reason: str, command: str = "check") -> str:
    sentence = f"The role {role!r} of DATABASE_URL {reason}: row level security would not bind it."
    return complaint(("E003", sentence, True), command=command)


def url_of(role: str, name: str) -> str:
    return database.superuser_url(name).replace("postgres@", f"{role}@")


def searching(role: str, name: str) -> None:
    """Gives the role the search path and the schema that the runtime role has."""
    with psycopg.connect(database.superuser_url(name), autocommit=True) as connection:
        connection.execute(f'GRANT USAGE ON SCHEMA messaging TO "{role}"')
        connection.execute(f'ALTER ROLE "{role}" IN DATABASE "{name}" SET search_path = messaging')


def test_the_prepared_database_and_its_runtime_role_are_fine(database_name):
    done = manage(database_name, "check")

    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        "System check identified no issues (0 silenced).\n",
        "",
    )


@pytest.mark.parametrize(
    "command", [["check"], ["worker", "--once"], ["create_tenant", "acme", "--name", "Acme"]]
)
def test_a_superuser_is_refused_by_every_command(command, copy):
    searching("postgres", copy)

    done = manage(copy, *command, DATABASE_URL=database.superuser_url(copy))

    assert (done.returncode, done.stdout, done.stderr) == (
        1,
        "",
        unbound("postgres", "is a superuser", command[0]),
    )
    with psycopg.connect(database.superuser_url(copy)) as connection:
        assert connection.execute("SELECT count(*) FROM messaging.tenants").fetchone() == (0,)


def test_a_role_with_bypassrls_is_refused(copy, role):
    name = role("LOGIN BYPASSRLS", "msg_app")
    searching(name, copy)

    done = manage(copy, "check", DATABASE_URL=url_of(name, copy))

    assert (done.returncode, done.stderr) == (1, unbound(name, "has BYPASSRLS"))


@pytest.mark.parametrize("inherits", ["INHERIT", "NOINHERIT"])
@pytest.mark.parametrize("attribute", ["SUPERUSER", "BYPASSRLS"])
def test_a_role_that_may_become_one_that_bypasses_is_refused_however_far_away_that_is(
    attribute, inherits, copy, role
):
    powerful = role(f"NOLOGIN {attribute}")
    between = role("NOLOGIN", powerful)
    name = role(f"LOGIN {inherits}", between, "msg_app")
    searching(name, copy)

    done = manage(copy, "check", DATABASE_URL=url_of(name, copy))

    assert (done.returncode, done.stderr) == (
        1,
        unbound(name, "may become a role that bypasses row level security"),
    )


def test_the_owner_is_refused(copy):
    searching("msg_owner", copy)

    done = manage(copy, "check", DATABASE_URL=database.owner_url(copy))

    assert (done.returncode, done.stderr) == (1, unbound("msg_owner", "owns tenants' tables"))


def test_a_role_that_may_become_the_owner_is_refused(copy, role):
    name = role("LOGIN NOINHERIT", "msg_owner", "msg_app")
    searching(name, copy)

    done = manage(copy, "check", DATABASE_URL=url_of(name, copy))

    assert (done.returncode, done.stderr) == (1, unbound(name, "owns tenants' tables"))


@pytest.mark.parametrize("table", ["tenants", "webhook_deliveries"])
def test_a_role_that_owns_one_of_the_tables_is_refused(table, copy, role):
    name = role("LOGIN NOINHERIT", "msg_app")
    searching(name, copy)
    with psycopg.connect(database.superuser_url(copy), autocommit=True) as connection:
        connection.execute(f'ALTER TABLE messaging.{table} OWNER TO "{name}"')

    done = manage(copy, "check", DATABASE_URL=url_of(name, copy))

    assert (done.returncode, done.stderr) == (1, unbound(name, "owns tenants' tables"))


def test_a_database_that_nobody_prepared_is_refused(fresh):
    done = manage(fresh, "check")

    sentence = "The table 'tenants' is not there: the database is not prepared."
    assert (done.returncode, done.stderr) == (1, complaint(("E004", sentence, True)))


def test_a_database_that_does_not_answer_is_one_sentence_without_the_password(database_name):
    port = free_port()
    begun = time.monotonic()

    done = manage(
        database_name,
        "check",
        DATABASE_URL=f"postgresql://msg_app:pass-canary@127.0.0.1:{port}/nowhere",
    )

    reason = (
        f'connection failed: connection to server at "127.0.0.1", port {port} failed: Connection'
        " refused"
    )
    sentence = f"The database named by DATABASE_URL does not answer: {reason}"
    assert (done.returncode, done.stdout, done.stderr) == (
        1,
        "",
        complaint(("E002", sentence, False)),
    )
    assert time.monotonic() - begun < 30


@pytest.mark.parametrize("change", ["NO FORCE", "DISABLE"])
def test_a_table_without_forced_row_security_is_named(change, copy):
    with psycopg.connect(database.superuser_url(copy), autocommit=True) as connection:
        for table in ("contacts", "messages", "webhook_deliveries"):
            connection.execute(f"ALTER TABLE messaging.{table} {change} ROW LEVEL SECURITY")

    done = manage(copy, "check")

    faults = [line for line in done.stderr.splitlines() if line.startswith("?:")]
    assert done.returncode == 1
    assert sorted(faults) == [
        f"?: (tenants.E005) Row level security is not forced on {table!r}."
        for table in ("contacts", "messages", "webhook_deliveries")
    ]


def answers(port: int, process: subprocess.Popen) -> bool:
    """Whether anything listened on this port before the process ended."""
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.01)
    return False


def test_the_web_process_never_listens_with_a_role_that_bypasses_row_security(copy):
    searching("postgres", copy)
    port = free_port()

    process = start_line(copy, "web", port=port, DATABASE_URL=database.superuser_url(copy))
    listened = answers(port, process)
    _, stderr = process.communicate(timeout=60)

    assert (listened, process.returncode, stderr) == (
        False,
        1,
        unbound("postgres", "is a superuser"),
    )


def test_the_web_process_listens_with_the_runtime_role(copy):
    port = free_port()

    process = start_line(
        copy, "web", port=port, GUNICORN_CMD_ARGS=f"--config python:{gunicorn_signals.__name__}"
    )
    listened = answers(port, process)
    heard = (line for line in process.stderr if gunicorn_signals.HEARD in line)
    assert len(list(islice(heard, WORKERS))) == WORKERS
    process.terminate()
    process.communicate(timeout=60)

    assert (listened, process.returncode) == (True, 0)
