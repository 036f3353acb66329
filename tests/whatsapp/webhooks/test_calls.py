"""A call that has ended is a notice in the thread; everything else of calls stays in its
delivery.
"""

import pytest

from channels_app.events import ChannelUpdate, Rejected, ThreadNotice
from tests.support.whatsapp.expected import ACCOUNT, DANA, DANA_BSUID, DIALLED, NUMBER, webhook
from whatsapp.webhooks.parser import parse

pytestmark = pytest.mark.whatsapp

US = {"from": DIALLED, "to": DANA[1], "direction": "BUSINESS_INITIATED"}


def call(**more):
    return {
        "id": "wacid.1",
        "from": DANA[1],
        "to": DIALLED,
        "event": "terminate",
        "timestamp": "1790000060",
        "direction": "USER_INITIATED",
        "status": "COMPLETED",
        **more,
    }


def read(*calls):
    return list(parse(webhook("calls", calls=list(calls))))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"duration": 200}, "Call of 3 min 20 s"),
        ({"duration": "60"}, "Call of 1 min 0 s"),
        ({"duration": 7}, "Call of 7 s"),
        ({"duration": 3605}, "Call of 1 h 0 min 5 s"),
        ({"status": "FAILED"}, "Missed call"),
        ({"duration": 0}, "Missed call"),
        ({"duration": -5}, "Missed call"),
        ({"duration": "soon"}, "Missed call"),
        ({"duration": [9]}, "Missed call"),
        ({"duration": 10**9}, "Missed call"),
        (US, "Call to the contact, not answered"),
        ({**US, "duration": 61}, "Call to the contact of 1 min 1 s"),
        ({**US, "direction": None}, "Call to the contact, not answered"),
        ({"direction": None}, "Missed call"),
    ],
    ids=str,
)
def test_a_call_that_has_ended_says_how_it_went(given, said):
    (event,) = read(call(**given))

    assert type(event) is ThreadNotice
    assert (event.kind, event.text, event.preview) == ("call", said, said)
    assert (event.contact_ids, event.contact_name) == ((DANA,), "Dana Levi")
    assert (event.external_id, event.owner, event.told_by, event.note) == ("wacid.1", "", "", "")
    assert (event.account_id, event.channel_external_id) == (ACCOUNT, NUMBER)
    assert event.sent_at.timestamp() == 1_790_000_060


def test_a_call_of_who_hides_their_number_is_theirs():
    (event,) = read(call(**{"from": None, "from_user_id": DANA_BSUID[1]}))

    assert (event.contact_ids, event.text) == ((DANA_BSUID,), "Missed call")


@pytest.mark.parametrize(
    "given",
    [
        {"event": "connect", "session": {"sdp_type": "offer"}},
        {"event": "transfer"},
        {"event": None},
        {"from": None},
        {"id": None},
        {"id": 7},
    ],
    ids=str,
)
def test_anything_else_of_a_call_stays_in_its_delivery(given):
    item = call(**given)
    stays, ended = read(item, call(id="wacid.2"))

    assert (type(stays), stays.kind, stays.summary, stays.raw) == (
        ChannelUpdate,
        "calls",
        "",
        item,
    )
    assert (type(ended), ended.external_id) == (ThreadNotice, "wacid.2")


def test_what_becomes_of_a_call_meanwhile_stays_in_its_delivery():
    status = {"id": "wacid.1", "type": "call", "status": "RINGING", "recipient_id": DANA[1]}
    (event,) = parse(webhook("calls", statuses=[status]))

    assert (type(event), event.kind, event.summary) == (ChannelUpdate, "calls", "")


def test_what_is_no_call_touches_none_of_its_neighbours():
    assert [type(event) for event in read(7, call(), None)] == [Rejected, ThreadNotice, Rejected]
