"""Two responders share Acme's number, and processes are killed in between: each thread's owner is
right at the end, and nothing of ours leaves on another's thread.
"""

import pytest

from tests.chaos.failpoints import RECORD
from tests.chaos.meta import post
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, ADA, REPLY
from tests.support.processes import eventually
from whatsapp.stand_in.responders import SecondResponder

pytestmark = pytest.mark.whatsapp

OWNER = "SELECT owner, owner_told_by FROM messaging.conversations"
ORDER = "SELECT status FROM messaging.thread_orders"
SHARED = "SELECT count(*) FROM messaging.channels WHERE shared_at IS NOT NULL"
ASKED = "messaging.conversations.thread_control.ask"


def second_responder(stage, web) -> SecondResponder:
    """The primary one, whose webhooks come to us; we are the escalation partner."""
    desk = stage.graph.second_responder(ACME_NUMBER, account_id=ACME_ACCOUNT, escalation="us")

    def tell(body: bytes) -> None:
        assert post(web.url, body).status == 200

    desk.tell = tell
    return desk


def said(stage) -> list[str]:
    return [each["message"]["text"]["body"] for each in list(stage.graph.ledger)]


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_worker_that_is_killed_while_it_learns_of_a_second_responder_answers_only_what_is_ours(
    stage, tmp_path, moment
):
    web = stage.web()
    desk = second_responder(stage, web)
    supervisor = stage.supervise(1, failpoints=f"{RECORD}:{moment}:kill:1:{tmp_path / 'killed'}")
    desk.person_writes(ADA, "Where is my order?")
    assert eventually(lambda: stage.rows(OWNER) == [("other", "standby")], 40)
    assert eventually(lambda: stage.rows(SHARED) == [(1,)], 40)
    desk.passes(ADA, "She wants her money back.")
    desk.person_writes(ADA, "Hello?")
    stage.wait_until_calm()

    assert supervisor.deaths == 1
    assert stage.rows(OWNER)[0][0] == "us"
    assert said(stage) == [REPLY]
    stage.assert_the_books_balance()


@pytest.mark.parametrize("moment", ["before", "after"])
def test_an_order_whose_process_is_killed_is_asked_once_at_most_and_settled_by_the_next_word(
    stage, tmp_path, moment
):
    web = stage.web()
    stage.worker()
    desk = second_responder(stage, web)
    desk.person_writes(ADA, "Where is my order?")
    assert eventually(lambda: stage.rows(OWNER) == [("other", "standby")], 40)
    ((conversation,),) = stage.rows("SELECT id::text FROM messaging.conversations")
    ordered = stage.manage("thread", "take", conversation)
    assert ordered.returncode == 0, ordered.stderr
    stage.start_jobs(failpoints=f"{ASKED}:{moment}:kill:1:{tmp_path / 'killed'}")
    assert eventually(lambda: stage.rows(ORDER) == [("unknown",)], 40)
    stage.jobs()
    desk.person_writes(ADA, "Is somebody there?")
    stage.wait_until_calm()

    was_asked = moment == "after"
    assert stage.rows(ORDER) == [("done" if was_asked else "failed",)]
    assert stage.rows(OWNER)[0][0] == ("us" if was_asked else "other")
    assert len(stage.graph.thread_orders) == was_asked
    assert said(stage) == ([REPLY] if was_asked else [])
