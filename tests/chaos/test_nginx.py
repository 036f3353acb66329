"""The documented nginx: webhooks go to a process of their own, unchanged, whatever becomes of the
pages' process.
"""

import time
from dataclasses import dataclass

import pytest
import requests

from tests.chaos.meta import body_of, post
from tests.chaos.nginx import Nginx
from tests.chaos.running import Web
from tests.chaos.strangers import BEGINNINGS, Strangers
from tests.support.processes import eventually
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

MIB = 1024 * 1024
OLD = time.time() - 14 * 24 * 3600  # stored, and too old to be answered


@dataclass
class Front:
    url: str
    port: int
    webhooks: Web
    pages: Web


@pytest.fixture
def front(stage, tmp_path) -> Front:
    webhooks, pages = stage.web(), stage.web()
    nginx = Nginx("nginx.conf", {8001: webhooks.port, 8000: pages.port}, tmp_path)
    stage.processes.append(nginx)
    nginx.wait_until_it_answers()
    return Front(nginx.url, nginx.port, webhooks, pages)


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


@pytest.mark.parametrize("path", ["/metrics", "/metrics/", "//metrics"])
def test_nobody_outside_is_told_metrics(front, path):
    inside = requests.get(f"{front.pages.url}/metrics", timeout=10)
    assert (inside.status_code, requests.get(front.url + path, timeout=10).status_code) == (
        401,
        404,
    )


def test_slow_clients_keep_no_webhook_waiting_behind_it_either(stage, front):
    strangers = Strangers(front.port, BEGINNINGS["a slow body"], count=300, are_many=True)
    stage.ending.callback(strangers.stop)
    assert eventually(lambda: strangers.opened >= 300)
    answers = [post(front.url, body_of(bodies.text("meanwhile", at=OLD))) for _ in range(20)]

    assert ({each.status for each in answers}, max(each.seconds for each in answers) < 1) == (
        {200},
        True,
    )
