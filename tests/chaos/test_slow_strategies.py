"""A strategy that takes its time, in real processes: it delays nobody else, and a killed process
makes nobody get two answers.
"""

import time
from pathlib import Path

import pytest

from tests.chaos.length import IS_LONG
from tests.chaos.meta import body_of, crowd, post
from tests.chaos.server import GLOBEX_TOKEN
from tests.support.cast import GLOBEX_ACCOUNT, GLOBEX_NUMBER
from tests.support.processes import eventually
from tests.support.replies import says
from tests.support.subscriber import Subscriber
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

WAITING = 10_000
SERVICE_SECONDS = 5
NEIGHBOURS_MESSAGES = 40 if IS_LONG else 12
# how much later than without anybody waiting
LATER_SECONDS = 1.0
GROWTH = 40 * 1024 * 1024  # bytes
PEOPLE = 300 if IS_LONG else 60
DEATHS = 4 if IS_LONG else 3
CHOOSE = """
    INSERT INTO messaging.reply_choices (id, tenant_id, strategy, settings, changed_at)
    SELECT gen_random_uuid(), id, 'service', jsonb_build_object('url', %s::text), now()
    FROM messaging.tenants WHERE slug = 'acme'
"""
ACMES_QUESTIONS = """
    WITH acme AS (
        SELECT channel.id AS channel_id, channel.tenant_id FROM messaging.channels channel
        JOIN messaging.tenants tenant ON tenant.id = tenant_id WHERE tenant.slug = 'acme'
    ), people AS (
        INSERT INTO messaging.contacts (id, tenant_id, name, created_at)
        SELECT gen_random_uuid(), tenant_id, 'Waits', now()
        FROM acme, generate_series(1, %(count)s) RETURNING id, tenant_id
    ), ids AS (
        INSERT INTO messaging.contact_identities (id, tenant_id, contact_id, kind, value)
        SELECT gen_random_uuid(), tenant_id, id, 'wa_id', '4670' || row_number() OVER ()
        FROM people
    ), threads AS (
        INSERT INTO messaging.conversations (id, tenant_id, channel_id, contact_id,
            group_external_id, status, last_seq, last_message_at, last_inbound_at,
            window_closes_at, created_at)
        SELECT gen_random_uuid(), tenant_id, channel_id, people.id, '', 'open', 2, now(), now(),
            now() + interval '1 day', now()
        FROM people JOIN acme USING (tenant_id) RETURNING id, tenant_id, channel_id
    ), written AS (
        INSERT INTO messaging.messages (id, tenant_id, channel_id, conversation_id, direction,
            kind, text, status, origin, external_id, recipient, seq, attempts, error_code, error,
            sent_at, created_at)
        SELECT gen_random_uuid(), tenant_id, channel_id, id, 'inbound', 'text', 'Hello',
            'received', 'contact', id::text, '', 1, 0, '', '', now(), now()
        FROM threads RETURNING id, tenant_id, conversation_id
    )
    INSERT INTO messaging.deferred_replies (id, tenant_id, message_id, conversation_id, strategy,
        settings, deadline, due_at, attempts, outcome, created_at)
    SELECT gen_random_uuid(), tenant_id, id, conversation_id, 'service',
        jsonb_build_object('url', %(url)s::text), now() + interval '1 hour', now(), 0, '', now()
    FROM written
"""
ASKED_STILL = "SELECT count(*) FROM messaging.deferred_replies WHERE outcome = ''"
ENDED = "SELECT outcome, count(*) FROM messaging.deferred_replies GROUP BY 1 ORDER BY 1"
ANSWERS = """
    SELECT count(answer.id) FROM messaging.messages question
    LEFT JOIN messaging.messages answer ON answer.in_reply_to_id = question.id
    WHERE question.direction = 'inbound' GROUP BY question.id
"""


@pytest.fixture
def service(stage):
    """A service that answers for Acme, after a while."""
    service = Subscriber(lambda received: lambda handler: answer_after(handler, service))
    service.seconds = 0.0
    stage.ending.callback(service.stop)
    stage.settings |= {
        "WEBHOOK_ALLOWED_HOSTS": "{}:{}".format(*service.place),
        "REPLY_STRATEGIES": "tests.support.service_strategy.AsksAService",
        "DEFERRED_REPLY_SECONDS": "10",
        "DEFERRED_REPLY_WAIT_SECONDS": "0.1",
    }
    return service


def answer_after(handler, service):
    service.released.wait(service.seconds)
    handler.say(*says("Hello from the service."))


def memory_of(process) -> int:
    words = Path(f"/proc/{process.pid}/statm").read_text().split()
    return int(words[1]) * 4096


def delays_of(stage, web, first: int) -> list[float]:
    """From each of Globex's webhooks to the POST of its reply."""
    return [seconds_of(stage, web, first + number) for number in range(NEIGHBOURS_MESSAGES)]


def seconds_of(stage, web, number: int) -> float:
    seen = len(stage.graph.posts_with(GLOBEX_TOKEN))
    begun = time.time()
    message = bodies.text("Hello", sender=f"46710{number:06}")
    assert post(web.url, body_of(message, GLOBEX_NUMBER, GLOBEX_ACCOUNT)).status == 200
    assert eventually(lambda: len(stage.graph.posts_with(GLOBEX_TOKEN)) > seen, 30)
    return stage.graph.posts_with(GLOBEX_TOKEN)[-1]["at"] - begun


def test_ten_thousand_slow_replies_delay_nobody_elses_and_take_no_memory(stage, service, say):
    web, worker, jobs = stage.web(), stage.worker(), stage.jobs()
    service.seconds = SERVICE_SECONDS
    delays_of(stage, web, 0)
    before = sorted(delays_of(stage, web, 100))
    with stage.server.connect(stage.name) as connection:
        connection.execute(ACMES_QUESTIONS, {"count": WAITING, "url": service.url})
    assert eventually(lambda: len(service.received) >= 64, 60)
    sizes = {process: memory_of(process) for process in (worker, jobs)}
    during = sorted(delays_of(stage, web, 200))
    assert eventually(lambda: len(service.received) >= 3 * 64, 90)
    ((left,),) = stage.rows(ASKED_STILL)
    grown = {process: memory_of(process) - size for process, size in sizes.items()}

    middle = NEIGHBOURS_MESSAGES // 2
    say(
        f"{left} replies waited; others' left after {during[middle]:.2f} s in the middle,"
        f" {during[-1]:.2f} s at most, before {before[middle]:.2f} and {before[-1]:.2f};"
        f" memory grew by {max(grown.values()) // 1024} kB"
    )
    assert left > WAITING / 2
    assert during[middle] - before[middle] < LATER_SECONDS
    assert [size for size in grown.values() if size > GROWTH] == []


def test_killed_processes_give_each_message_one_answer_at_most(stage, service, say):
    with stage.server.connect(stage.name) as connection:
        connection.execute(CHOOSE, [service.url])
    web, jobs = stage.web(), stage.jobs()
    supervisor = stage.supervise(2)
    service.seconds = 1.0
    traffic = stage.traffic(web, crowd(PEOPLE, each=1), per_second=20)
    for _ in range(DEATHS):
        seen = len(service.received)
        assert eventually(lambda seen=seen: len(service.received) > seen, 60)
        jobs.kill()
        supervisor.workers[0].kill()
        jobs = stage.jobs()
    assert traffic.wait(60)
    assert eventually(lambda: len(stage.inbound()) == PEOPLE, 60)
    assert eventually(lambda: stage.rows(ASKED_STILL) == [(0,)], 120)
    stage.wait_until_calm()

    answers = [number for (number,) in stage.rows(ANSWERS)]
    say(f"{DEATHS} deaths; the service was asked {len(service.received)} times for {PEOPLE}")
    assert (answers, stage.rows(ENDED)) == ([1] * PEOPLE, [("answered", PEOPLE)])
    stage.assert_the_books_balance()


def test_a_service_that_hangs_leaves_each_conversation_to_people_and_static_replies_go_on(
    stage, service, say
):
    with stage.server.connect(stage.name) as connection:
        connection.execute(CHOOSE, [service.url])
    stage.settings["DEFERRED_REPLY_SECONDS"] = "2"
    service.seconds = 600
    web = stage.web()
    stage.worker()
    stage.jobs()
    for number in range(20):
        stage.write(web, sender=f"46720{number:06}")
    during = delays_of(stage, web, 300)
    assert eventually(
        lambda: (
            len(stage.inbound()) == 20 + NEIGHBOURS_MESSAGES and stage.rows(ASKED_STILL) == [(0,)]
        ),
        90,
    )

    say(f"others' replies left after {max(during):.2f} s at most")
    assert stage.rows(ENDED) == [("left", 20)]
    waiting = """SELECT waiting_because, count(*) FROM messaging.conversations
                 WHERE waiting_since IS NOT NULL GROUP BY 1"""
    assert stage.rows(waiting) == [("timeout", 20)]
    service.released.set()
