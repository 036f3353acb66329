"""A version of the Graph API ends: told in time when a process starts, by the checklist, and played
by the stand-in.
"""

import pytest
import requests
import time_machine
from django.core.checks import Warning, run_checks

from channels_app.providers import SendError
from config.development_database import free_port
from tests.support.processes import eventually, manage, start_line
from whatsapp.graph import client
from whatsapp.graph.versions import end_of, has_ended

pytestmark = pytest.mark.whatsapp

TODAY = "2026-11-28"


def ends(version: str, end: str, days: int) -> str:
    return (
        f"Meta ends {version} of the Graph API on {end}, in {days} days: set META_GRAPH_VERSION to"
        " a newer one."
    )


def ended(version: str, end: str) -> str:
    return (
        f"Meta has ended {version} of the Graph API, by {end}: set META_GRAPH_VERSION to a newer"
        " one."
    )


@pytest.mark.parametrize(
    ("version", "end"),
    [
        ("v2.12", "2026-09-24"),
        ("v19.0", "2026-09-24"),
        ("v20.0", "2026-09-24"),
        ("v21.0", "2027-01-21"),
        ("v22.0", "2027-05-20"),
        ("v23.0", "2027-10-08"),
        ("v24.0", "2028-02-18"),
        ("v25.0", "2028-07-29"),
        ("v26.0", "None"),
        ("v27.0", "None"),
        ("v100.0", "None"),
    ],
)
def test_the_end_of_each_version_is_known_as_meta_tells_it(version, end):
    assert str(end_of(version)) == end


@pytest.mark.parametrize(
    ("version", "today", "sentences"),
    [
        ("v25.0", TODAY, []),
        ("v25.0", "2028-04-30", []),
        ("v25.0", "2028-05-01", [ends("v25.0", "2028-07-29", 89)]),
        ("v25.0", "2028-07-29", [ends("v25.0", "2028-07-29", 0)]),
        ("v25.0", "2028-07-30", [ended("v25.0", "2028-07-29")]),
        ("v21.0", TODAY, [ends("v21.0", "2027-01-21", 54)]),
        ("v20.0", TODAY, [ended("v20.0", "2026-09-24")]),
        ("v19.0", TODAY, [ended("v19.0", "2026-09-24")]),
        ("v26.0", "2036-01-01", []),
        ("v31.0", "2036-01-01", []),
    ],
)
def test_who_starts_a_process_is_warned_in_the_last_90_days_and_from_then_on(
    db_rows, settings, version, today, sentences
):
    settings.META_GRAPH_VERSION = version
    with time_machine.travel(f"{today}T12:00:00Z", tick=False):
        assert [each for each in run_checks() if each.id == "whatsapp.W001"] == [
            Warning(sentence, id="whatsapp.W001") for sentence in sentences
        ]


def test_a_version_that_has_ended_is_a_warning_that_stops_no_process(database_name):
    done = manage(database_name, "worker", "--once", META_GRAPH_VERSION="v20.0")

    assert (
        done.returncode,
        done.stderr.count(f"?: (whatsapp.W001) {ended('v20.0', '2026-09-24')}\n"),
    ) == (0, 1)
    assert (
        manage(
            database_name, "check", "--fail-level", "WARNING", META_GRAPH_VERSION="v20.0"
        ).returncode
        == 1
    )


def test_the_web_process_says_so_as_it_starts(database_name):
    port = free_port()
    process = start_line(
        database_name,
        "web",
        port=port,
        META_GRAPH_VERSION="v20.0",
        PUBLIC_URL=f"http://127.0.0.1:{port}",
    )
    try:
        assert eventually(lambda: is_alive(port), seconds=60)
    finally:
        process.terminate()
        _, told = process.communicate(timeout=40)

    assert told.count(f"?: (whatsapp.W001) {ended('v20.0', '2026-09-24')}\n") == 1


def is_alive(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/health", timeout=5).ok
    except requests.ConnectionError:
        return False


def refused(version: str, settings) -> str:
    settings.META_GRAPH_VERSION = version
    try:
        return client.phone_number("400000000000001", token="any")["id"]
    except SendError as refusal:
        return refusal.code


@pytest.mark.parametrize(
    ("today", "answer"), [("2027-01-21", "400000000000001"), ("2027-01-22", "2635")]
)
def test_the_stand_in_refuses_a_version_once_meta_has_ended_it(graph, settings, today, answer):
    with time_machine.travel(f"{today}T12:00:00Z", tick=False):
        assert refused("v21.0", settings) == answer
        assert refused("v25.0", settings) == "400000000000001"


def test_it_refuses_in_metas_own_shape_whatever_is_asked(graph):
    told = {
        "code": 2635,
        "type": "OAuthException",
        "fbtrace_id": "stand-in",
        "message": "(#2635) Refused by the stand-in",
    }
    answers = [
        requests.get(f"{graph.url}/v20.0/dialog/oauth", timeout=10),
        requests.post(
            f"{graph.url}/v20.0/1/messages",
            json={},
            headers={"Authorization": "Bearer any"},
            timeout=10,
        ),
    ]

    assert [(answer.status_code, answer.json()) for answer in answers] == [
        (400, {"error": told})
    ] * 2
    assert (has_ended("v20.0"), graph.ledger) == (True, [])


def test_a_message_that_meta_refuses_for_the_version_waits_for_a_newer_one(graph, settings):
    settings.META_GRAPH_VERSION = "v20.0"
    with pytest.raises(SendError) as refusal:
        client.send(
            "400000000000001", token="any", body={"type": "text"}, to="16505551234", reference="1"
        )

    assert (refusal.value.then, refusal.value.code, refusal.value.slows) == (
        "queued",
        "2635",
        "account",
    )
