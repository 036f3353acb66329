"""Web, worker and jobs behind PgBouncer, in the database that the SQL file makes on a server like
Supabase's: a message in, a reply out, and what is seen of it from outside.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from config.development_database import PROJECT
from tests.chaos.meta import Graph
from tests.chaos.running import Running, Web, Worker
from tests.chaos.server import connect_channel
from tests.support import database
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, ADA, REPLY
from tests.support.pgbouncer import PgBouncer
from tests.support.processes import eventually
from tests.support.supabase import API_ROLES, SupabaseServer

pytestmark = pytest.mark.whatsapp

FILE = PROJECT / "SUPABASE_WHATSAPP_MIGRATION.sql"
SIZES = {"transaction": 3, "session": 40}  # three sessions for all the processes
TASK = """INSERT INTO jobs.procrastinate_jobs (queue_name, task_name, args)
    VALUES ('upkeep', 'tenants.tasks.forget_failures', '{"timestamp": 0}') RETURNING id"""
COUNTS = "SELECT direction, status, count(*) FROM messaging.messages GROUP BY 1, 2 ORDER BY 1"


@pytest.fixture
def server() -> Iterator[SupabaseServer]:
    server = SupabaseServer()
    with psycopg.connect(server.url("postgres"), autocommit=True) as editor:
        editor.execute(FILE.read_text().replace("'CHANGE-ME'", "'test'").encode())
    yield server
    server.remove()


@pytest.fixture(params=["transaction", "session"])
def pooler(request: pytest.FixtureRequest, server: SupabaseServer) -> Iterator[PgBouncer]:
    pooler = PgBouncer(
        server.url("postgres"), request.param, SIZES[request.param], "msg_app", "postgres"
    )
    yield pooler
    pooler.stop()


@pytest.fixture
def graph() -> Iterator[Graph]:
    graph = Graph()
    graph.start()
    yield graph
    graph.stop()


@pytest.fixture
def environment(pooler: PgBouncer, graph: Graph, tmp_path: Path) -> dict[str, str]:
    """Of every process; all of them know the database through the pooler alone."""
    return database.process_environment("postgres") | {
        "DATABASE_URL": pooler.url("msg_app"),
        "META_GRAPH_URL": graph.url,
        "MEDIA_ROOT": str(tmp_path / "media"),
    }


def manage(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=60
    )


@pytest.fixture
def processes(environment: dict[str, str], tmp_path: Path) -> Iterator[Web]:
    """Acme on WhatsApp, with web, worker and jobs up."""
    done = manage(environment, "create_tenant", "acme", "--name", "Acme")
    assert done.returncode == 0, done.stderr
    connect_channel(environment, "acme", ACME_NUMBER, ACME_ACCOUNT, "token-of-acme")
    done = manage(environment, "set_auto_reply", "--tenant", "acme", REPLY)
    assert done.returncode == 0, done.stderr
    running: list[Running] = []
    try:
        web = Web(environment, tmp_path / "web.log")
        running.append(web)
        worker = Worker(environment, tmp_path / "worker.log")
        running.append(worker)
        command = [sys.executable, "manage.py", "jobs"]
        running.append(Running(command, environment, tmp_path / "jobs.log"))
        web.wait_until_it_answers()
        worker.wait_until_it_runs()
        yield web
    finally:
        for process in running:
            process.kill()


def test_a_message_comes_in_and_its_reply_leaves(processes, pooler, server, graph, environment):
    simulate = ("simulate_message", "--tenant", "acme", "--from", ADA)
    answered = [("inbound", "received", 3), ("outbound", "accepted", 3)]
    environment |= {"PUBLIC_URL": processes.url, "PORT": str(processes.port)}
    for text in ("One?", "Two?", "Three?"):
        done = manage(environment, *simulate, text)
        assert done.returncode == 0, done.stderr

    with psycopg.connect(server.url("supabase_admin"), autocommit=True) as admin:
        assert eventually(lambda: admin.execute(COUNTS).fetchall() == answered, 30)
        assert [entry["message"]["text"]["body"] for entry in graph.ledger] == [REPLY] * 3
        logins = """SELECT DISTINCT usename::text FROM pg_stat_activity
            WHERE backend_type = 'client backend' AND usename <> 'supabase_admin'"""
        assert admin.execute(logins).fetchall() == [("msg_app",)]
        assert_that_the_data_api_sees_nothing(admin)
        admin.execute("SET search_path = jobs")
        (job,) = admin.execute(TASK).fetchone()
        assert eventually(lambda: status_of_task(admin, job) == "succeeded", 30)
    assert_that_nothing_is_left_in_the_sessions(pooler)


def assert_that_the_data_api_sees_nothing(admin: psycopg.Connection) -> None:
    for role in API_ROLES:
        for opened in ("", "GRANT USAGE ON SCHEMA messaging TO anon, authenticated, service_role"):
            with admin.transaction(force_rollback=True):
                admin.execute(opened)
                admin.execute(f"SET LOCAL ROLE {role}")
                with pytest.raises(psycopg.errors.InsufficientPrivilege), admin.transaction():
                    admin.execute("SELECT * FROM messaging.messages")


def status_of_task(admin: psycopg.Connection, job: int) -> str:
    query = "SELECT status::text FROM jobs.procrastinate_jobs WHERE id = %s"
    return admin.execute(query, [job]).fetchone()[0]


def assert_that_nothing_is_left_in_the_sessions(pooler: PgBouncer) -> None:
    """The pooler hands sessions to whoever comes: each begins as nobody's, and sees no tenant."""
    asked = """SELECT current_user::text, coalesce(current_setting('app.tenant_id', true), ''),
        current_setting('search_path'), (SELECT count(*) FROM pg_listening_channels()),
        (SELECT count(*) FROM messaging.messages)"""
    with psycopg.connect(pooler.url("msg_app").partition("?")[0], autocommit=True) as anybody:
        found = {anybody.execute(asked, prepare=False).fetchone() for _ in range(20)}
    assert found == {("msg_app", "", "messaging, jobs, pg_temp", 0, 0)}


@pytest.mark.parametrize("pooler", ["session"], indirect=True)
def test_the_release_step_passes_a_pooler_that_keeps_sessions(pooler, environment):
    done = manage(environment | {"DATABASE_OWNER_URL": pooler.url("postgres")}, "prepare_database")

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"schema": "messaging", "role": "msg_app"}


@pytest.mark.parametrize("pooler", ["transaction"], indirect=True)
def test_whoever_begins_a_session_with_a_setting_is_refused_by_the_pooler(pooler):
    """Why jobs does not: the role would be asked for in `options`."""
    url = pooler.url("msg_app").partition("?")[0]
    with pytest.raises(psycopg.OperationalError, match="unsupported startup parameter: options"):
        psycopg.connect(url, options="-c role=msg_jobs")


def test_a_name_of_supabases_pooler_is_that_of_a_role_to_every_command(server):
    """Of a pooler like it: PgBouncer, which signs in as `msg_app` for `msg_app.PROJECT`."""
    name = "msg_app.abcdefghijklmnopqrst"
    place = "aws-0-eu-central-1.pooler.supabase.com"
    like_it = PgBouncer(server.url("postgres"), "transaction", 3, name, signs_in_as="msg_app")
    url = like_it.url(name).replace("@127.0.0.1", f"@{place}") + "&hostaddr=127.0.0.1"
    environment = database.process_environment("postgres") | {
        "DATABASE_URL": url,
        "DATABASE_OWNER_URL": server.url("postgres"),
    }
    try:
        prepared = manage(environment, "prepare_database")
        made = manage(environment, "create_tenant", "acme", "--name", "Acme")
    finally:
        like_it.stop()

    assert (prepared.returncode, made.returncode) == (0, 0), prepared.stderr + made.stderr
    assert json.loads(prepared.stdout) == {"schema": "messaging", "role": "msg_app"}
    with psycopg.connect(server.url("supabase_admin")) as admin:
        roles = admin.execute("SELECT rolname::text FROM pg_roles WHERE rolname LIKE '%app%'")
        assert roles.fetchall() == [("msg_app",)]
