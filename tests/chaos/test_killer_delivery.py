"""A delivery that kills every process that records it is set aside in the end, and takes no other
with it.
"""

import pytest

from tests.chaos.failpoints import RECORD
from tests.chaos.meta import body_of, crowd, post
from tests.support.processes import eventually
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

OTHERS = 30
SET_ASIDE_SECONDS = 60
KILLER = bodies.text("the killer", sender="46790000000", wamid="wamid.killer")
LETTERS = (
    "SELECT l.cause, d.body FROM messaging.dead_letters l JOIN messaging.webhook_deliveries d ON"
    " d.id = l.delivery_id"
)


def test_a_delivery_that_kills_its_process_is_set_aside_and_all_others_are_recorded_and_answered(
    stage, say
):
    others = crowd(OTHERS)
    web = stage.web()
    for message in [*others[:10], KILLER, *others[10:]]:
        assert post(web.url, body_of(message)).status == 200
    supervisor = stage.supervise(2, failpoints=f"{RECORD}[the killer]:before:kill:*")

    assert eventually(
        lambda: stage.rows(LETTERS) == [("rejected", body_of(KILLER))], SET_ASIDE_SECONDS
    )
    stage.wait_until_calm()
    say(f"{supervisor.deaths} processes died of it")
    assert 1 <= supervisor.deaths <= 5
    assert sorted(stage.inbound()) == [message["id"] for message in others]
    assert len(stage.replies()) == OTHERS
    assert set(stage.replies()) - {"accepted", "unknown"} == set()
    stage.assert_the_books_balance()
