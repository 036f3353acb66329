"""What a test channel is told goes in by a function of the database: for that channel, and for no
other.
"""

import pytest
from uuid_utils.compat import uuid7

from messaging import sql
from tenants.scope import router_scope, tenant_scope
from tests.support.simulation import connect

pytestmark = pytest.mark.whatsapp

ADDRESSES = "SELECT address, route_hint, lane FROM messaging.webhook_deliveries"


def put_in(channel, *, of_tenant=None) -> None:
    """As raw SQL could."""
    sql.run(
        "deliveries/store_simulated_delivery",
        id=uuid7(),
        channel_id=channel.id,
        tenant_id=of_tenant or channel.tenant_id,
        lane=1,
        body=b"{}",
        after=0.0,
    )


@pytest.fixture
def trial(acme):
    return connect(acme)


def test_it_goes_in_within_its_tenants_scope_and_the_pipelines(acme, trial, db_rows):
    with tenant_scope(acme.id):
        put_in(trial)
    with router_scope():
        put_in(trial)

    expected = [(trial.external_id, trial.external_id, 1)] * 2
    assert db_rows.execute(ADDRESSES).fetchall() == expected


def test_nothing_is_put_in_for_any_other_channel(acme, globex, trial, acme_whatsapp, db_rows):
    theirs = connect(globex)
    with tenant_scope(acme.id):
        put_in(acme_whatsapp)  # a provider's
        put_in(theirs)
        put_in(theirs, of_tenant=acme.id)
    with router_scope():
        put_in(acme_whatsapp)
        put_in(theirs, of_tenant=acme.id)

    assert db_rows.execute(ADDRESSES).fetchall() == []


def test_nothing_is_put_in_for_a_channel_that_is_disconnected(acme, trial, db_rows):
    db_rows.execute("UPDATE messaging.channels SET status = 'disconnected', credentials = ''")
    with tenant_scope(acme.id):
        put_in(trial)

    assert db_rows.execute(ADDRESSES).fetchall() == []
