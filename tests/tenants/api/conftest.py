"""The platform's own software, and a channel of Acme whose row somebody else holds locked."""

from collections.abc import Iterator
from uuid import UUID

import psycopg
import pytest

from channels_app.models import Channel
from tenants.api_keys.keys import create
from tenants.models import KeyScope
from tenants.scope import operator_scope
from tests.support import database
from tests.support.api import Caller


@pytest.fixture
def acme_channel_locked(acme, database_name: str) -> Iterator[UUID]:
    with operator_scope():
        channel = Channel.objects.create(
            tenant=acme, kind="sample", external_id="acme", account_id="acme"
        )
    with psycopg.connect(database.superuser_url(database_name)) as other:
        other.execute("SELECT 1 FROM messaging.channels FOR UPDATE")
        yield channel.id
        other.rollback()


@pytest.fixture
def platform(web, db_rows) -> Caller:
    with operator_scope():
        _, key = create(None, "tests", [KeyScope.PLATFORM])
    return Caller(web, key)
