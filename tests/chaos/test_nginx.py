"""The documented nginx: webhooks go to a process of their own, unchanged, whatever becomes of the
pages' process.
"""

import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from config.development_database import PROJECT, free_port
from tests.chaos.meta import body_of, post
from tests.chaos.running import Running, Web
from tests.chaos.strangers import BEGINNINGS, Strangers
from tests.support.processes import eventually
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

NGINX = "/usr/sbin/nginx"
MIB = 1024 * 1024
SAME_USER = "user root;" if os.getuid() == 0 else ""  # its files lie in the test's folder
OLD = time.time() - 14 * 24 * 3600  # stored, and too old to be answered
AROUND = """
daemon off; worker_processes 1; {user} pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    {server}
}}
"""


@dataclass
class Front:
    url: str
    port: int
    webhooks: Web
    pages: Web


@pytest.fixture
def front(stage, tmp_path) -> Iterator[Front]:
    webhooks, pages, port = stage.web(), stage.web(), free_port()
    snippet = (PROJECT / "docs" / "nginx.conf").read_text()
    changes = {
        r"127\.0\.0\.1:8001": f"127.0.0.1:{webhooks.port}",
        r"127\.0\.0\.1:8000": f"127.0.0.1:{pages.port}",
        r"listen 443 ssl": f"listen 127.0.0.1:{port}",
        r"server_name \S+;": "server_name 127.0.0.1;",
        r"ssl_certificate\S* .*": "",
    }
    for old, new in changes.items():
        snippet, count = re.subn(old, new, snippet)
        assert count > 0
    folder = Path(tmp_path)
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, server=snippet, user=SAME_USER))
    nginx = Running(
        [NGINX, "-c", str(folder / "nginx.conf"), "-p", str(folder)], {}, folder / "nginx.log"
    )
    stage.processes.append(nginx)
    url = f"http://127.0.0.1:{port}"
    assert eventually(lambda: answers(url)), (folder / "nginx.log").read_text()
    yield Front(url, port, webhooks, pages)


def answers(url: str) -> bool:
    with suppress(requests.RequestException):
        return requests.get(f"{url}/health", timeout=5).ok
    return False


def test_a_webhook_arrives_unchanged_though_the_pages_process_is_gone(stage, front):
    front.pages.kill()
    body = body_of(bodies.text("\u00e4\ud83d\ude00" * 10, at=OLD)).ljust(3 * MIB)

    assert post(front.url, body).status == 200
    assert [
        bytes(stored) for (stored,) in stage.rows("SELECT body FROM messaging.webhook_deliveries")
    ] == [body]
    assert requests.get(f"{front.url}/staff/login/", timeout=10).status_code == 502


def test_pages_are_served_though_the_webhooks_process_is_gone(front):
    front.webhooks.kill()

    assert requests.get(f"{front.url}/staff/login/", timeout=10).status_code == 200
    assert post(front.url, body_of(bodies.text("Hello"))).status == 502


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        ("/api/webhooks/whatsapp", 8 * MIB, 401),
        ("/api/webhooks/whatsapp", 8 * MIB + 1, 413),
        ("/staff/login/", MIB + 1, 413),
    ],
)
def test_each_place_has_its_own_limit(front, path, size, status):
    assert requests.post(f"{front.url}{path}", data=b" " * size, timeout=30).status_code == status


def test_slow_clients_keep_no_webhook_waiting_behind_it_either(stage, front):
    strangers = Strangers(front.port, BEGINNINGS["a slow body"], count=300, are_many=True)
    stage.ending.callback(strangers.stop)
    assert eventually(lambda: strangers.opened >= 300)
    answers = [post(front.url, body_of(bodies.text("meanwhile", at=OLD))) for _ in range(20)]

    assert ({each.status for each in answers}, max(each.seconds for each in answers) < 1) == (
        {200},
        True,
    )
