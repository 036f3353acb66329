"""A business sets what it answers by itself."""

from tests.support.api import faults_of
from tests.support.cast import REPLY


def test_the_automatic_reply_is_read_and_set_for_ones_own_business_alone(acmes, globexs):
    before = acmes.get("auto-reply").json()

    told = acmes.put("auto-reply", {"auto_reply": "We are back on Monday."})

    assert before == {"auto_reply": REPLY}
    assert (told.status_code, told.json()) == (200, {"auto_reply": "We are back on Monday."})
    assert acmes.get("auto-reply").json() == told.json()
    assert globexs.get("auto-reply").json() == before


def test_a_reply_that_is_too_long_is_refused(acmes):
    refused = acmes.put("auto-reply", {"auto_reply": "x" * 4097})

    assert (refused.status_code, [place for place, _ in faults_of(refused)]) == (
        422,
        ["/auto_reply"],
    )
