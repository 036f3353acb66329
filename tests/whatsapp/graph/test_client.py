"""Which failure means what: only what never left this machine, or was refused with a 4xx, was
certainly not sent.
"""

import socket
import time
from contextlib import suppress

import pytest

from channels_app.providers import SendError
from tests.support.raw_http import answering, hang, http, receive, server
from whatsapp.graph import client

pytestmark = pytest.mark.whatsapp

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
ACCEPTED = b'{"messages": [{"id": "wamid.1"}]}'


def hang_up_on_tls(connection: socket.socket) -> None:
    connection.recv(1024)
    connection.sendall(b"this is not TLS")
    connection.close()


def send(settings: object, url: str) -> str:
    settings.META_GRAPH_URL, settings.SEND_TIMEOUT_SECONDS = url, 1  # type: ignore[attr-defined]
    body = {"type": "text", "text": {"body": "Hi"}}
    wamid, _ = client.send("400", token="token", body=body, to="4670", reference="o1:x:1")
    return wamid


def trickle(connection: socket.socket) -> None:
    receive(connection)
    with suppress(OSError):
        for byte in ANSWER % (len(ACCEPTED), ACCEPTED):
            connection.sendall(bytes([byte]))
            time.sleep(0.3)


UNKNOWN = [
    pytest.param(trickle, id="an answer that trickles past the deadline, each byte in time"),
    pytest.param(answering(b""), id="read, then closed"),
    pytest.param(hang, id="no answer in time"),
    pytest.param(answering(ANSWER % (500, b'{"messages": [')), id="a truncated 200"),
    pytest.param(answering(ANSWER % (2, b"{}")), id="200 without an id"),
    pytest.param(
        answering(ANSWER % (28, b'{"messages": [{"id": null}]}')), id="200 with an id that is none"
    ),
    pytest.param(answering(ANSWER % (2, b"[]")), id="200 with a list"),
    pytest.param(answering(http("502 Bad Gateway", b"<html></html>")), id="502 with HTML"),
    pytest.param(
        answering(http("500 Error", b'{"error": {"code": 131026}}')), id="500 with a Graph error"
    ),
    pytest.param(
        answering(http("400 Bad Request", b"<html></html>")), id="400 that is not Graph's"
    ),
    pytest.param(
        answering(http("307 Moved", b"", "Location: http://127.0.0.1:1/\r\n")),
        id="a redirect, not followed",
    ),
    pytest.param(answering(b"garbage\r\n\r\n"), id="no HTTP at all"),
]


@pytest.mark.parametrize("serve", UNKNOWN)
def test_what_may_have_arrived_is_unknown(serve, settings):
    with server(serve) as url, pytest.raises(SendError) as caught:
        send(settings, url)

    assert caught.value.then == "unknown"


def test_a_kept_connection_that_the_other_side_has_closed_is_unknown(settings):
    def once(connection: socket.socket) -> None:
        receive(connection)
        connection.sendall(ANSWER % (len(ACCEPTED), ACCEPTED))
        receive(connection)  # the second request arrives, and is never answered
        connection.close()

    with server(once) as url:
        assert send(settings, url) == "wamid.1"
        with pytest.raises(SendError) as caught:
            send(settings, url)

    assert caught.value.then == "unknown"


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://no-such-host.invalid"])
def test_without_a_connection_nothing_was_sent(url, settings):
    with pytest.raises(SendError) as caught:
        send(settings, url)

    assert caught.value.then == "queued"


def test_a_token_that_no_header_can_carry_sent_nothing(graph):
    with pytest.raises(SendError) as caught:
        client.send("400", token="\u30c8\u30fc\u30af\u30f3", body={}, to="4670", reference="o1:x:1")

    assert (caught.value.then, graph.ledger) == ("queued", [])


def test_a_failed_tls_handshake_sent_nothing(settings):
    with server(hang_up_on_tls) as url, pytest.raises(SendError) as caught:
        send(settings, url.replace("http://", "https://"))

    assert caught.value.then == "queued"


def test_an_answer_larger_than_any_of_graphs_is_not_read_to_its_end(settings):
    endless = ANSWER % (10**9, b" " * 10**6)
    with server(answering(endless)) as url, pytest.raises(SendError) as caught:
        send(settings, url)

    assert caught.value.then == "unknown"


REFUSALS = [
    pytest.param(
        b'{"error": {"code": "131026", "message": "No"}}',
        "131026",
        "It cannot be",
        "131026: No)",
        id="a text",
    ),
    pytest.param(
        b'{"error": {"code": 131026.0}}',
        "131026",
        "It cannot be",
        "(Graph error 131026)",
        id="a whole float",
    ),
    pytest.param(
        b'{"error": {"code": %s}}' % (b"9" * 5000),
        "",
        "Meta refused",
        "error codes.",
        id="digits without end",
    ),
    pytest.param(b'{"error": {"code": 1e999}}', "", "Meta refused", "error codes.", id="infinite"),
    pytest.param(b'{"error": {}}', "", "Meta refused", "error codes.", id="nothing"),
    pytest.param(
        b'{"error": {"message": ["No"], "type": "Exception"}}',
        "",
        "Meta refused",
        "(Exception)",
        id="odd words",
    ),
]


@pytest.mark.parametrize(("answer", "code", "begins", "ends"), REFUSALS)
def test_an_error_of_graphs_is_a_refusal_whatever_its_code_is(settings, answer, code, begins, ends):
    with (
        server(answering(http("400 Bad Request", answer))) as url,
        pytest.raises(SendError) as caught,
    ):
        send(settings, url)

    error = caught.value
    said = str(error)
    assert (error.then, error.code, said.startswith(begins), said.endswith(ends)) == (
        "failed",
        code,
        True,
        True,
    )


@pytest.mark.parametrize(
    "answer", [b'{"error": "131026"}', b'{"error": [{"code": 131026}]}', b'{"error": null}', b"[]"]
)
def test_what_is_no_error_of_graphs_is_unknown(settings, answer):
    with (
        server(answering(http("400 Bad Request", answer))) as url,
        pytest.raises(SendError) as caught,
    ):
        send(settings, url)

    assert caught.value.then == "unknown"


def test_a_number_that_is_asked_for_and_does_not_exist_is_gone(graph):
    graph.onboarding_script["number"].append({"code": 100, "subcode": 33})
    with pytest.raises(SendError) as caught:
        client.phone_number("400000000000001", token="t")

    assert (caught.value.then, caught.value.parks) == ("held", "needs_reauth")


def test_a_number_without_end_beside_the_id_costs_no_message(settings):
    answer = b'{"messages": [{"id": "wamid.1"}], "cost": %s}' % (b"9" * 5000)
    with server(answering(http("200 OK", answer))) as url:
        assert send(settings, url) == "wamid.1"


def test_the_post_is_built_as_meta_documents_it(graph):
    client.send(
        "400",
        token="t",
        body={"type": "text", "text": {"body": "Hi"}},
        to="4670",
        reference="o1:x:1",
    )

    assert graph.ledger[0]["message"] == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "4670",
        "biz_opaque_callback_data": "o1:x:1",
        "type": "text",
        "text": {"body": "Hi"},
    }
