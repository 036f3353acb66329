"""A channel of Acme whose row somebody else holds locked."""

from collections.abc import Iterator
from uuid import UUID

import psycopg
import pytest

from channels_app.models import Channel
from tenants.scope import operator_scope
from tests.support import database


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
