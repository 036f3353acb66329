"""One tenant's trouble (a dead token, a 429, a queue of thousands) is not another tenant's."""

import time

import pytest

from tests.chaos.length import IS_LONG
from tests.chaos.meta import body_of, crowd, post
from tests.chaos.server import ACME_TOKEN, GLOBEX_TOKEN
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, GLOBEX_ACCOUNT, GLOBEX_NUMBER
from tests.support.processes import eventually
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

DEAD_TOKEN_POSTS = 3
AFTER_REVOCATION = 50
NEIGHBOURS_SECONDS = 2.0
QUEUED = 50_000 if IS_LONG else 5_000
NEIGHBOURS_MESSAGES = 30 if IS_LONG else 8
TOKEN_REVOKED = {"code": 190, "http": 401}
TOO_MANY = {"code": 130429, "http": 429, "headers": {"Retry-After": "60"}}
SLOW = {"delay": 3}
PATIENT = {"SEND_TIMEOUT_SECONDS": "10", "UNKNOWN_AFTER_SECONDS": "20"}
NEW_TOKEN = "token-of-acme-renewed"
LARGE = 10_000  # in one body of 2.5 MB
RECORDED = "SELECT count(*) FROM messaging.messages WHERE external_id LIKE 'wamid.large-%'"
STATUSES = (
    "SELECT status, count(*) FROM messaging.messages WHERE direction = 'outbound' GROUP BY 1 ORDER"
    " BY 1"
)
ACME_CHANNEL = "SELECT status FROM messaging.channels WHERE external_id = %s"
ACMES_QUEUE = """
    WITH acme AS (SELECT id AS channel_id, tenant_id FROM messaging.channels
        WHERE external_id = %(number)s),
    people AS (
        INSERT INTO messaging.contacts (id, tenant_id, name, created_at)
        SELECT gen_random_uuid(), tenant_id, 'Queued', now() FROM acme, generate_series(1,
            %(count)s) RETURNING id, tenant_id
    ), threads AS (
        INSERT INTO messaging.conversations (id, tenant_id, channel_id, contact_id,
            group_external_id, status, last_seq,
                                             last_message_at, last_inbound_at, window_closes_at,
                                                 created_at)
        SELECT gen_random_uuid(), tenant_id, channel_id, people.id, '', 'open', 2, now(), now(),
            now() + interval '1 day', now()
        FROM people JOIN acme USING (tenant_id) RETURNING id, tenant_id, channel_id
    )
    INSERT INTO messaging.messages (id, tenant_id, channel_id, conversation_id, direction, kind,
        text, status, recipient, seq,
                                    attempts, error_code, error, due_at, expires_at, created_at)
    SELECT (lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint), 12, '0') || '70008'
            || right(md5(id::text), 15))::uuid,
        tenant_id, channel_id, id, 'outbound', 'text', 'queued long ago',
        'queued', '4670', 2, 0, '', '',
           now(), now() + interval '1 hour', now()
    FROM threads
"""


def seconds_to_globex(stage, web, number: int) -> float:
    """From Globex's webhook to the POST of its reply."""
    seen = len(stage.graph.posts_with(GLOBEX_TOKEN))
    begun = time.time()
    message = bodies.text("Hello", sender=f"46710{number:06}")
    assert post(web.url, body_of(message, GLOBEX_NUMBER, GLOBEX_ACCOUNT)).status == 200
    assert eventually(lambda: len(stage.graph.posts_with(GLOBEX_TOKEN)) > seen, 30)
    return stage.graph.posts_with(GLOBEX_TOKEN)[-1]["at"] - begun


def assert_globex_is_served(stage, web, say) -> None:
    delays = [seconds_to_globex(stage, web, number) for number in range(NEIGHBOURS_MESSAGES)]
    say(
        f"the neighbour's replies left after {max(delays):.2f} s at most,"
        f" {sum(delays) / len(delays):.2f} s on average"
    )
    assert [delay for delay in delays if delay > NEIGHBOURS_SECONDS] == []


def test_a_revoked_token_costs_at_most_three_posts_and_what_is_held_leaves_with_a_new_one(
    stage, say
):
    first, *others = crowd(1 + AFTER_REVOCATION, each=1)
    web = stage.web()
    stage.worker()
    stage.worker()
    assert post(web.url, body_of(first)).status == 200
    assert eventually(lambda: stage.replies() == ["accepted"])
    stage.graph.steps[ACME_TOKEN] = TOKEN_REVOKED
    traffic = stage.traffic(web, others, per_second=200)
    assert traffic.wait(30)

    held = [("accepted", 1), ("held", AFTER_REVOCATION)]
    assert eventually(lambda: stage.rows(STATUSES) == held, 30), stage.rows(STATUSES)
    refused = len(stage.graph.posts_with(ACME_TOKEN)) - 1
    say(f"{refused} posts with the dead token")
    assert stage.rows(ACME_CHANNEL, ACME_NUMBER) == [("needs_reauth",)]
    assert sorted(stage.inbound()) == [message["id"] for message in [first, *others]]

    stage.connect("acme", ACME_NUMBER, ACME_ACCOUNT, NEW_TOKEN)
    assert eventually(lambda: stage.rows(STATUSES) == [("accepted", 1 + AFTER_REVOCATION)], 30), (
        stage.rows(STATUSES)
    )
    assert len(stage.graph.posts_with(NEW_TOKEN)) == AFTER_REVOCATION
    assert refused <= DEAD_TOKEN_POSTS


def test_a_429_for_one_tenant_delays_none_of_another_tenants_messages(stage, say):
    stage.graph.steps[ACME_TOKEN] = TOO_MANY
    web = stage.web()
    stage.worker()
    traffic = stage.traffic(web, crowd(40), per_second=20)
    assert eventually(lambda: len(stage.graph.posts_with(ACME_TOKEN)) > 0)

    assert_globex_is_served(stage, web, say)
    assert traffic.wait(30)
    assert eventually(
        lambda: (
            stage.rows("SELECT count(*) FROM messaging.messages WHERE status = 'sending'") == [(0,)]
        )
    )
    assert max(stage.posts().values()) == 1  # Retry-After is not over
    waiting = [("accepted", NEIGHBOURS_MESSAGES), ("queued", 40)]
    # the last were posted just now
    assert eventually(lambda: stage.rows(STATUSES) == waiting, 10), stage.rows(STATUSES)


def test_a_queue_of_thousands_to_a_slow_number_does_not_delay_another_tenants_reply(stage, say):
    superuser = stage.session()
    superuser.execute(ACMES_QUEUE, {"number": ACME_NUMBER, "count": QUEUED})
    stage.graph.steps[ACME_TOKEN] = SLOW
    web = stage.web()
    stage.worker(**PATIENT)
    assert eventually(lambda: len(stage.graph.posts_with(ACME_TOKEN)) >= 2)

    assert_globex_is_served(stage, web, say)
    assert max(stage.posts().values()) == 1
    waiting = stage.rows("SELECT count(*) FROM messaging.messages WHERE status = 'queued'")[0][0]
    say(f"{waiting} of {QUEUED} were still waiting")
    assert waiting > 0


def test_a_body_of_thousands_of_messages_does_not_delay_another_tenants_reply(stage, say):
    web = stage.web()
    stage.worker()
    items = tuple(
        bodies.text(f"message {n}", sender=f"4671{n % 500:07}", wamid=f"wamid.large-{n}")
        for n in range(LARGE)
    )
    assert (
        post(
            web.url,
            bodies.webhook(bodies.entry(ACME_ACCOUNT, bodies.value(ACME_NUMBER, messages=items))),
        ).status
        == 200
    )
    assert eventually(lambda: stage.rows(RECORDED) != [(0,)])

    assert_globex_is_served(stage, web, say)
    recorded = stage.rows(RECORDED)[0][0]
    say(f"{recorded} of {LARGE} messages of the large body were recorded by then")
    assert recorded < LARGE
    assert eventually(lambda: stage.rows(RECORDED) == [(LARGE,)], 120)
