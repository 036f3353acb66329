"""A worker is told to stop in the middle of its work, and another one goes on at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.chaos.length import IS_LONG
from tests.chaos.meta import body_of, crowd, post
from tests.chaos.server import ACME_TOKEN
from tests.support.cast import ACME_ACCOUNT
from tests.support.processes import eventually

pytestmark = pytest.mark.whatsapp

# more than there are senders: some of what is leased has to wait
NUMBERS = [f"41000000000000{n}" for n in range(1, 7)]
SENDERS = 4
MESSAGES = 180 if IS_LONG else 36
POST_SECONDS = 1.0
ENDS_WITHIN_SECONDS = 15
GOES_ON_WITHIN_SECONDS = 5
STARTED = "SELECT count(*) FROM messaging.worker_heartbeats"
WAITING = (
    "SELECT count(*) FROM messaging.messages WHERE status = 'queued' AND (due_at > now() OR lease"
    " IS NOT NULL)"
)
STATES = (
    "SELECT status, error, attempts, due_at - now(), count(*) FROM messaging.messages GROUP BY 1,"
    " 2, 3, 4"
)
UNDER_WAY = "SELECT count(*) FROM messaging.messages WHERE status = 'sending'"
LONG_LEASE = {
    "SEND_LEASE_SECONDS": "60",
    "SEND_TIMEOUT_SECONDS": "5",
    "UNKNOWN_AFTER_SECONDS": "60",
}


def test_sigterm_in_mid_send_records_what_is_under_way_and_gives_back_the_rest(stage):
    with ThreadPoolExecutor(2) as pool:
        list(
            pool.map(
                lambda number: stage.connect("acme", number, ACME_ACCOUNT, ACME_TOKEN), NUMBERS
            )
        )
    stage.graph.seconds = POST_SECONDS
    web, worker = stage.web(), stage.worker(f"--senders={SENDERS}", **LONG_LEASE)
    for place, message in enumerate(crowd(MESSAGES)):
        assert post(web.url, body_of(message, NUMBERS[place % len(NUMBERS)])).status == 200
    assert eventually(lambda: len(stage.replies()) == MESSAGES and stage.rows(WAITING) != [(0,)])
    stage.graph.answering.clear()
    answered = len(stage.graph.ledger)
    assert eventually(
        lambda: len(stage.graph.ledger) > answered and stage.rows(UNDER_WAY) != [(0,)]
    )
    worker.process.terminate()
    stage.graph.answering.set()
    assert worker.process.wait(ENDS_WITHIN_SECONDS) == 0

    sent = len(stage.graph.ledger)
    assert sent < MESSAGES
    assert sorted(stage.replies()) == ["accepted"] * sent + ["queued"] * (MESSAGES - sent)
    assert stage.rows(WAITING) == [(0,)]

    stage.graph.seconds = 0
    stage.worker(**LONG_LEASE)
    assert eventually(lambda: stage.rows(STARTED) == [(2,)])
    assert eventually(lambda: stage.replies() == ["accepted"] * MESSAGES, GOES_ON_WITHIN_SECONDS), (
        stage.rows(STATES)
    )
    stage.assert_the_books_balance()
