"""PostgreSQL commits, and its answer is lost: whoever asked cannot know, and what it does next does
no harm.

What is swallowed is the first answer after a statement that says `no transaction is open any more`:
the one to COMMIT, or to a statement that is its own transaction.
"""

import pytest

from tests.chaos.meta import body_of, post
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

TRANSACTION_IS_OVER = b"Z\x00\x00\x00\x05I"  # ReadyForQuery, idle
STORE = b"INSERT INTO webhook_deliveries"
MARK = b"END AS verdict"  # what is decided right before the POST
INBOUND, OUTBOUND = b"inbound-1", b"wamid."  # how the ids of the test and of the stand-in begin
BODY = body_of(bodies.text("Hello", wamid="inbound-1"))


def test_at_the_door_it_is_stored_once_more_and_recorded_once(stage):
    line, url = stage.before_postgres()
    web = stage.web(DATABASE_URL=url)
    line.swallow(after=STORE, answer=TRANSACTION_IS_OVER)
    assert post(web.url, BODY).status == 200
    assert line.swallowed.is_set()
    assert stage.rows("SELECT count(*) FROM messaging.webhook_deliveries") == [(2,)]

    stage.worker()
    stage.wait_until_calm()
    assert (stage.inbound(), stage.replies(), len(stage.graph.ledger)) == (
        ["inbound-1"],
        ["accepted"],
        1,
    )
    assert stage.rows("SELECT count(*) FROM messaging.dead_letters") == [(0,)]


@pytest.mark.parametrize(
    ("statement", "status", "posts"),
    [
        pytest.param(INBOUND, "accepted", 1, id="recording what came"),
        pytest.param(MARK, "unknown", 0, id="marking what is to be sent"),
        pytest.param(OUTBOUND, "accepted", 1, id="recording the outcome"),
    ],
)
def test_in_the_pipeline_it_makes_no_second_message_and_no_second_post(
    stage, statement, status, posts
):
    line, url = stage.before_postgres()
    line.swallow(after=statement, answer=TRANSACTION_IS_OVER)
    web, worker = stage.web(), stage.worker(DATABASE_URL=url)
    assert post(web.url, BODY).status == 200
    assert line.swallowed.wait(20)

    stage.wait_until_calm()
    assert worker.is_alive()
    assert (stage.inbound(), stage.replies(), len(stage.graph.ledger)) == (
        ["inbound-1"],
        [status],
        posts,
    )
