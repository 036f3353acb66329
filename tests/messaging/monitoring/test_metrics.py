"""/metrics: what all processes count and time, and the state of the platform, for who has the
token.
"""

import re
import socket
from collections.abc import Callable

import pytest
import requests
from django.db import ProgrammingError
from django.urls import get_resolver
from prometheus_client.parser import text_string_to_metric_families

from config.development_database import free_port
from messaging.monitoring import exposition
from messaging.monitoring.serving import serve_metrics
from tests.messaging.monitoring.running import RUNNING
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER
from tests.support.processes import answers, eventually, start, start_line
from tests.support.whatsapp import bodies
from tests.support.whatsapp.channel import SECRET
from whatsapp.webhooks.signature import sign

pytestmark = pytest.mark.whatsapp

TOKEN = "metrics-token-of-the-tests"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
LABELS = {
    "outcome",
    "cause",
    "because",
    "check",
    "kind",
    "what",
    "process",
    "state",
    "part",
    "le",
    "server",
}
OF_PYTHON = ("python_", "process_")  # of prometheus_client itself

Numbers = dict[str, float]


def numbers_of(text: str) -> Numbers:
    """Each sample by its name with the values of its labels: "messaging_problems token_ends"."""
    return {
        " ".join([sample.name, *sample.labels.values()]): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.fixture
def scrape(web: str, settings) -> Callable[[], Numbers]:
    """What /metrics says now; the state of the database is read anew."""
    settings.METRICS_TOKEN = TOKEN
    get_resolver().check()  # as a process does at its start: what is counted is known then

    def scrape() -> Numbers:
        exposition.state.kept_until = 0
        answer = requests.get(f"{web}/metrics", headers=BEARER, timeout=10)
        assert answer.status_code == 200
        return numbers_of(answer.text)

    return scrape


@pytest.fixture
def changes(scrape) -> Callable[..., Numbers]:
    """By how much the samples of these names grew since: `changes()` begins, `changes("a b")`
    tells.
    """
    before: Numbers = scrape()

    def changes(*names: str) -> Numbers:
        now = scrape()
        return {name: now[name] - before[name] for name in names}

    return changes


def post(web: str, body: bytes, **headers: str) -> int:
    return requests.post(
        f"{web}/api/webhooks/whatsapp", body, headers=headers, timeout=10
    ).status_code


def refusal(answer: requests.Response) -> tuple[int, bytes, str]:
    return answer.status_code, answer.content, answer.headers["WWW-Authenticate"]


REFUSED = (401, exposition.REFUSAL, 'Bearer realm="metrics"')


def test_where_no_token_is_set_nobody_has_it(web, settings):
    settings.METRICS_TOKEN = ""
    for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": "Bearer"}, BEARER):
        answer = requests.get(f"{web}/metrics", headers=headers, timeout=10)
        assert refusal(answer) == REFUSED


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": TOKEN},
        {"Authorization": f"Bearer {TOKEN}x"},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": f"Bearer {TOKEN[:-1]}ä".encode()},
    ],
)
def test_who_has_not_the_token_is_told_nothing_but_what_to_send(web, settings, headers):
    settings.METRICS_TOKEN = TOKEN
    answer = requests.get(f"{web}/metrics?token={TOKEN}", headers=headers, timeout=10)
    assert refusal(answer) == REFUSED


@pytest.mark.parametrize("path", ["/metrics", "/metrics/"])
@pytest.mark.parametrize("host", ["10.1.2.3:8000", "prometheus.internal"])
def test_it_is_answered_under_any_host(web, scrape, path, host):
    answer = requests.get(f"{web}{path}", headers={**BEARER, "Host": host}, timeout=10)
    assert (answer.status_code, answer.headers["Content-Type"].split(";")[0]) == (200, "text/plain")


def test_a_message_and_its_answer_are_counted_and_timed_at_each_stage(
    acme_whatsapp, write, work, graph, changes
):
    write()
    work()

    counted = (
        "messaging_webhooks_total accepted",
        "messaging_webhook_seconds_count",
        "messaging_deliveries_recorded_total",
        "messaging_stored_to_recorded_seconds_count",
        "messaging_messages_received_total",
        "messaging_answers_queued_total",
        "messaging_messages_posted_total accepted",
        "messaging_queued_to_posted_seconds_count",
        "messaging_post_seconds_count",
    )
    others = (
        "messaging_webhooks_total wrong_proof",
        "messaging_items_set_aside_total rejected",
        "messaging_messages_posted_total unknown",
        "messaging_messages_doubled_total",
    )
    assert changes(*counted, *others) == {**dict.fromkeys(counted, 1), **dict.fromkeys(others, 0)}


def test_each_reason_of_a_refusal_is_counted_by_itself(web, changes):
    body = bodies.webhook()
    signed = {"X-Hub-Signature-256": sign(body, SECRET)}
    refused = [
        post(web, body),
        post(web, body, **{"X-Hub-Signature-256": sign(body, "another-secret-16")}),
        post(web, body, **signed, **{"Content-Encoding": "gzip"}),
        post(web, b" " * (8 * 1024 * 1024 + 1), **signed),
        requests.post(f"{web}/api/webhooks/nothing", body, timeout=10).status_code,
    ]

    assert refused == [401, 403, 415, 413, 404]
    names = ["without_proof", "wrong_proof", "encoded", "too_large", "no_such_address"]
    found = changes(*[f"messaging_webhooks_total {name}" for name in (*names, "accepted")])
    assert list(found.values()) == [1, 1, 1, 1, 1, 0]


def test_a_webhook_that_cannot_be_stored_is_counted(web, changes, monkeypatch):
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("messaging.webhooks.read", fail)
    assert post(web, b"{}") == 500
    assert changes("messaging_webhooks_total failed") == {"messaging_webhooks_total failed": 1}


def test_outcomes_of_posts_are_counted_by_their_kind(acme_whatsapp, write, work, graph, changes):
    graph.script += [{"code": 131026}, {"then": "close"}]
    write()
    work()
    write()
    work()

    names = [f"messaging_messages_posted_total {each}" for each in ("failed", "unknown")]
    assert changes(*names) == dict.fromkeys(names, 1)


def test_an_item_that_is_not_recorded_is_counted_by_its_cause(
    acme_whatsapp, deliver, work, changes
):
    strange = bodies.value("15559999999", messages=(bodies.text(wamid="wamid.nobodys"),))
    deliver(bodies.webhook(bodies.entry(ACME_ACCOUNT, strange)))
    broken = bodies.value(ACME_NUMBER, messages=({"id": "wamid.x", "type": "text"},))
    deliver(bodies.webhook(bodies.entry(ACME_ACCOUNT, broken)))
    work()

    names = [f"messaging_items_set_aside_total {each}" for each in ("unroutable", "rejected")]
    assert changes(*names) == dict.fromkeys(names, 1)


def test_the_state_is_what_status_tells(acme_whatsapp, write, work, graph, db_rows, scrape):
    for statement in RUNNING:
        db_rows.execute(statement)
    graph.script.append({"then": "close"})
    write("its answer is unknown")
    work()
    db_rows.execute("UPDATE messaging.messages SET created_at = now() - interval '2 hours'")
    write("waits")
    now = scrape()

    assert {name: now[name] for name in now if name.startswith("messaging_check_ok")} == {
        f"messaging_check_ok {check}": 1
        for check in (
            *("role", "migrations", "durability", "worker", "jobs"),
            *("oldest_delivery", "oldest_message", "oldest_event"),
        )
    }
    assert {
        name: now[name]
        for name in (
            "messaging_state_read platform",
            "messaging_state_read tenants",
            "messaging_problems messages_unknown",
            "messaging_problems channel_parked",
            "messaging_waiting messages_unknown",
            "messaging_waiting deliveries_waiting",
            "messaging_processes jobs",
        )
    } == {
        "messaging_state_read platform": 1,
        "messaging_state_read tenants": 1,
        "messaging_problems messages_unknown": 1,
        "messaging_problems channel_parked": 0,
        "messaging_waiting messages_unknown": 1,
        "messaging_waiting deliveries_waiting": 1,
        "messaging_processes jobs": 1,
    }
    assert 7200 <= now["messaging_oldest_unknown_seconds"] < 7300


def test_a_login_that_may_not_read_tenants_tells_the_platforms_state_and_says_so(
    scrape, db_rows, monkeypatch
):
    def refused() -> None:
        raise ProgrammingError("permission denied to set role")

    monkeypatch.setattr("messaging.monitoring.gauges.operator_scope", refused)
    now = scrape()
    assert (now["messaging_state_read platform"], now["messaging_state_read tenants"]) == (1, 0)
    assert [name for name in now if name.startswith("messaging_problems")] == []


def test_no_label_names_a_tenant_a_channel_or_a_person(acme_whatsapp, write, work, graph, scrape):
    write("hello")
    work()
    scrape()
    text = exposition.answer(BEARER["Authorization"], with_state=True)[2].decode()

    found = {
        name
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        for name in sample.labels
        if not sample.name.startswith(OF_PYTHON)
    }
    assert found == LABELS
    assert re.findall(rf"acme|{ACME_NUMBER}|{acme_whatsapp.id}", text, re.IGNORECASE) == []


def test_any_worker_of_gunicorn_tells_what_all_of_them_count(database_name, db_rows):
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    web = start_line(database_name, "web", port=port, METRICS_TOKEN=TOKEN)
    try:
        assert eventually(lambda: answers(f"{address}/health"), seconds=60)
        for _ in range(40):  # each by a connection of its own: whichever worker takes it
            assert post(address, bodies.webhook()) == 401
        scrapes = {
            numbers_of(requests.get(f"{address}/metrics", headers=BEARER, timeout=10).text)[
                "messaging_webhooks_total without_proof"
            ]
            for _ in range(10)
        }
    finally:
        web.terminate()
        web.communicate(timeout=40)
    assert scrapes == {40}


@pytest.mark.parametrize("command", ["worker", "jobs"])
def test_a_process_without_http_serves_a_port_of_its_own(database_name, db_rows, command):
    port = free_port()
    address = f"http://127.0.0.1:{port}/metrics"
    process = start(database_name, command, METRICS_TOKEN=TOKEN, METRICS_PORT=str(port))
    try:
        assert eventually(lambda: answers_with(address, BEARER) == 200, seconds=60)
        assert refusal(requests.get(address, timeout=5)) == REFUSED
        assert answers_with(address.replace("metrics", ""), BEARER) == 404
        numbers = numbers_of(requests.get(address, headers=BEARER, timeout=10).text)
    finally:
        process.terminate()
        process.communicate(timeout=40)
    assert (numbers["messaging_messages_posted_total accepted"], process.returncode) == (0, 0)


def test_a_port_that_is_taken_is_logged_and_stops_nothing(settings, caplog):
    with socket.create_server(("", 0)) as taken:
        settings.METRICS_PORT = taken.getsockname()[1]
        serve_metrics()
    assert caplog.messages == ["Metrics are not served: METRICS_PORT is not free (OSError)."]


def answers_with(address: str, headers: dict[str, str]) -> int:
    """The status, or 0 while nobody listens."""
    try:
        return requests.get(address, headers=headers, timeout=5).status_code
    except requests.ConnectionError:
        return 0
