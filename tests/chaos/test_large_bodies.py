"""A webhook as large as Meta makes them, 3 MB with 1,000 messages, delays no other."""

import time

import pytest

from tests.chaos.length import IS_LONG
from tests.chaos.meta import Traffic, body_of, post
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

SECONDS = 120 if IS_LONG else 10
SMALL_A_SECOND = 50
MESSAGES, BYTES = 1000, 3_000_000
ANSWERED_WITHIN_SECONDS = 1.0
OLD = time.time() - 14 * 24 * 3600  # stored, and too old to be answered
RECORDED = "SELECT count(*) FROM messaging.messages WHERE direction = 'inbound'"


def large(number: int) -> bytes:
    """A webhook of so many bytes, from as many people as it has messages."""
    messages = [
        bodies.text("x" * 2900, sender=f"4671{n:07}", wamid=f"wamid.large-{number}-{n}", at=OLD)
        for n in range(MESSAGES)
    ]
    value = bodies.value(ACME_NUMBER, messages=tuple(messages))
    return bodies.webhook(bodies.entry(ACME_ACCOUNT, value))


def test_webhooks_are_answered_within_a_second_while_bodies_of_3_mb_arrive(stage, say):
    web = stage.web()
    stage.worker()
    larges = [large(number) for number in range(SECONDS)]
    assert min(map(len, larges)) >= BYTES
    small = [
        body_of(bodies.text("meanwhile", wamid=f"wamid.small-{n}", at=OLD))
        for n in range(SMALL_A_SECOND * SECONDS)
    ]
    traffic = Traffic(lambda: web.url, small, per_second=SMALL_A_SECOND)
    stage.ending.callback(traffic.stop)
    answers = []
    while not traffic.is_over():
        if larges:
            answers.append(post(web.url, larges.pop()))
        time.sleep(1)
    slowest = max(each.seconds for each in traffic.answers)
    slowest_large = max(each.seconds for each in answers)
    say(f"{len(traffic.answers)} webhooks, the slowest answered after {slowest:.3f} s")
    say(f"{len(answers)} of 3 MB, the slowest answered after {slowest_large:.3f} s")

    assert {each.status for each in [*answers, *traffic.answers]} == {200}
    assert len(answers) >= SECONDS // 2
    assert max(slowest, slowest_large) < ANSWERED_WITHIN_SECONDS
    stage.wait_until_calm(120)
    assert stage.rows(RECORDED) == [(len(small) + MESSAGES * len(answers),)]
