"""Payloads with a thousand senders each: the server's lock table is finite, and the door needs its
part of it.
"""

import time

import pytest

from tests.chaos.length import IS_LONG
from tests.chaos.meta import body_of, post
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

PAYLOADS = 20 if IS_LONG else 5
SENDERS = 1000
OLD = time.time() - 14 * 24 * 3600  # stored, and too old to be answered
COUNT = "SELECT count(*) FROM messaging.messages WHERE direction = 'inbound'"
SECONDS = 180
ERRORS = "SELECT count(*) FROM messaging.dead_letters"


def payload(number: int) -> bytes:
    messages = tuple(
        bodies.text("Hi", sender=f"47{number:02}{index:07}", at=OLD) for index in range(SENDERS)
    )
    return bodies.webhook(bodies.entry(ACME_ACCOUNT, bodies.value(ACME_NUMBER, messages=messages)))


def test_payloads_of_a_thousand_senders_cost_the_door_nothing_and_are_all_stored(stage, say):
    web = stage.web()
    for number in range(PAYLOADS):
        assert post(web.url, payload(number)).status == 200
    started = time.monotonic()
    for _ in range(2):
        stage.start_worker()
    beside, recorded = [], set()
    while not stage.is_calm():
        assert time.monotonic() - started < SECONDS
        beside.append(post(web.url, body_of(bodies.text("meanwhile", at=OLD))))
        recorded |= set(stage.rows(COUNT))
        time.sleep(0.2)

    assert {answer.status for answer in beside} == {200}
    # so long they were being recorded
    assert [count for (count,) in recorded if 0 < count < PAYLOADS * SENDERS] != []
    stage.wait_until_calm()
    assert stage.rows(COUNT) == [(PAYLOADS * SENDERS + len(beside),)]
    assert stage.rows(ERRORS) == [(0,)]
    say(f"{PAYLOADS * SENDERS} senders in {time.monotonic() - started:.1f} s")
