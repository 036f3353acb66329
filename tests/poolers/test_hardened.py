"""The six logins of hardened mode behind PgBouncer that keeps no sessions: a message in, a reply
out, and no login's session is handed to another one's process.
"""

from collections.abc import Iterator

import psycopg
import pytest
import requests

from tests.chaos.meta import body_of, post
from tests.support import database
from tests.support.cast import ADA, REPLY
from tests.support.pgbouncer import PgBouncer
from tests.support.processes import eventually
from tests.support.whatsapp import bodies
from tests.tenants.hardened.running import SERVING, Site, running
from tests.tenants.hardened.stage import PROCESSES, Hardened, hardened, set_up_acme

pytestmark = pytest.mark.whatsapp

SECONDS = 60
SIZE = 2  # sessions of a login, for all of its process's threads


@pytest.fixture(scope="module")
def pooled(worker_id: str) -> Iterator[Hardened]:
    """Whose logins know the database by the pooler alone."""
    name = f"pooled_{worker_id}"
    with hardened(name, name) as stage:
        set_up_acme(stage)
        server = database.superuser_url(name)
        pooler = PgBouncer(server, "transaction", SIZE, *map(stage.login_of, PROCESSES))
        place = server.partition("@")[2]
        there = f"127.0.0.1:{pooler.port}/{name}?pgbouncer=true"
        logins: dict[str, str] = stage.told["logins"]  # type: ignore[assignment]
        for process, url in logins.items():
            logins[process] = url.replace(place, there)
        yield stage
        pooler.stop()


@pytest.fixture(scope="module")
def site(pooled: Hardened, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("pooled")
    with running(pooled, folder) as site:
        yield site
    logs = "".join(log.read_text() for log in folder.glob("*.log"))
    assert [line for line in logs.splitlines() if "denied" in line or "42501" in line] == []


def test_a_message_comes_in_and_is_answered_and_every_process_is_ready(site, pooled):
    assert post(site.url("webhooks"), body_of(bodies.text("Hello?", sender=ADA))).status == 200

    sent = lambda: [entry["message"]["text"]["body"] for entry in site.graph.ledger]  # noqa: E731
    assert eventually(lambda: sent() == [REPLY], SECONDS)

    def unready() -> dict[str, list[str]]:
        asked = {
            process: requests.get(f"{site.url(process)}/health/ready", timeout=30).json()
            for process in SERVING
        }
        return {process: told["reasons"] for process, told in asked.items() if told["reasons"]}

    assert eventually(lambda: unready() == {}, SECONDS), unready()
    with psycopg.connect(database.superuser_url(pooled.name)) as superuser:
        query = "SELECT DISTINCT usename::text FROM pg_stat_activity WHERE usename LIKE %s"
        found = {name for (name,) in superuser.execute(query, [f"{pooled.role}%"])}
    assert found == {pooled.login_of(process) for process in PROCESSES}


@pytest.mark.parametrize("process", PROCESSES)
def test_what_a_process_set_is_in_no_session_that_the_pooler_hands_on(process, site, pooled):
    asked = "SELECT current_user::text, coalesce(current_setting('app.tenant_id', true), '')"
    url = pooled.environment_of(process)["DATABASE_URL"].partition("?")[0]
    with psycopg.connect(url, autocommit=True) as anybody:
        found = {anybody.execute(asked, prepare=False).fetchone() for _ in range(20)}

    assert found == {(pooled.login_of(process), "")}
