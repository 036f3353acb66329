"""A conversation to say something in: Ada has written to Acme, and nothing answers her by
itself.
"""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import psycopg
import pytest

from channels_app.content import Content, Text, Unsendable
from channels_app.models import Channel, MessageTemplate
from messaging.inbound.leasing import DeliveryLeaser
from messaging.models import Conversation, Message
from messaging.outbound import submit
from tenants.models import Tenant
from tenants.scope import operator_scope, tenant_scope
from tests.support import database

Say = Callable[..., Message]


@pytest.fixture
def other(database_name: str) -> Iterator[psycopg.Connection]:
    """A session that holds what it locks until the test ends."""
    with psycopg.connect(database.superuser_url(database_name)) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def quiet(acme: Tenant) -> None:
    with operator_scope():
        Tenant.objects.filter(id=acme.id).update(auto_reply="")


@pytest.fixture
def ada(quiet: None, acme_whatsapp: Channel, write: Any, graph: Any) -> UUID:
    """The conversation's id; her message in it is wamid.ada. A worker's whole round would find
    nothing else to do.
    """
    write("Hello", wamid="wamid.ada")
    assert DeliveryLeaser().process_new() == 1
    with operator_scope():
        return Conversation.objects.get().id


@pytest.fixture
def say(acme: Tenant) -> Say:
    """Acme says something: say("Hi", ada), or any content; the queued message."""

    def say(
        what: Content | str, conversation_id: UUID, *, origin: str = "staff", **more: Any
    ) -> Message:
        content = Text(body=what) if isinstance(what, str) else what
        with tenant_scope(acme.id):
            return submit.send(conversation_id, content, origin=origin, **more)

    return say


@pytest.fixture
def faults(say: Say, db_rows: Any) -> Callable[..., tuple[str, ...]]:
    """Why something cannot be said; and it was not queued."""

    def faults(what: Content | str, conversation_id: UUID, **more: Any) -> tuple[str, ...]:
        state = (
            "SELECT (SELECT count(*) FROM messaging.messages), last_seq FROM"
            " messaging.conversations"
        )
        before = db_rows.execute(state).fetchall()
        with pytest.raises(Unsendable) as refusal:
            say(what, conversation_id, **more)
        assert db_rows.execute(state).fetchall() == before
        return refusal.value.faults

    return faults


@pytest.fixture
def approve(acme_whatsapp: Channel) -> Callable[..., None]:
    """A template of Acme's account, as its provider lists it."""

    def approve(
        name: str,
        *components: dict,
        category: str = "UTILITY",
        status: str = "APPROVED",
        **more: Any,
    ) -> None:
        of = {
            "tenant": acme_whatsapp.tenant,
            "kind": "whatsapp",
            "account_id": acme_whatsapp.account_id,
            **more,
        }
        given = {
            "language": "en",
            "category": category,
            "status": status,
            "components": list(components),
        }
        with operator_scope():
            MessageTemplate.objects.create(name=name, **{**given, **of})

    return approve
