"""The event log while a transaction is held open, a process that gives positions is killed, and
messages come and go.
"""

import time

import pytest

from tests.chaos.meta import crowd
from tests.chaos.running import wait_at_least
from tests.support.processes import eventually

pytestmark = pytest.mark.whatsapp

HELD_SECONDS = 30
A_SECOND = 2
LATE = "01a204db-d4b2-7652-861f-d79f213b8342"
APPEND = """
    INSERT INTO messaging.events
        (id, tenant_id, type, subject_id, stream_id, data, occurred_at)
    SELECT %s, id, 'contact.changed', %s, %s, '{}', now() FROM messaging.tenants WHERE slug = 'acme'
"""
NEXT = "SELECT position, id::text, number FROM messaging.events WHERE position > %s ORDER BY 1"
WAIT = "SELECT count(*) FROM messaging.events WHERE position IS NULL"
OLDEST = """
    SELECT coalesce(max(extract(epoch FROM now() - occurred_at)), 0) FROM messaging.events
    WHERE position IS NULL AND id <> %s
"""


def test_an_event_of_a_transaction_that_is_held_open_for_thirty_seconds_is_missed_by_no_reader(
    stage, say
):
    web, _, first = stage.web(), stage.worker(), stage.jobs()
    stage.jobs()
    held = stage.session()
    held.autocommit = False
    held.execute(APPEND, [LATE] * 3)
    held_since, read, delays = time.monotonic(), [], []

    def follow() -> None:
        read.extend(stage.rows(NEXT, read[-1][0] if read else 0))
        delays.append(stage.rows(OLDEST, LATE)[0][0])

    traffic = stage.traffic(web, crowd(A_SECOND * HELD_SECONDS), per_second=A_SECOND)
    while time.monotonic() - held_since < HELD_SECONDS:
        follow()
        if first.is_alive() and time.monotonic() - held_since > HELD_SECONDS / 3:
            first.kill()
        time.sleep(0.1)
    before = len(read)
    wait_at_least(held_since, HELD_SECONDS)
    held.commit()
    traffic.stop()
    stage.wait_until_calm()
    assert eventually(lambda: stage.rows(WAIT) == [(0,)])
    follow()

    everything = stage.rows("SELECT id::text FROM messaging.events")
    numbers = {id: number for _, id, number in read}
    assert sorted(id for _, id, _ in read) == sorted(id for (id,) in everything)
    assert (LATE in [id for _, id, _ in read[before:]], before > HELD_SECONDS) == (True, True)
    # who had read on by number would have passed it
    assert numbers[LATE] < read[before - 1][2]
    assert max(delays) < HELD_SECONDS / 3
    stage.assert_the_books_balance()
    say(f"{len(read)} events; the oldest waited {max(delays):.1f} s for its position")
