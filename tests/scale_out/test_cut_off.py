"""What a machine that is cut off holds in the database, and for how long: locks of a transaction
that it had begun, and sessions.
"""

import time

import pytest

from tests.chaos.meta import body_of
from tests.support.cast import ADA
from tests.support.processes import eventually
from tests.support.whatsapp import bodies

pytestmark = [pytest.mark.whatsapp, pytest.mark.long]

# between the statements of the transaction that records: contacts and their messages are locked
IN_A_TRANSACTION = "messaging.inbound.recording.shared_threads:before:sleep=600:1"
HELD_SECONDS, TAKEN_UP_SECONDS = 10, 15  # the latter: a lease, and two looks of a busy machine
SESSION_SECONDS, BUSY_SECONDS = 60, 30
SESSIONS = """
    SELECT count(*) FROM pg_stat_activity WHERE client_addr = %s::inet AND datname = %s
"""
HOLDERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE usename = 'msg_app' AND state = 'idle in transaction'
      AND state_change < now() - interval '2 seconds'
"""


def write(site, text: str) -> None:
    assert site.posting([body_of(bodies.text(text, sender=ADA))], per_second=1).wait(60)


def test_what_a_worker_cut_off_in_a_transaction_holds_is_let_go_and_taken_up_by_another(site, say):
    site.start_web().wait_until_it_answers()
    alone = site.worker(failpoints=IN_A_TRANSACTION)
    write(site, "one")
    assert eventually(lambda: site.rows(HOLDERS) == [(1,)], 60)
    site.machine_of(alone).cut()
    cut = time.monotonic()
    site.worker()
    write(site, "two")

    assert eventually(lambda: site.rows(HOLDERS) == [(0,)], 60, pause=0.2)
    held = time.monotonic() - cut
    assert eventually(lambda: site.replies() == ["accepted"] * 2, 60)
    answered = time.monotonic() - cut
    say(f"locks held for {held:.0f} s after the cut, both answered after {answered:.0f} s")
    site.machine_of(alone).mend()
    assert len(site.inbound()) == 2
    site.assert_the_books_balance()
    assert held < HELD_SECONDS + BUSY_SECONDS / 3
    assert answered < HELD_SECONDS + TAKEN_UP_SECONDS + BUSY_SECONDS


def test_sessions_of_a_machine_that_is_gone_are_closed_without_a_pooler_in_between(site, say):
    worker = site.worker(DATABASE_URL=site.server.direct_url(site.name))
    machine = site.machine_of(worker)
    sessions = lambda: site.rows(SESSIONS, machine.address, site.name)[0][0]  # noqa: E731
    assert eventually(lambda: sessions() > 0, 60)
    machine.cut()
    cut = time.monotonic()

    is_gone = eventually(lambda: sessions() == 0, SESSION_SECONDS + BUSY_SECONDS, pause=0.5)
    say(f"{sessions()} sessions left {time.monotonic() - cut:.0f} s after the cut")
    assert is_gone
