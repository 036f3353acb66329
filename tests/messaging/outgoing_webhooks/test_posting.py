"""One request: what its answer means, how long it may take, and where it never goes."""

import json
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from types import SimpleNamespace

import pytest
from uuid_utils.compat import uuid7

from messaging.outgoing_webhooks import posting
from messaging.outgoing_webhooks.bodies import Content
from messaging.outgoing_webhooks.posting import Poster
from messaging.outgoing_webhooks.signing import new_secret
from tests.support import raw_http
from tests.support.tls import write_certificate

BODY = json.dumps({"type": "message.received"}).encode()


def content() -> Content:
    return Content(uuid7(), "message.received", BODY)


def post(url):
    poster = Poster(url, (new_secret(),))
    try:
        return poster.post(content())
    finally:
        poster.close()


@pytest.fixture
def bytes_of(settings) -> Callable:
    """A server that answers with these bytes; its address."""
    servers = []

    def bytes_of(answer):
        serve = answer if callable(answer) else raw_http.answering(answer)
        servers.append(raw_http.server(serve))
        url = servers[-1].__enter__()
        settings.WEBHOOK_ALLOWED_HOSTS = {("127.0.0.1", int(url.rpartition(":")[2]))}
        return url

    yield bytes_of
    for server in servers:
        server.__exit__(None, None, None)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_every_status_of_success_is_one(subscribe, status):
    answer = post(subscribe(lambda received: status).url)
    assert (answer.is_success, answer.status, answer.error) == (True, status, "")


@pytest.mark.parametrize("status", [300, 304, 400, 401, 404, 410, 429, 500, 502, 503, 504])
def test_every_other_status_is_a_failure(subscribe, status):
    answer = post(subscribe(lambda received: status).url)
    assert (answer.is_success, answer.is_gone, answer.status) == (False, status == 410, status)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_a_failure_and_is_not_followed(subscribe, status):
    elsewhere = subscribe()
    there = {"Location": elsewhere.url}
    answer = post(subscribe(lambda received: (status, there, b"go there")).url)

    assert (answer.is_success, answer.status, answer.text) == (False, status, "go there")
    assert elsewhere.received == []


def test_the_first_of_the_answer_is_kept(subscribe):
    short, exact, long = b"Thank you", b"x" * 1000, b"y" * 1001
    answers = [
        post(subscribe(lambda received, text=text: (500, {}, text)).url).text
        for text in (short, exact, long, b"")
    ]
    assert answers == ["Thank you", "x" * 1000, "y" * 1000, ""]


def test_an_answer_that_cannot_be_stored_is_repaired(subscribe):
    answer = post(subscribe(lambda received: (200, {}, b"a\x00b\xff\xed\xa0\x80")).url)
    assert answer.text == "a\ufffdb\ufffd\ufffd\ufffd\ufffd"
    assert "\x00" not in answer.text


def test_of_a_huge_answer_no_more_is_read_than_is_kept(bytes_of):
    sent = SimpleNamespace(bytes=0)

    def serve(connection):
        with connection:
            raw_http.receive(connection)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n")
            with suppress(OSError):
                while True:
                    sent.bytes += connection.send(b"z" * 65536)

    answer = post(bytes_of(serve))

    assert (answer.is_success, answer.text) == (True, "z" * 1000)
    assert sent.bytes < 20_000_000  # the sockets' own buffers


def test_a_silent_endpoint_is_a_time_out(subscribe, impatient):
    subscriber = subscribe(lambda received: subscriber.hang)
    answer = post(subscriber.url)

    assert (answer.timed_out, answer.is_slow, answer.status) == (True, True, None)
    assert 0.25 < answer.seconds < 2


def test_a_head_that_trickles_is_a_time_out(bytes_of, impatient):
    def serve(connection):
        with connection:
            raw_http.receive(connection)
            with suppress(OSError):
                for byte in b"HTTP/1.1 200 OK\r\n" + b"X-Slow: yes\r\n" * 1000:
                    connection.sendall(bytes([byte]))
                    threading.Event().wait(0.02)

    answer = post(bytes_of(serve))
    assert (answer.timed_out, answer.seconds < 2) == (True, True)


def test_a_success_whose_text_never_ends_is_a_success_within_the_time(bytes_of, impatient):
    def serve(connection):
        with connection:
            raw_http.receive(connection)
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            threading.Event().wait(3)

    answer = post(bytes_of(serve))
    assert (answer.is_success, answer.text, answer.seconds < 2) == (True, "", True)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
    ],
    ids=["nothing", "another protocol", "no status", "too many headers", "a huge header"],
)
def test_what_is_no_answer_is_a_failure(bytes_of, answer):
    found = post(bytes_of(answer))
    assert (found.is_success, found.status, found.error) == (False, None, "broken answer")


def test_nobody_there_is_a_failure(settings):
    settings.WEBHOOK_ALLOWED_HOSTS = {("127.0.0.1", 1)}
    assert post("http://127.0.0.1:1/").error == "unreachable"


def test_a_name_that_nobody_knows_any_more_is_a_failure():
    assert post("https://nowhere.invalid/").error == "unreachable"


def test_a_server_without_tls_gets_nothing(bytes_of):
    def serve(connection):
        with connection, suppress(OSError):
            connection.recv(1)
            connection.sendall(raw_http.http("400 Bad Request", b""))
            while connection.recv(65536):
                pass

    assert post(bytes_of(serve).replace("http://", "https://")).error == "no TLS"


@pytest.fixture
def secure(subscribe, tmp_path):
    """A subscriber with a certificate that it made itself; the address, and the certificate."""
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    write_certificate(certificate, key)
    subscriber = subscribe()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    subscriber.server.socket = context.wrap_socket(subscriber.server.socket, server_side=True)
    return subscriber, subscriber.url.replace("http://", "https://"), certificate


def test_a_certificate_that_nobody_trusts_is_refused_before_anything_is_sent(secure):
    subscriber, url, _ = secure
    assert (post(url).error, subscriber.received) == ("no TLS", [])


def test_a_certificate_that_is_trusted_and_of_this_host_is_taken(secure, monkeypatch):
    subscriber, url, certificate = secure
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(certificate))

    assert (post(url).status, len(subscriber.received)) == (200, 1)


def test_a_name_that_leads_elsewhere_by_now_gets_no_connection(names, subscribe, settings):
    """DNS rebinding: public when the endpoint was made, our own network when it is sent to."""
    subscriber = subscribe()
    settings.WEBHOOK_ALLOWED_HOSTS = set()
    looked_up = names("crm.example", ["127.0.0.1"])
    answer = post(f"https://crm.example:{subscriber.place[1]}/hooks")

    assert (answer.error, answer.is_success) == ("not public", False)
    assert (subscriber.received, looked_up) == ([], ["crm.example"])


def test_what_was_checked_is_connected_to_whatever_a_second_look_up_would_say(
    names, subscribe, settings
):
    subscriber = subscribe()
    settings.WEBHOOK_ALLOWED_HOSTS = {("crm.example", subscriber.place[1])}
    looked_up = names("crm.example", ["127.0.0.1"], ["10.0.0.1"])

    assert post(f"http://crm.example:{subscriber.place[1]}/hooks").is_success
    assert looked_up == ["crm.example"]


def test_another_port_of_a_listed_host_is_never_asked(subscribe, settings):
    listed, other = subscribe(), subscribe()
    settings.WEBHOOK_ALLOWED_HOSTS = {listed.place}

    assert post(other.url).error == "not public"
    assert other.received == []


def test_no_proxy_of_the_environment_sees_a_request(subscribe, monkeypatch):
    subscriber, proxy = subscribe(), subscribe()
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, proxy.url)

    assert post(subscriber.url).is_success
    assert (len(subscriber.received), proxy.received) == (1, [])


def test_a_connection_is_kept_as_long_as_answers_are_read_whole(subscribe):
    answers = iter([b"", b"Thank you", b"x" * 5000, b"", b""])
    subscriber = subscribe(lambda received: (200, {}, next(answers)))
    poster = Poster(subscriber.url, (new_secret(),))
    assert all(poster.post(content()).is_success for _ in range(5))
    poster.close()

    first, second, third, fourth, fifth = [each.port for each in subscriber.received]
    assert (first == second == third, fourth == fifth, third == fourth) == (True, True, False)


def test_a_kept_connection_that_was_closed_meanwhile_is_made_anew(subscribe):
    def close(handler):
        handler.say(200, {}, b"")  # without a word that it is the last
        handler.close_connection = True

    subscriber = subscribe(lambda received: close)
    poster = Poster(subscriber.url, (new_secret(),))
    answers = []
    for _ in range(3):
        answers.append(poster.post(content()).status)
        threading.Event().wait(0.05)
    poster.close()

    assert answers == [200, 200, 200]


def test_retry_after_is_read(subscribe):
    answer = post(subscribe(lambda received: (429, {"Retry-After": "17"}, b"")).url)
    assert (answer.status, answer.retry_after) == (429, 17)


def test_a_request_takes_fifteen_seconds_at_most():
    assert posting.POST_SECONDS == 15


def test_a_name_that_the_resolver_keeps_to_itself_is_a_time_out(monkeypatch):
    answers = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers.wait(60))
    monkeypatch.setattr(posting, "POST_SECONDS", 0.3)
    try:
        answer = post("https://crm.example.com/hook")
    finally:
        answers.set()

    assert (answer.error, answer.seconds < 30) == ("time-out", True)
