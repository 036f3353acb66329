"""PostgreSQL is there and does not serve: locked, full, or out of connections. The door says 503,
and all of it heals.
"""

import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from tests.chaos.meta import body_of, crowd, post
from tests.chaos.running import wait_at_least
from tests.chaos.server import MAX_CONNECTIONS
from tests.support.processes import eventually
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

LOCKED_SECONDS = 10
ANSWERED_WITHIN_SECONDS = 5
CLIENTS = 8
UNREADY_SECONDS = 45  # the last heartbeat counts for 30
LEFT_IDLE = (
    "SELECT count(*) FROM pg_stat_activity WHERE usename = 'msg_app' AND state LIKE 'idle in"
    " transaction%'"
)
END_OTHERS = (
    "SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE usename = 'msg_app' AND pid"
    " <> ALL(%s)"
)
WAIT_FOR_THE_TABLE = (
    "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation ="
    " 'messaging.webhook_deliveries'::regclass"
)


def at_work(stage):
    """The web process, and a worker that the database has heard of."""
    web, worker = stage.web(), stage.worker()
    assert eventually(lambda: web.is_well("worker"))
    return web, worker


def too_slow(answers):
    return [answer for answer in answers if answer.seconds > ANSWERED_WITHIN_SECONDS]


def post_all(web, messages):
    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(lambda message: post(web.url, body_of(message)), messages))


def test_a_locked_table_costs_503s_and_nothing_hangs(stage):
    messages = crowd(3 * CLIENTS)
    web, worker = at_work(stage)
    blocker = stage.session()
    blocker.autocommit = False
    blocker.execute("LOCK TABLE messaging.webhook_deliveries IN ACCESS EXCLUSIVE MODE")
    locked_since = time.monotonic()
    answers = post_all(web, messages)
    wait_at_least(locked_since, LOCKED_SECONDS)
    assert {answer.status for answer in answers} == {503}
    assert too_slow(answers) == []
    # the worker: nobody posts now
    assert eventually(lambda: stage.rows(WAIT_FOR_THE_TABLE) != [(0,)])
    blocker.rollback()

    assert eventually(lambda: stage.rows(LEFT_IDLE) == [(0,)], 5)
    assert {answer.status for answer in post_all(web, messages)} == {200}
    stage.wait_until_calm()
    assert worker.is_alive()
    assert sorted(stage.inbound()) == [message["id"] for message in messages]
    assert stage.replies() == ["accepted"] * len(messages)
    stage.assert_the_books_balance()


@pytest.fixture
def taken(stage):
    """Takes connections until the server has no more to give, and none is anybody else's."""
    opened = []

    def take_all():
        superuser = stage.session()
        open_all()
        while superuser.execute(
            END_OTHERS, [[each.info.backend_pid for each in opened]]
        ).fetchall():
            open_all()
        return opened

    def open_all():
        for _ in range(2 * MAX_CONNECTIONS):
            try:
                opened.append(psycopg.connect(stage.server.runtime_url(stage.name)))
            except psycopg.OperationalError:
                return
        raise RuntimeError("The server gave more connections than it has.")

    yield take_all
    for connection in opened:
        connection.close()


def test_exhausted_connections_cost_503s_and_heal_by_themselves(stage, taken):
    messages = crowd(2 * CLIENTS)
    web, worker = at_work(stage)
    opened = taken()
    answers = post_all(web, messages)
    assert {answer.status for answer in answers} == {503}
    assert too_slow(answers) == []
    assert web.is_healthy() is False

    for connection in opened:
        connection.close()
    assert eventually(web.is_healthy, 5)
    assert {answer.status for answer in post_all(web, messages)} == {200}
    stage.wait_until_calm()
    assert worker.is_alive()
    assert stage.replies() == ["accepted"] * len(messages)
    stage.assert_the_books_balance()


def test_a_database_that_takes_no_writes_costs_503s_and_is_not_ready(stage):
    web, worker = at_work(stage)
    superuser = stage.session()
    superuser.execute("ALTER SYSTEM SET default_transaction_read_only = on")
    superuser.execute("SELECT pg_reload_conf()")
    body = body_of(bodies.text("Hello", wamid="wamid.read-only"))
    assert eventually(lambda: post(web.url, body).status == 503)
    assert eventually(lambda: web.is_well("durability") is False, UNREADY_SECONDS)
    assert worker.is_alive()

    superuser.execute("ALTER SYSTEM RESET default_transaction_read_only")
    superuser.execute("SELECT pg_reload_conf()")
    assert eventually(lambda: post(web.url, body).status == 200)
    assert eventually(lambda: web.is_well("durability") and web.is_well("worker"))
    stage.wait_until_calm()
    assert (stage.inbound(), stage.replies(), len(stage.graph.ledger)) == (
        ["wamid.read-only"],
        ["accepted"],
        1,
    )
