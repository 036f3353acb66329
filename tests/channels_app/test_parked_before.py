"""An upgrade finds parked channels whose release kept no word of how they come back: their reason
tells who parked them.
"""

from importlib import import_module

import psycopg
import pytest

from channels_app.models import Channel
from tenants.scope import operator_scope
from tests.support import database

pytestmark = pytest.mark.whatsapp

PARKED_BEFORE = import_module(
    "channels_app.migrations.0005_recovery_of_parked_channels"
).PARKED_BEFORE


@pytest.mark.parametrize(
    ("status", "reason", "recovery"),
    [
        ("needs_reauth", "The access token no longer works. (Graph error 190: Expired)", "check"),
        (
            "needs_reauth",
            "The token lacks the permission whatsapp_business_messaging: connect the number again.",
            "check",
        ),
        (
            "needs_reauth",
            "Meta says that the token is not valid: it gives no reason. Connect the number again.",
            "check",
        ),
        (
            "needs_reauth",
            "The token lacks a permission or the account's asset. (Graph error 10: No permission)",
            "probe",
        ),
        (
            "restricted",
            "Meta has restricted or disabled the business account. (Graph error 131031: Locked)",
            "probe",
        ),
        ("restricted", "Meta has disabled the account.", "reconnect"),
        (
            "needs_reauth",
            "The person who connected the number has removed our app at Meta: connect it again.",
            "reconnect",
        ),
        ("needs_reauth", "", "reconnect"),
    ],
)
def test_who_parked_a_channel_before_the_upgrade_decides_how_it_comes_back(
    acme_whatsapp, db_rows, database_name, status, reason, recovery
):
    with operator_scope():
        Channel.objects.update(
            status=status, status_reason=reason, recovers_by="check", parked_at=None
        )
    with psycopg.connect(database.owner_url(database_name)) as owner:
        owner.execute("SET search_path = messaging")
        owner.execute(PARKED_BEFORE)

    with operator_scope():
        found = Channel.objects.get()
        assert (found.recovers_by, found.parked_at is None) == (recovery, False)
