"""Ten thousand channels are checked within the hour by one process, at 200 ms a call of Meta's."""

import time

import pytest

from tests.chaos.server import run_command
from tests.support.cast import ACME_ACCOUNT
from tests.support.processes import eventually

pytestmark = pytest.mark.whatsapp

CHANNELS = 60  # two of them are the stage's own
CALL_SECONDS = 0.2
SECONDS_FOR_ALL = CHANNELS * 3600 / 10_000
META_APP = {
    "META_APP_ID": "700000000000001",
    "META_APP_SECRET": "meta-app-secret-of-the-tests",
    "META_CONFIG_ID": "8",
}
CONNECT = f"""
from channels_app.models import Channel
from tenants.models import Tenant
from tenants.scope import operator_scope
with operator_scope():
    acme = Tenant.objects.get(slug="acme")
    for number in range({CHANNELS - 2}):
        Channel.objects.connect(
            acme, kind="whatsapp", external_id=str(500000 + number), account_id="{ACME_ACCOUNT}",
            access_token="token", name="",
        )
"""
CHECK_NOW = """
import time
from channels_app import tasks
from channels_app.lifecycle import health_check
from tenants.scope import router_scope
with router_scope():
    until = int(time.time()) + 3600
    told = [{**tasks.named(each), "until": until} for each in health_check.to_be_checked()]
    tasks.check_channel_hourly.batch_defer(*told)
"""
CHECKED = "SELECT count(*) FROM messaging.channels WHERE health ? 'check'"


def test_one_process_keeps_up_with_ten_thousand_channels_at_200_ms_a_call(stage, say):
    stage.settings |= META_APP
    run_command(stage.settings, "shell", "-c", CONNECT)
    stage.graph.call_seconds = CALL_SECONDS
    run_command(stage.settings, "shell", "-c", CHECK_NOW)
    stage.jobs()
    assert eventually(lambda: stage.rows(CHECKED)[0][0] >= 2, 60)
    begun = time.monotonic()
    assert eventually(lambda: stage.rows(CHECKED) == [(CHANNELS,)], 60)
    seconds = time.monotonic() - begun
    say(f"{CHANNELS} channels checked in {seconds:.1f} s: {CHANNELS / seconds * 3600:,.0f} an hour")

    assert seconds < SECONDS_FOR_ALL
    assert stage.rows("SELECT DISTINCT status FROM messaging.channels") == [("live",)]
