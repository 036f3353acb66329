"""A worker is told to stop in the middle of its work, and another one goes on at once."""

from tests.chaos.conftest import IS_LONG
from tests.chaos.meta import crowd
from tests.processes import eventually

MESSAGES = 200 if IS_LONG else 40
POST_SECONDS = 1.0
ENDS_WITHIN_SECONDS = 15
GOES_ON_WITHIN_SECONDS = 5
STARTED = "SELECT count(*) FROM messaging.worker_heartbeats"
WAITING = "SELECT count(*) FROM messaging.messages WHERE status = 'queued' AND (due_at > now() OR lease IS NOT NULL)"
LONG_LEASE = {"SEND_LEASE_SECONDS": "60", "SEND_TIMEOUT_SECONDS": "5", "UNKNOWN_AFTER_SECONDS": "60"}


def test_sigterm_in_mid_send_records_what_is_under_way_and_gives_back_the_rest(stage):
    stage.graph.script.extend([{"delay": POST_SECONDS}] * MESSAGES)
    web, worker = stage.web(), stage.worker(**LONG_LEASE)
    traffic = stage.traffic(web, crowd(MESSAGES), per_second=100)
    assert traffic.wait(30)
    assert eventually(lambda: len(stage.replies()) == MESSAGES and len(stage.graph.ledger) >= 4)
    assert worker.terminate(ENDS_WITHIN_SECONDS) == 0

    sent = len(stage.graph.ledger)
    assert sent < MESSAGES
    assert sorted(stage.replies()) == ["accepted"] * sent + ["queued"] * (MESSAGES - sent)
    assert stage.rows(WAITING) == [(0,)]

    stage.graph.script.clear()
    stage.worker(**LONG_LEASE)
    assert eventually(lambda: stage.rows(STARTED) == [(2,)])
    assert eventually(lambda: stage.replies() == ["accepted"] * MESSAGES, GOES_ON_WITHIN_SECONDS)
    stage.assert_the_books_balance()
