"""A channel that is to be parked for its token, and gets another one at that moment."""

import pytest

from channels_app.lifecycle import parking
from channels_app.models import Channel
from tenants.scope import operator_scope
from tests.support.together import PAUSED, meanwhile

pytestmark = [pytest.mark.whatsapp, pytest.mark.usefixtures("all_told")]

ANOTHER = "UPDATE messaging.channels SET credentials = 'another seal'"


def test_a_channel_that_gets_another_token_while_it_is_parked_stays_live(
    acme_whatsapp, db_rows, monkeypatch, tmp_path
):
    waiting = tmp_path / "park_channels.sql"
    waiting.write_text(parking.PARK.read_text().replace("own.id =", f"{PAUSED} own.id =", 1))
    monkeypatch.setattr(parking, "PARK", waiting)
    refusal = parking.Refusal(acme_whatsapp, "needs_reauth", "It ended.", "check")

    meanwhile(db_rows, lambda: parking.park([refusal]), lambda: db_rows.execute(ANOTHER))
    with operator_scope():
        assert Channel.objects.values_list("status", flat=True).get() == "live"
