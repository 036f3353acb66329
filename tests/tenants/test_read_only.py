"""A kept connection leads to a server that takes no writes any more: it is not kept."""

import pytest
from django.db import InternalError, connection

from messaging.models import WebhookDelivery
from tenants.models import Tenant
from tenants.scope import operator_scope
from tests.support.outcomes import bodies_of

pytestmark = pytest.mark.whatsapp


@pytest.fixture
def replaced(db_rows) -> int:
    """The process of PostgreSQL that a kept connection leads to, which takes no writes any more."""
    with operator_scope(), connection.cursor() as cursor:
        cursor.execute("SET SESSION default_transaction_read_only = on")
    return connection.connection.info.backend_pid


def test_a_write_that_a_scope_tries_is_refused_and_the_next_finds_a_server_that_takes_it(replaced):
    with pytest.raises(InternalError), operator_scope():
        Tenant.objects.create(slug="acme", name="Acme")

    with operator_scope():
        Tenant.objects.create(slug="globex", name="Globex")
        assert list(Tenant.objects.values_list("slug", flat=True)) == ["globex"]
    assert connection.connection.info.backend_pid != replaced


def test_a_read_is_answered_and_its_connection_kept(replaced):
    with operator_scope():
        assert Tenant.objects.count() == 0
    assert connection.connection.info.backend_pid == replaced


def test_a_webhook_that_it_refuses_is_raised_for_a_503_and_the_next_is_stored(replaced, db_rows):
    with pytest.raises(InternalError):
        WebhookDelivery.store("whatsapp", b"refused")

    WebhookDelivery.store("whatsapp", b"taken")

    assert bodies_of(db_rows) == [("whatsapp", b"taken")]
