"""A channel that is to be parked for its token, and gets another one at that moment."""

import threading

import pytest
from django.db import connection

from channels_app.lifecycle import parking
from channels_app.models import Channel
from tenants.scope import operator_scope
from tests.support.processes import eventually

pytestmark = pytest.mark.whatsapp

ASLEEP = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'advisory'"
ANOTHER = "UPDATE messaging.channels SET credentials = 'another seal'"
LOCK = "pg_advisory_xact_lock_shared(7) IS NOT NULL AND own.id = refusal.id"


def park(refusal: parking.Refusal) -> None:
    parking.park([refusal])
    connection.close()


def test_a_channel_that_gets_another_token_while_it_is_parked_stays_live(
    acme_whatsapp, db_rows, server, monkeypatch, tmp_path
):
    waiting = tmp_path / "park_channels.sql"
    waiting.write_text(parking.PARK.read_text().replace("own.id = refusal.id", LOCK, 1))
    monkeypatch.setattr(parking, "PARK", waiting)
    refusal = parking.Refusal(acme_whatsapp, "needs_reauth", "It ended.", "check")
    db_rows.execute("SELECT pg_advisory_lock(7)")
    thread = threading.Thread(target=park, args=(refusal,))
    thread.start()
    assert eventually(lambda: server.execute(ASLEEP).fetchone() == (1,))

    db_rows.execute(ANOTHER)
    db_rows.execute("SELECT pg_advisory_unlock(7)")
    thread.join()
    with operator_scope():
        assert Channel.objects.values_list("status", flat=True).get() == "live"
