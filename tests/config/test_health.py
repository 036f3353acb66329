"""A load balancer's probe, which knows no host name of ours, and what is asked under foreign names,
by the real web process.
"""

import socket
from collections.abc import Iterator
from http.client import HTTPResponse

import pytest
import requests

from config.development_database import free_port
from tests.support.processes import answers, eventually, start_line
from tests.support.whatsapp import bodies
from tests.support.whatsapp.channel import SECRET
from whatsapp.webhooks.signature import sign

pytestmark = pytest.mark.whatsapp

PROBES = ["/health", "/health/", "/health/ready", "/health/ready/"]
ALIVE = {"status": "ok", "database": "ok"}
OTHERS = [
    "/",
    "/admin/",
    "/api/webhooks/whatsapp",
    "/healthy",
    "/health/x",
    "/health//",
    "//health",
]
HTTPS = {"X-Forwarded-Proto": "https"}


@pytest.fixture(scope="module")
def port(database_name: str) -> Iterator[int]:
    """Of a web process with an https address and the list of hosts of a report."""
    port = free_port()
    hosts = {
        "PUBLIC_URL": "https://chat.example.org",
        "ALLOWED_HOSTS": "chat.example.org, hooks.example.org",
    }
    process = start_line(database_name, "web", port=port, **hosts)
    assert eventually(lambda: answers(f"http://127.0.0.1:{port}/health"), seconds=60)
    yield port
    process.terminate()
    process.communicate(timeout=40)


def ask(
    port: int, path: str, *headers: str, method: str = "GET", version: str = "1.0"
) -> tuple[int, bytes, HTTPResponse]:
    """The answer to these very lines, and nothing added to them."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(
            "\r\n".join([f"{method} {path} HTTP/{version}", *headers, "", ""]).encode()
        )
        response = HTTPResponse(connection, method=method)
        response.begin()
        return response.status, response.read(), response


@pytest.mark.parametrize("headers", [{}, HTTPS], ids=["http", "https"])
@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "10.1.2.3:8000",
        "[::1]",
        "[fd00::1]:80",
        "elb.internal",
        "under_score",
        "-",
        "a b",
    ],
)
def test_a_probe_under_any_host_is_answered(port, db_rows, host, headers):
    # not ready: there is no worker
    for path, status in zip(PROBES, [200, 200, 503, 503], strict=True):
        answer = requests.get(
            f"http://127.0.0.1:{port}{path}",
            headers={"Host": host, **headers},
            timeout=10,
            allow_redirects=False,
        )
        assert (path, answer.status_code, answer.headers["Content-Type"]) == (
            path,
            status,
            "application/json",
        )


@pytest.mark.parametrize(
    "lines", [(), ("X-Forwarded-Proto: https",), ("Host:",), ("Host: 10.1.2.3",)]
)
def test_a_probe_without_a_host_is_answered(port, db_rows, lines):
    status, body, _ = ask(port, "/health", *lines)

    assert (status, body) == (200, b'{"status": "ok", "database": "ok"}')
    assert ask(port, "/health/ready", *lines)[0] == 503


def test_a_probe_that_asks_for_the_head_gets_the_head_alone(port, db_rows):
    status, body, response = ask(
        port, "/health", "Host: 10.1.2.3", "Connection: close", method="HEAD", version="1.1"
    )

    assert (status, body, response.getheader("Content-Type")) == (200, b"", "application/json")
    assert ask(port, "/health/ready", method="HEAD")[:2] == (503, b"")


@pytest.mark.parametrize("path", PROBES)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_a_probe_by_another_method_is_a_405(port, method, path):
    status, _, response = ask(port, path, "Host: 10.1.2.3", "Content-Length: 0", method=method)

    assert (status, response.getheader("Allow")) == (405, "GET, HEAD")


@pytest.mark.parametrize("path", OTHERS)
def test_nothing_else_is_answered_under_a_foreign_host(port, path):
    assert ask(port, path, "Host: 10.1.2.3", "X-Forwarded-Proto: https")[0] == 400
    assert ask(port, path, "Host: 10.1.2.3")[0] == 400


@pytest.mark.parametrize(
    "host", ["chat.example.org", "hooks.example.org", "Hooks.Example.Org:443", "hooks.example.org."]
)
def test_a_webhook_to_any_host_of_a_list_with_blanks_is_answered(port, db_rows, host):
    body = bodies.webhook()
    signed = {"Content-Type": "application/json", "X-Hub-Signature-256": sign(body, SECRET)}
    answer = requests.post(
        f"http://127.0.0.1:{port}/api/webhooks/whatsapp",
        body,
        headers={**signed, **HTTPS, "Host": host},
        timeout=10,
    )

    assert answer.status_code == 200
    assert (
        ask(port, "/api/webhooks/whatsapp", f"Host: {host}")[2]
        .getheader("Location", "")
        .startswith("https://")
        is True
    )


def test_outside_of_the_two_plain_http_is_led_to_https(port):
    status, _, response = ask(port, "/healthy", "Host: chat.example.org")

    assert (status, response.getheader("Location")) == (301, "https://chat.example.org/healthy")
