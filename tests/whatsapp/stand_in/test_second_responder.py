"""A second responder on a number, as the stand-in plays it: who gets what, who may do what, and
what we are told.
"""

import json
from typing import Any

import pytest
import requests

from channels_app.events import Event, InboundMessage, StandbyMessage, StatusUpdate, ThreadNotice
from channels_app.providers import SendError
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, ADA
from whatsapp.graph import client, thread_control
from whatsapp.stand_in import StandIn
from whatsapp.stand_in.responders import NotTheirs, SecondResponder
from whatsapp.webhooks.parser import parse

pytestmark = pytest.mark.whatsapp

TO_US = {"primary": {"chat": "us"}}
BSUID = "SE.1001"


@pytest.fixture
def desk(graph: StandIn) -> SecondResponder:
    return graph.second_responder(ACME_NUMBER)


def events(bodies: list[bytes]) -> list[Event]:
    return [event for body in bodies for event in parse(body)]


def sorts(bodies: list[bytes]) -> list[str]:
    return [type(event).__name__ for event in events(bodies)]


def send(to: str = ADA, **body: Any) -> str:
    content = body or {"type": "text", "text": {"body": "Hi"}}
    wamid, _ = client.send(ACME_NUMBER, token="token", body=content, to=to, reference="o1:x:1")
    return wamid


def control(action: str, to: str = ADA) -> None:
    thread_control.control(ACME_NUMBER, action, token="token", to=to)


@pytest.mark.parametrize("person", [ADA, BSUID])
@pytest.mark.parametrize(
    ("primary", "entry_point", "owner", "sort"),
    [
        ({}, "chat", "other", StandbyMessage),
        ({"chat": "us"}, "chat", "us", InboundMessage),
        ({"chat": "us"}, "calls", "other", StandbyMessage),
        ({"chat": "other", "ads": "us"}, "ads", "us", InboundMessage),
    ],
)
def test_a_thread_that_nobody_has_goes_to_the_primary_responder_of_its_entry_point(
    graph, person, primary, entry_point, owner, sort
):
    desk = graph.second_responder(ACME_NUMBER, primary=primary)
    (event,) = events(desk.person_writes(person, "Hello", entry_point=entry_point))

    assert (type(event), event.text, event.account_id, event.channel_external_id) == (
        sort,
        "Hello",
        ACME_ACCOUNT,
        ACME_NUMBER,
    )
    assert person in dict(map(reversed, event.contact_ids))
    assert desk.owner_of(person) == owner
    assert sorts(desk.person_writes(person)) == [sort.__name__]  # whatever the entry point


def test_the_second_responders_words_are_echoed_with_what_becomes_of_them(desk):
    desk.person_writes(ADA)
    echo, sent, delivered = events(desk.writes(ADA, "How can I help?"))

    assert (type(echo), echo.is_outbound, echo.text) == (StandbyMessage, True, "How can I help?")
    assert [(type(each), each.external_id, each.status) for each in (sent, delivered)] == [
        (StatusUpdate, echo.external_id, "sent"),
        (StatusUpdate, echo.external_id, "delivered"),
    ]


@pytest.mark.parametrize("person", [ADA, BSUID])
def test_a_thread_that_is_passed_is_ours_and_taken_is_not(desk, person):
    desk.person_writes(person)
    (passed,) = events(desk.passes(person, "Wants a refund"))
    owners = [desk.owner_of(person)]
    assert sorts(desk.person_writes(person)) == ["InboundMessage"]
    (taken,) = events(desk.takes(person))
    owners.append(desk.owner_of(person))

    assert owners == ["us", "other"]
    assert [(type(each), each.owner, each.told_by, each.note) for each in (passed, taken)] == [
        (ThreadNotice, "us", "passed", "Wants a refund"),
        (ThreadNotice, "other", "taken", ""),
    ]
    assert passed.text == (
        "The conversation was passed to us (previous owner: AI agent, new owner: partner)."
    )


def test_writing_on_our_thread_takes_it(graph):
    desk = graph.second_responder(ACME_NUMBER, **TO_US)
    desk.person_writes(ADA)

    assert sorts(desk.writes(ADA)) == [
        "ThreadNotice",
        "StandbyMessage",
        "StatusUpdate",
        "StatusUpdate",
    ]
    assert desk.owner_of(ADA) == "other"


def test_a_release_tells_nobody_and_the_next_message_is_routed_anew(graph):
    desk = graph.second_responder(ACME_NUMBER, primary={"ads": "us"})
    desk.person_writes(ADA)

    assert (desk.releases(ADA), desk.owner_of(ADA)) == ([], "nobody")
    assert sorts(desk.person_writes(ADA, entry_point="ads")) == ["InboundMessage"]


def test_24_hours_without_a_word_of_the_person_end_what_anybody_has(desk):
    now = 1_790_000_000.0
    desk.clock = lambda: now
    desk.person_writes(ADA)
    now += 24 * 3600 - 1
    before = desk.owner_of(ADA)
    desk.writes(ADA)  # which is no word of the person
    now += 1

    assert (before, desk.owner_of(ADA)) == ("other", "nobody")
    desk.person_writes(ADA)
    assert (desk.owner_of(ADA), desk.goes_idle(ADA), desk.owner_of(ADA)) == (
        "other",
        [],
        "nobody",
    )


def test_who_does_not_listen_sees_conversations_vanish(graph):
    desk = graph.second_responder(ACME_NUMBER)
    desk.person_writes(ADA)
    graph.business.app_fields.remove("messaging_handovers")
    passed = desk.passes(ADA)
    graph.business.app_fields.remove("standby")
    desk.takes(ADA)

    assert (passed, desk.person_writes(ADA), len(desk.told)) == ([], [], 1)
    deaf = graph.second_responder(ACME_NUMBER, we_listen=False)
    assert deaf.person_writes(ADA) == []


def test_a_message_of_ours_on_anothers_thread_is_refused(desk, graph):
    desk.person_writes(ADA)
    with pytest.raises(SendError) as caught:
        send()

    assert (caught.value.code, caught.value.subcode) == ("100", "2494191")
    assert [entry["wamid"] for entry in graph.ledger] == [None]
    assert desk.owner_of(ADA) == "other"


def test_a_template_and_a_message_on_nobodys_thread_change_no_owner(desk):
    desk.person_writes(ADA)
    send(type="template", template={"name": "hello", "language": {"code": "en"}})
    send(BSUID)

    assert (desk.owner_of(ADA), desk.owner_of(BSUID)) == ("other", "nobody")


def test_a_message_of_the_escalation_partner_takes_the_thread(graph):
    desk = graph.second_responder(ACME_NUMBER, escalation="us")
    desk.person_writes(ADA)
    assert (bool(send()), desk.owner_of(ADA)) == (True, "us")
    assert sorts(desk.person_writes(ADA)) == ["InboundMessage"]


def test_orders_of_ours(graph):
    desk = graph.second_responder(ACME_NUMBER, escalation="us", **TO_US)
    desk.person_writes(ADA)
    owners = []
    for action in ("pass", "take", "release"):
        control(action)
        owners.append(desk.owner_of(ADA))

    assert owners == ["other", "us", "nobody"]
    assert [order["action"] for order in graph.thread_orders] == ["pass", "take", "release"]
    assert sorts(desk.told) == ["InboundMessage"]  # they are told to others alone


@pytest.mark.parametrize("action", ["pass", "release", "take"])
def test_orders_about_what_is_anothers_are_refused_where_only_they_may_take(desk, action):
    desk.person_writes(ADA)
    with pytest.raises(SendError) as caught:
        control(action)

    assert (caught.value.subcode, desk.owner_of(ADA)) == ("2494191", "other")


@pytest.mark.parametrize(
    "order",
    [
        {"action": "pass"},
        {"action": "steal"},
        {"action": "take", "control_pass": {"target_role": "ai_agent"}},
        {"action": "take", "metadata": "x" * 2001},
        {"action": "take", "metadata": {}},
        {"action": "take", "messaging_product": ""},
        {"action": "take", "to": ""},
    ],
    ids=str,
)
def test_an_order_that_is_not_well_formed_is_refused_as_such(graph, order):
    graph.second_responder(ACME_NUMBER, escalation="us")
    content = {"messaging_product": "whatsapp", "to": ADA, **order}
    answer = requests.post(
        f"{graph.url}/v25.0/{ACME_NUMBER}/thread_control",
        json=content,
        headers={"Authorization": "Bearer token"},
        timeout=10,
    )

    assert answer.status_code == 400
    assert "error_subcode" not in answer.json()["error"]


def test_the_second_responder_may_not_do_what_is_not_its_own(graph):
    desk = graph.second_responder(ACME_NUMBER, escalation="us", **TO_US)
    desk.person_writes(ADA)

    for action in (desk.passes, desk.releases, desk.takes, desk.writes):
        with pytest.raises(NotTheirs):
            action(ADA)
    assert desk.owner_of(ADA) == "us"


def test_all_of_it_is_done_over_http(graph):
    def post(path: str, **content: Any) -> requests.Response:
        return requests.post(f"{graph.url}/stand-in/responders{path}", json=content, timeout=10)

    added = post("", number=ACME_NUMBER, account_id="7", escalation="us", primary={"ads": "us"})
    about = {"number": ACME_NUMBER, "person": ADA}
    wrote = post("/act", **about, does="person_writes", text="Hi", entry_point="chat").json()
    passed = post("/act", **about, does="passes", note="Refund").json()
    refused = [
        post("/act", **about, does=does).status_code for does in ("takes", "explodes", "passes")
    ]
    unknown = post("/act", **about, does="writes", colour="red").status_code

    assert added.json()[ACME_NUMBER]["owners"] == {}
    assert [each["owner"] for each in (wrote, passed)] == ["other", "us"]
    assert sorts([json.dumps(each).encode() for each in wrote["webhooks"]]) == ["StandbyMessage"]
    assert wrote["webhooks"][0]["entry"][0]["id"] == "7"
    assert (refused, unknown) == ([409, 404, 409], 409)
    assert requests.get(f"{graph.url}/stand-in/responders", timeout=10).json() == {
        ACME_NUMBER: {
            "primary": {"ads": "us"},
            "escalation": "us",
            "we_listen": True,
            "owners": {ADA: "us"},
        }
    }


def test_what_it_tells_comes_to_our_webhook_signed(acme_whatsapp, graph, web, db_rows):
    desk = graph.second_responder(ACME_NUMBER)
    graph.callback = f"{web}/api/webhooks/whatsapp"
    try:
        desk.person_writes(ADA)
    finally:
        graph.callback = None

    ((body,),) = db_rows.execute("SELECT body FROM messaging.webhook_deliveries").fetchall()
    assert [bytes(body)] == desk.told
