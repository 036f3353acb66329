"""A service that answers for Acme as a test says, and a process that asks it."""

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from channels_app.models import Channel
from messaging.deferred_replies.answerer import Answerer
from tenants.models import Tenant
from tests.support.replies import choose_service, says, served
from tests.support.subscriber import Subscriber

pytestmark = pytest.mark.whatsapp


@pytest.fixture
def service(settings: Any) -> Iterator[Subscriber]:
    with served(settings, lambda received: says("Hello from the service.")) as service:
        yield service


@pytest.fixture
def acmes_service(acme: Tenant, acme_whatsapp: Channel, service: Subscriber) -> Subscriber:
    """Acme has chosen it for all its channels."""
    choose_service(acme, service)
    return service


@pytest.fixture
def answerer(db_rows: psycopg.Connection) -> Iterator[Answerer]:
    answerer = Answerer(at_once=8)
    yield answerer
    answerer.stop(0)


@pytest.fixture
def answer(answerer: Answerer) -> Callable[[], None]:
    """Ask for what is due now, and settle what is said."""

    def answer() -> None:
        answerer.next_look = 0.0
        while answerer.work():
            answerer.next_look = 0.0

    return answer


@pytest.fixture
def replies(db_rows: psycopg.Connection) -> Callable[[], list[tuple[str, str]]]:
    """The deferred replies: (text of the message, how it ended), the oldest first."""
    query = """SELECT message.text, reply.outcome FROM messaging.deferred_replies reply
               JOIN messaging.messages message ON message.id = reply.message_id
               ORDER BY reply.id"""
    return lambda: db_rows.execute(query).fetchall()


@pytest.fixture
def thread(db_rows: psycopg.Connection) -> Callable[[], list[tuple[str, str]]]:
    """The messages: (text, status, or why it is not answered), in the order of their places."""
    query = """SELECT text, CASE WHEN unanswered = '' THEN status ELSE unanswered END
               FROM messaging.messages ORDER BY conversation_id, seq"""
    return lambda: db_rows.execute(query).fetchall()


@pytest.fixture
def waiting(db_rows: psycopg.Connection) -> Callable[[], list[tuple[str, str]]]:
    """The conversations that wait for a person: (why, note)."""
    query = """SELECT waiting_because, waiting_note FROM messaging.conversations
               WHERE waiting_since IS NOT NULL AND replies_paused_until > now() ORDER BY id"""
    return lambda: db_rows.execute(query).fetchall()
