"""A conversation of any length opens at its end, and is read page by page, or around one message: a
page asks the same questions and reads its own rows, however long the conversation is.
"""

from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from messaging.models import Message
from tenants.scope import auth_scope, operator_scope
from tests.support import threads
from tests.support.rows_read import counted

pytestmark = pytest.mark.whatsapp

MORE = """
INSERT INTO messaging.messages
    (id, tenant_id, channel_id, conversation_id, direction, kind, text, status, external_id, seq,
     recipient, attempts, error_code, error, created_at, unanswered)
SELECT gen_random_uuid(), tenant_id, channel_id, conversation_id, 'inbound', 'text', n::text,
       'received', 'wamid.more-' || n, seq + n, '', 0, '', '', now(), ''
FROM messaging.messages, generate_series(1, %s) n WHERE external_id = 'wamid.ada'
"""
READ_AT_MOST = 500  # rows of one statement, for a page of 100


@pytest.fixture
def staff(db_rows) -> Client:
    with auth_scope():
        user = get_user_model().objects.create_superuser("grace", password="correct horse")
    client = Client()
    with auth_scope():
        client.force_login(user)
    return client


@pytest.fixture
def page(staff, ada):
    """A page of Ada's conversation, as its address asks for."""

    def page(query: str = "", conversation: UUID = ada) -> str:
        answer = staff.get(f"/admin/messaging/conversation/{conversation}/change/{query}")
        assert answer.status_code == 200
        return answer.content.decode()

    return page


def numbers_of(page: str) -> list[int]:
    return [int(bubble[0]) for bubble in threads.read(page).found if bubble[0].isdigit()]


def steps_of(page: str) -> dict[str, str]:
    """Where the links between pages lead."""
    return {words: address for address, words in threads.steps_of(page)}


def test_a_long_conversation_is_read_from_its_end_to_its_beginning_and_back(page, db_rows):
    db_rows.execute(MORE, [250])

    newest = page()
    assert (numbers_of(newest), list(steps_of(newest))) == (
        [*range(151, 251)],
        ["Earlier messages"],
    )
    older = page(steps_of(newest)["Earlier messages"])
    assert numbers_of(older) == [*range(51, 151)]
    oldest = page(steps_of(older)["Earlier messages"])
    assert (numbers_of(oldest), list(steps_of(oldest))) == (
        [*range(1, 51)],
        ["Later messages", "Newest messages"],
    )
    assert numbers_of(page(steps_of(oldest)["Later messages"])) == [*range(51, 151)]
    assert numbers_of(page(steps_of(oldest)["Newest messages"])) == [*range(151, 251)]


def test_a_page_stands_around_the_message_that_is_asked_for(page, db_rows):
    db_rows.execute(MORE, [250])
    with operator_scope():
        wanted = Message.objects.get(external_id="wamid.more-100")
    shown = page(f"?at={wanted.id}")

    assert numbers_of(shown) == [*range(51, 151)]
    assert list(steps_of(shown)) == ["Earlier messages", "Later messages", "Newest messages"]
    assert shown.count("bubble-asked") == 1
    assert f'bubble-asked" id="m-{wanted.id}"' in shown


def test_a_quoted_message_is_a_link_to_its_bubble_wherever_that_is(page, write, work, db_rows):
    db_rows.execute(MORE, [120])
    with operator_scope():
        Message.objects.filter(text="120").update(quoted_external_id="wamid.ada")
        Message.objects.filter(text="119").update(quoted_external_id="wamid.more-50")
        first, fiftieth = (
            Message.objects.get(external_id=each).id for each in ("wamid.ada", "wamid.more-50")
        )
    shown = page()

    assert f'<a class="bubble-quote" href="?at={first}#m-{first}">' in shown
    assert f'<a class="bubble-quote" href="#m-{fiftieth}">' in shown


@pytest.mark.parametrize(
    "query",
    [
        f"?at={UUID(int=1)}",
        "?at=nobody",
        "?before=",
        "?before=" + "9" * 40,
        "?before=1e3",
        "?after=%00",
        "?before=now&after=then",
    ],
)
def test_an_address_that_means_nothing_shows_the_newest(page, query):
    assert [bubble[0] for bubble in threads.read(page(query)).found] == ["Hello"]


def test_before_the_first_message_there_is_nothing_but_the_way_back(page):
    shown = page("?before=-999999999999999999")

    assert threads.read(shown).notices == ["No messages."]
    assert steps_of(shown) == {"Newest messages": "?"}


def test_a_page_asks_as_many_questions_for_a_hundred_messages_as_for_one(page, db_rows):
    page()  # what is asked once for a process
    counted = {}
    for length in (1, 3, 30, 300):
        db_rows.execute("DELETE FROM messaging.messages WHERE external_id LIKE 'wamid.more%'")
        db_rows.execute(MORE, [length - 1])
        with CaptureQueriesContext(connection) as asked:
            shown = page()
        counted[length] = (len(threads.read(shown).found), len(asked))

    assert counted == {1: (1, 15), 3: (3, 15), 30: (30, 15), 300: (100, 15)}


def test_a_page_of_a_hundred_thousand_messages_reads_little_more_than_its_own(page, db_rows, ada):
    db_rows.execute(MORE, [100_000])
    db_rows.execute("ANALYZE messaging.messages")
    with operator_scope():
        middle = Message.objects.get(external_id="wamid.more-50000")
    most = {}
    for query in ("", f"?before={middle.seq}", f"?after={middle.seq}", f"?at={middle.id}"):
        with counted() as read:
            page(query)
        most[query] = max(read.values())

    assert {query: rows for query, rows in most.items() if not 50 < rows < READ_AT_MOST} == {}
