"""An operator reads a conversation in a real browser: what it holds is shown as its two sides see
it, however long it is.
"""

import pytest

from tests.browser.rich_thread import RichThread

pytestmark = pytest.mark.whatsapp

PICTURES = "return [...document.querySelectorAll('.thread img')].map((each) => each.naturalWidth)"
MAP = "return document.querySelector('.bubble-place a').href.split('#')[0]"
WORDS = "return [...document.querySelectorAll('.bubble-words')].map((each) => each.innerText)"
MORE = """
INSERT INTO messaging.messages
    (id, tenant_id, channel_id, conversation_id, direction, kind, text, status, external_id, seq,
     recipient, attempts, error_code, error, created_at, unanswered)
SELECT gen_random_uuid(), tenant_id, channel_id, conversation_id, 'inbound', 'text',
       'Message ' || n, 'received', 'wamid.more-' || n, seq + n, '', 0, '', '', now(), ''
FROM messaging.messages, generate_series(1, 250) n WHERE external_id = 'wamid.first'
"""


def open_ada(operator) -> None:
    operator.open("/admin/")
    operator.follow("Conversations")
    operator.open_row("Ada")
    assert operator.sees("Messages:")


def test_a_thread_shows_pictures_files_places_choices_and_changes(
    operator, acme_whatsapp, write, work, jobs, graph
):
    thread = RichThread(write, work, graph)
    thread.files()
    thread.places_and_people()
    work()
    thread.choices()
    thread.changes()
    jobs()

    open_ada(operator)
    for words in (
        *("This cup is broken", "Invoice 17.pdf (19", "Tea House 1 Leaf Lane 52.52, 13.4"),
        *("Grace Hopper", "Yes, please (pressed)", "Green From Kyoto (chosen)", "edited"),
        *("This message was deleted.", "Forwarded", "شكرا جزيلا"),
    ):
        assert operator.sees(words), words
    operator.station("51-thread")
    operator.unfold("Earlier words")
    assert operator.sees("Tee")
    assert operator.ask(PICTURES) == [320]
    assert operator.ask(MAP) == "https://www.openstreetmap.org/?mlat=52.520000&mlon=13.400000"


def test_a_long_thread_opens_at_its_end_and_is_read_page_by_page(
    operator, acme_whatsapp, write, work, graph, db_rows
):
    db_rows.execute("UPDATE messaging.tenants SET auto_reply = ''")
    write("The first", wamid="wamid.first")
    work()
    db_rows.execute(MORE)

    open_ada(operator)
    assert operator.sees("Message 151")
    assert operator.ask(WORDS) == [f"Message {n}" for n in range(151, 251)]
    operator.station("52-long-thread")
    operator.follow("Earlier messages")
    assert operator.sees("Message 51")
    assert operator.ask(WORDS) == [f"Message {n}" for n in range(51, 151)]
    operator.follow("Earlier messages")
    assert operator.sees("The first")
    assert operator.ask(WORDS) == ["The first", *(f"Message {n}" for n in range(1, 51))]
    operator.follow("Later messages")
    assert operator.sees("Message 150")
    operator.follow("Newest messages")
    assert operator.sees("Message 250")
