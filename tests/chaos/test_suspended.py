"""A worker that is suspended longer than it holds anything wakes up and does no harm."""

import time

import pytest

from tests.chaos.failpoints import MARK, POST
from tests.chaos.running import wait_at_least
from tests.support.processes import eventually

pytestmark = pytest.mark.whatsapp

LONGER_THAN_ANY_POST_MAY_WAIT = 6.0
FIRST, SECOND = "46700000001", "46700000002"


def attempt_of(entry) -> int:
    return int(entry["message"]["biz_opaque_callback_data"].rpartition(":")[2])


def prove_that_it_works(stage, web, *, only, others):
    """The one that woke up is alone now, and takes a message through."""
    for other in others:
        other.kill()
    before = len(stage.replies())
    stage.write(web, "after", sender=SECOND)
    assert eventually(lambda: stage.replies()[before:] == ["accepted"])
    assert only.is_alive()


def test_a_worker_that_sleeps_through_its_lease_does_not_send_what_another_has_sent(
    stage, tmp_path
):
    marker = tmp_path / "stopped"
    web = stage.web()
    sleeper = stage.worker(failpoints=f"{MARK}:before:stop:1:{marker}")
    stage.write(web, "before", sender=FIRST)
    assert eventually(sleeper.is_stopped)
    assert (marker.exists(), stage.replies(), len(stage.graph.ledger)) == (True, ["queued"], 0)

    other = stage.worker()
    assert eventually(lambda: stage.replies() == ["accepted"])
    sleeper.continue_()
    prove_that_it_works(stage, web, only=sleeper, others=[other])

    assert len(stage.graph.ledger) == 2
    stage.assert_the_books_balance()


def test_a_worker_that_sleeps_between_mark_and_post_leaves_no_double(stage, tmp_path):
    marker = tmp_path / "stopped"
    web = stage.web()
    sleeper = stage.worker(failpoints=f"{POST}:before:stop:1:{marker}")
    stage.write(web, "before", sender=FIRST)
    assert eventually(sleeper.is_stopped)
    asleep_since = time.monotonic()
    assert (marker.exists(), stage.replies(), len(stage.graph.ledger)) == (True, ["sending"], 0)

    other = stage.worker()
    assert eventually(lambda: stage.replies() == ["unknown"])
    wait_at_least(asleep_since, LONGER_THAN_ANY_POST_MAY_WAIT)
    sleeper.continue_()
    prove_that_it_works(stage, web, only=sleeper, others=[other])

    stage.wait_until_calm()
    assert [
        attempt_of(entry) for entry in stage.graph.ledger if entry["message"]["to"] == FIRST
    ] == [2]  # the first was given back
    stage.assert_the_books_balance()


def test_a_worker_that_sleeps_in_mid_answer_records_it_though_it_counted_as_unknown(stage):
    stage.graph.answering.clear()
    web = stage.web()
    sleeper = stage.worker(SEND_TIMEOUT_SECONDS="2.9")
    stage.write(web, "before", sender=FIRST)
    assert eventually(lambda: len(stage.graph.ledger) == 1)
    sleeper.suspend()
    stage.graph.answering.set()
    other = stage.worker()
    assert eventually(lambda: stage.replies() == ["unknown"])
    sleeper.continue_()
    prove_that_it_works(stage, web, only=sleeper, others=[other])

    stage.wait_until_calm()
    assert len(stage.graph.ledger) == 2
    stage.assert_the_books_balance()
