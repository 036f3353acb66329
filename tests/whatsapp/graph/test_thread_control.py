"""Orders that change who has a thread: asked once, and unknown wherever they may have arrived."""

import socket

import pytest

from channels_app import providers
from channels_app.content import Text
from channels_app.providers import SendError, ThreadControl
from tests.support.cast import ACME_NUMBER, ADA
from tests.support.raw_http import answering, hang, http, server

pytestmark = pytest.mark.whatsapp

BSUID = "SE.1001"
DONE = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 17\r\n\r\n"
DONE += b'{"success": true}'
UNKNOWN = [
    pytest.param(hang, id="no answer in time"),
    pytest.param(answering(b""), id="read, then closed"),
    pytest.param(answering(DONE.replace(b"true}", b"null}")), id="an answer that confirms nothing"),
    pytest.param(answering(http("502 Bad Gateway", b"<html></html>")), id="502 with HTML"),
    pytest.param(
        answering(http("500 Error", b'{"error": {"code": 100, "error_subcode": 2494191}}')),
        id="500 with Graph's refusal",
    ),
]
ORDERS = [
    ("pass_thread", ("Call her",)),
    ("release_thread", ()),
    ("take_thread", ("It is urgent",)),
]


@pytest.fixture
def whatsapp() -> ThreadControl:
    provider = providers.get("whatsapp")
    assert isinstance(provider, ThreadControl)
    return provider


@pytest.mark.parametrize("serve", UNKNOWN)
@pytest.mark.parametrize(("verb", "note"), ORDERS, ids=[verb for verb, _ in ORDERS])
def test_an_order_that_may_have_arrived_is_unknown_and_not_repeated(
    whatsapp, acme_whatsapp, settings, serve, verb, note
):
    asked = []

    def counting(connection: socket.socket) -> None:
        asked.append(1)
        serve(connection)

    with server(counting) as settings.META_GRAPH_URL, pytest.raises(SendError) as caught:
        settings.SEND_TIMEOUT_SECONDS = 1
        getattr(whatsapp, verb)(acme_whatsapp, ADA, *note)

    assert (caught.value.then, caught.value.is_anothers, len(asked)) == ("unknown", False, 1)


def test_an_order_that_never_left_was_not_carried_out(whatsapp, acme_whatsapp, settings):
    settings.META_GRAPH_URL = "http://127.0.0.1:1"
    with pytest.raises(SendError) as caught:
        whatsapp.take_thread(acme_whatsapp, ADA, "")

    assert caught.value.then == "queued"


def test_a_note_that_is_too_long_is_refused_before_anything_is_asked(
    whatsapp, acme_whatsapp, graph
):
    with pytest.raises(SendError) as caught:
        whatsapp.pass_thread(acme_whatsapp, ADA, "x" * 2001)

    assert (caught.value.then, str(caught.value)) == (
        "failed",
        "The note is longer than 2,000 characters.",
    )
    assert list(graph.asked) == []


@pytest.mark.parametrize("note", ["", "x" * 2000])
@pytest.mark.parametrize(("to", "key"), [(ADA, "to"), (BSUID, "recipient")])
def test_an_order_is_built_as_metas_page_says(whatsapp, acme_whatsapp, graph, note, to, key):
    graph.second_responder(ACME_NUMBER, primary={"chat": "us"}, escalation="us")
    graph.responders[ACME_NUMBER].person_writes(to)
    whatsapp.pass_thread(acme_whatsapp, to, note)
    whatsapp.take_thread(acme_whatsapp, to, note)
    whatsapp.release_thread(acme_whatsapp, to)

    common = {"messaging_product": "whatsapp", key: to}
    noted = {"metadata": note} if note else {}
    assert [(asked.method, asked.path, asked.token, asked.content) for asked in graph.asked] == [
        ("POST", f"/{ACME_NUMBER}/thread_control", "token-of-acme", {**common, **order})
        for order in (
            {"action": "pass", **noted, "control_pass": {"target_role": "ai_agent"}},
            {"action": "take", **noted},
            {"action": "release"},
        )
    ]


@pytest.mark.parametrize(("verb", "note"), ORDERS, ids=[verb for verb, _ in ORDERS])
def test_an_order_about_a_thread_that_is_not_ours_fails_and_says_whose_it_is(
    whatsapp, acme_whatsapp, graph, verb, note
):
    desk = graph.second_responder(ACME_NUMBER)
    desk.person_writes(ADA)
    with pytest.raises(SendError) as caught:
        getattr(whatsapp, verb)(acme_whatsapp, ADA, *note)

    assert (caught.value.then, caught.value.is_anothers, caught.value.parks) == (
        "failed",
        True,
        "",
    )
    assert str(caught.value).startswith("Another responder has this conversation, ")
    assert desk.owner_of(ADA) == "other"


def test_a_message_on_a_thread_that_is_not_ours_fails_and_says_whose_it_is(acme_whatsapp, graph):
    graph.second_responder(ACME_NUMBER).person_writes(ADA)
    provider = providers.get("whatsapp")
    body = provider.compose(Text(body="Hello"))
    with pytest.raises(SendError) as caught:
        provider.send(acme_whatsapp, body, to=ADA, reference="o1:x:1", quoting="", file_id="")

    assert (caught.value.then, caught.value.is_anothers) == ("failed", True)


def test_an_order_that_was_carried_out_without_an_answer_is_unknown(whatsapp, acme_whatsapp, graph):
    desk = graph.second_responder(ACME_NUMBER, escalation="us")
    desk.person_writes(ADA)
    graph.onboarding_script["thread_control"].append({"then": "close"})
    with pytest.raises(SendError) as caught:
        whatsapp.take_thread(acme_whatsapp, ADA, "")

    assert (caught.value.then, desk.owner_of(ADA), len(graph.thread_orders)) == (
        "unknown",
        "us",
        1,
    )
