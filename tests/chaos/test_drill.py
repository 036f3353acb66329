"""The incident drill: each incident of docs/operations.md is provoked, is noticed by `status` and
by an alert rule, and is over once the page's steps were typed.
"""

import itertools
import json
from collections.abc import Callable

import pytest

from tests.chaos.drill import HERE, SOON, Copy
from tests.chaos.meta import body_of, people, post
from tests.chaos.operations_page import blocks_under
from tests.chaos.server import ACME_TOKEN
from tests.chaos.stage import CALM_SECONDS
from tests.support.poison import POISON
from tests.support.processes import eventually
from tests.support.replies import says
from tests.support.subscriber import Answer, Received, Subscriber
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

AN_HOUR_WITHOUT_A_SIGN = "last_heartbeat = last_heartbeat - interval '1 hour'"
AN_HOUR_AGO = "seen_at = seen_at - interval '1 hour'"
NEW_TOKEN = "new-token-of-acme"
FAILURES = 3  # from which on a strategy is told
WAITING = "SELECT count(*) FROM messaging.conversations WHERE waiting_because = 'failed'"
MESSAGES = 25  # more than the 20 that the rule asks for
THREE_MINUTES_AGO = "due_at = due_at - interval '3 minutes'"
TWO_HOURS_AGO = "created_at = created_at - interval '2 hours'"


@pytest.fixture
def copy(stage) -> Copy:
    return Copy(stage)


def test_a_killed_worker(copy):
    copy.worker.kill()
    copy.stage.rows(f"UPDATE messaging.worker_heartbeats SET {AN_HOUR_AGO} RETURNING 1")
    copy.stage.write(copy.web)

    assert copy.is_noticed("worker", "MessagingNotReady", check="worker"), copy.problems()
    (step,) = blocks_under("### A worker is gone or stuck", HERE)
    assert step.text == "python manage.py worker\n"
    copy.stage.worker()
    assert copy.is_over("MessagingNotReady"), copy.problems()
    copy.stage.wait_until_calm()
    assert copy.stage.replies() == ["accepted"]


def test_a_revoked_token(copy):
    copy.stage.graph.steps[ACME_TOKEN] = {"code": 190, "http": 401}
    copy.stage.write(copy.web)

    alert = "MessagingChannelNeedsAHand"
    assert copy.is_noticed("channel_parked", alert, kind="channel_parked"), copy.problems()
    copy.mend("A token was revoked", TOKEN=NEW_TOKEN)
    assert copy.is_over(alert), copy.problems()
    assert eventually(lambda: copy.stage.replies() == ["accepted"], CALM_SECONDS)
    assert len(copy.stage.graph.posts_with(NEW_TOKEN)) == 1


def test_a_database_that_is_restarted(copy):
    copy.stage.server.stop_at_once()
    refused = post(copy.web.url, body_of(bodies.text("while it is down", wamid="wamid.down")))
    status = copy.stage.manage("status")

    assert refused.status == 503
    assert status.returncode == 1
    assert "database" in status.stderr
    assert copy.fires("MessagingStateNotRead", part="platform")
    assert copy.fires("MessagingWebhooksNotStored")
    copy.stage.server.start()
    assert eventually(copy.is_ready, SOON)
    copy.mend("The database is away, or was restarted")
    assert copy.is_over("MessagingStateNotRead")
    assert post(copy.web.url, body_of(bodies.text("again", wamid="wamid.down"))).status == 200
    assert eventually(lambda: copy.stage.replies() == ["accepted"], CALM_SECONDS)


def test_poison_that_is_delivered(copy):
    with copy.stage.session() as session:
        session.execute(POISON)
    copy.stage.write(copy.web, "poison", wamid="wamid.poison")

    assert copy.is_noticed("items_rejected", "MessagingItemsRejected"), copy.problems()
    with copy.stage.session() as session:
        session.execute("DROP FUNCTION messaging.refuse_poison() CASCADE")
    assert copy.mend("Poison: items of webhooks are rejected") == ['1 of 1\n{"replayed": 1}\n']
    assert copy.is_over("MessagingItemsRejected"), copy.problems()
    assert copy.stage.inbound() == ["wamid.poison"]


def test_meta_that_is_down(copy):
    """Each message is posted once; nobody knows which of them arrived, until Meta says so."""
    stage, messages = copy.stage, list(itertools.islice(people(each=1), MESSAGES))
    stage.graph.steps[ACME_TOKEN] = {"http": 503}
    for message in messages:
        assert post(copy.web.url, body_of(message)).status == 200
    assert eventually(lambda: stage.replies() == ["unknown"] * MESSAGES, SOON)
    stage.rows(f"UPDATE messaging.messages SET {TWO_HOURS_AGO} RETURNING 1")

    assert copy.is_noticed("messages_unknown", "MessagingSendsFail"), copy.problems()
    assert copy.fires("MessagingOutcomesUnknown")
    asked = stage.manage("check_channels", "--tenant", "acme")
    assert asked.returncode == 0, asked.stderr
    del stage.graph.steps[ACME_TOKEN]
    copy.before = copy.scrape()
    for number, entry in enumerate(list(stage.graph.ledger)):
        stage.report(copy.web, entry, "delivered", wamid=f"wamid.settled-{number}")
    stage.write(copy.web, "after it")
    assert copy.is_over("MessagingSendsFail"), copy.problems()
    stage.wait_until_calm()
    assert stage.replies() == ["delivered"] * MESSAGES + ["accepted"]
    assert set(stage.posts().values()) == {1}


def served_copy(stage, answer: Callable[[Received], Answer]) -> Copy:
    """One on which a service answers for Acme."""
    service = Subscriber(answer)
    stage.ending.callback(service.stop)
    stage.settings |= {
        "WEBHOOK_ALLOWED_HOSTS": "{}:{}".format(*service.place),
        "REPLY_STRATEGIES": "tests.support.service_strategy.AsksAService",
        "DEFERRED_REPLY_WAIT_SECONDS": "0.1",
    }
    copy = Copy(stage)
    address = json.dumps({"url": service.url})
    chosen = stage.manage("set_reply_strategy", "--tenant", "acme", "service", address)
    assert chosen.returncode == 0, chosen.stderr
    return copy


def test_a_strategy_that_fails(stage):
    copy = served_copy(stage, lambda received: (500, {}, b"out of order"))
    for message in itertools.islice(people(each=1), FAILURES):
        assert post(copy.web.url, body_of(message)).status == 200

    assert copy.is_noticed("strategy_fails", "MessagingStrategyFails"), copy.problems()
    told = copy.mend("A reply strategy fails or hangs")
    assert [json.loads(each)["strategy"] for each in told] == ["static"]
    assert copy.is_over("MessagingStrategyFails"), copy.problems()
    stage.write(copy.web, "after it")
    assert eventually(lambda: stage.replies() == ["accepted"], CALM_SECONDS)
    assert stage.rows(WAITING) == [(FAILURES,)]


def test_answers_that_nobody_asks_for(stage):
    copy = served_copy(stage, lambda received: says("Hello from the service."))
    copy.jobs.kill()
    stage.rows(f"UPDATE jobs.procrastinate_workers SET {AN_HOUR_WITHOUT_A_SIGN} RETURNING 1")
    stage.write(copy.web)
    waits = f"UPDATE messaging.deferred_replies SET {THREE_MINUTES_AGO} RETURNING 1"
    assert eventually(lambda: stage.rows(waits) == [(1,)], CALM_SECONDS)

    assert copy.fires("MessagingRepliesNotAskedFor"), copy.problems()
    assert copy.problems() == ["jobs", "replies_not_asked_for"]
    (step,) = blocks_under("### Answers that take their time are not asked for", HERE)
    assert step.text == "python manage.py jobs\n"
    stage.jobs()
    assert copy.is_over("MessagingRepliesNotAskedFor"), copy.problems()
    assert eventually(lambda: stage.replies() == ["accepted"], CALM_SECONDS)
