"""What reply strategies are asked, and what becomes of it, is counted after each commit."""

from collections.abc import Callable

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from tests.support.replies import says

pytestmark = pytest.mark.whatsapp

OF_REPLIES = (
    *("messaging_strategies_asked_total", "messaging_strategy_seconds_count"),
    *("messaging_deferred_replies_ended_total", "messaging_left_to_people_total"),
)


@pytest.fixture
def counted(web, settings) -> Callable[[], dict[str, float]]:
    """What has been counted since: the samples of replies that grew, by name and label."""
    settings.METRICS_TOKEN = "metrics-token-of-the-tests"
    bearer = {"Authorization": f"Bearer {settings.METRICS_TOKEN}"}

    def scrape() -> dict[str, float]:
        text = requests.get(f"{web}/metrics", headers=bearer, timeout=10).text
        return {
            " ".join([sample.name, *sample.labels.values()]): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
            if sample.name in OF_REPLIES
        }

    before = scrape()
    return lambda: {
        name: value - before[name] for name, value in scrape().items() if value != before[name]
    }


ASKED = {"messaging_strategies_asked_total": 1, "messaging_strategy_seconds_count": 1}
LEFT = {"messaging_deferred_replies_ended_total left": 1}


@pytest.mark.parametrize(
    ("said", "grown"),
    [
        pytest.param(
            says("Hello."), {"messaging_deferred_replies_ended_total answered": 1}, id="an answer"
        ),
        pytest.param(
            says(""), {"messaging_deferred_replies_ended_total unanswered": 1}, id="nothing"
        ),
        pytest.param(
            (200, {}, b'{"hand_over": "A refund."}'),
            LEFT | {"messaging_left_to_people_total strategy": 1},
            id="a person is wanted",
        ),
        pytest.param(
            (500, {}, b""), LEFT | {"messaging_left_to_people_total failed": 1}, id="an error"
        ),
        pytest.param(
            (200, {}, b'{"text": 17}'),
            LEFT | {"messaging_left_to_people_total unsendable": 1},
            id="what cannot be sent",
        ),
    ],
)
def test_each_ending_is_counted(acmes_service, write, work, answer, counted, said, grown):
    acmes_service.answer = lambda received: said
    write("Is my parcel on its way?")
    work()
    answer()

    assert counted() == ASKED | grown


def test_one_that_hangs_is_counted_as_left_and_its_time_is_not_known(
    acmes_service, write, work, answer, counted, settings
):
    settings.DEFERRED_REPLY_SECONDS = 0.2
    acmes_service.answer = lambda received: acmes_service.hang
    write("Is my parcel on its way?")
    work()
    answer()

    assert counted() == LEFT | {
        "messaging_strategies_asked_total": 1,
        "messaging_left_to_people_total timeout": 1,
    }


def test_what_the_contact_wrote_after_is_counted_as_superseding(
    acmes_service, write, work, answer, counted
):
    write("Is my parcel")
    work()
    write("on its way?")
    work()

    assert counted() == {"messaging_deferred_replies_ended_total superseded": 1}


def test_what_fails_as_a_message_is_recorded_is_counted(
    acme_whatsapp, write, work, counted, settings
):
    settings.REPLY_STRATEGY = "tests.messaging.monitoring.strategies.Fails"
    write("Is my parcel on its way?")
    work()

    assert counted() == {"messaging_left_to_people_total failed": 1}
