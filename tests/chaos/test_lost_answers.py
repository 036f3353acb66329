"""Graph took a message and we never heard so: one POST, `unknown`, and the status webhook tells the
truth later.
"""

import time

import pytest

from tests.chaos.failpoints import READ_ANSWER
from tests.chaos.length import IS_LONG
from tests.support.processes import eventually

pytestmark = pytest.mark.whatsapp

OUTAGE_SECONDS = 30 if IS_LONG else 5
RECOVERED_WITHIN_SECONDS = 120
OUTGOING = (
    "SELECT status, external_id, attempts FROM messaging.messages WHERE direction = 'outbound'"
)
REFUSED = (
    "SELECT count(*) FROM messaging.messages WHERE direction = 'outbound' AND status = 'queued' AND"
    " attempts > 0"
)
WAMID_OF_THE_STATUS = "wamid.told-by-the-status"


def assert_only_the_status_settles_it(stage, web):
    """`unknown` now; sent, with its id, once Graph has reported it; POSTed once from first to
    last.
    """
    assert eventually(lambda: stage.replies() == ["unknown"])
    (entry,) = stage.graph.ledger
    wamid = entry["wamid"] or WAMID_OF_THE_STATUS
    stage.report(web, entry, "sent", wamid)

    assert eventually(lambda: stage.rows(OUTGOING) == [("sent", wamid, 1)]), stage.rows(OUTGOING)
    assert len(stage.graph.ledger) == 1


def test_a_worker_killed_before_it_reads_the_answer_sends_once_and_the_status_heals_it(stage):
    web = stage.web()
    worker = stage.worker(failpoints=f"{READ_ANSWER}:before:kill:1")
    stage.write(web)
    assert eventually(lambda: not worker.is_alive())
    assert (stage.replies(), len(stage.graph.ledger)) == (["sending"], 1)

    stage.worker()
    assert_only_the_status_settles_it(stage, web)


@pytest.mark.parametrize(
    "step",
    [
        pytest.param({"then": "close"}, id="Graph reads the body and closes"),
        pytest.param({"delay": 3}, id="Graph answers after the time-out"),
        pytest.param({"http": 502}, id="Graph answers 502 with HTML"),
    ],
)
def test_an_answer_that_says_nothing_is_no_reason_to_send_again(stage, step):
    stage.graph.script.append(step)
    web = stage.web()
    stage.worker()
    stage.write(web)

    assert_only_the_status_settles_it(stage, web)


def test_an_answer_lost_on_the_way_is_no_reason_to_send_again(stage):
    line = stage.before_graph()
    line.swallow(after=b"/messages", answer=b"HTTP/1.1 200")
    web = stage.web()
    stage.worker()
    stage.write(web)

    assert line.swallowed.wait(20)
    assert_only_the_status_settles_it(stage, web)


def test_a_graph_that_refuses_connections_gets_the_message_once_soon_after_it_is_back(stage, say):
    line = stage.before_graph()
    line.refuse()
    web = stage.web()
    stage.worker()
    stage.write(web)
    assert eventually(lambda: stage.rows(REFUSED) == [(1,)])
    time.sleep(OUTAGE_SECONDS)
    assert (stage.replies(), len(stage.graph.ledger)) == (["queued"], 0)

    line.accept()
    back = time.monotonic()
    assert eventually(lambda: stage.replies() == ["accepted"], RECOVERED_WITHIN_SECONDS)
    say(f"sent {time.monotonic() - back:.1f} s after an outage of {OUTAGE_SECONDS} s")
    assert len(stage.graph.ledger) == 1
