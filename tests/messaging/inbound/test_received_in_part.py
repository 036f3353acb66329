"""What people wrote in ways that nobody expected is received, says what it is, and says what is
missing of it.
"""

from uuid import UUID

import pytest

from messaging.models import Media, Message
from tenants.scope import operator_scope
from tests.support.back_office import sign_in
from tests.support.cast import thread_of
from tests.support.whatsapp.reported import body_of

pytestmark = pytest.mark.whatsapp

MEANING = "The media could not be downloaded: ask the person to send it again."
SAID = "Graph error 131052: Media download error: The file is larger than 100 MB."
NO_FILE = f"{MEANING} ({SAID})"


def received() -> Message:
    with operator_scope():
        return Message.objects.get(direction="inbound")


@pytest.fixture
def shown(web, db_rows):
    """What staff read on the pages of a message and of its conversation."""
    session = sign_in(web, is_staff=True, is_superuser=True)

    def shown(message: Message) -> list[str]:
        pages: list[tuple[str, UUID]] = [
            ("message", message.id),
            ("conversation", message.conversation_id),
        ]
        return [
            session.get(f"{web}/admin/messaging/{page}/{id}/change/", timeout=10).text
            for page, id in pages
        ]

    return shown


def test_a_file_that_was_too_large_for_whatsapp_is_a_message_that_says_so(
    quiet, acme_whatsapp, deliver, work, shown
):
    deliver(body_of("media_too_large_for_whatsapp"))
    work()
    message = received()
    assert (
        message.status,
        message.preview,
        message.error_code,
        message.error,
        message.needs_attention,
    ) == ("received", "Document: plans.pdf", "131052", NO_FILE, False)
    with operator_scope():
        assert Media.objects.count() == 0

    of_message, of_conversation = shown(message)
    assert NO_FILE in of_message
    assert [words in of_conversation for words in (MEANING, SAID)] == [True, True]


def test_what_came_with_an_error_is_answered_and_the_answer_has_none(
    acme, acme_whatsapp, deliver, work, graph
):
    deliver(body_of("media_too_large_for_whatsapp"))
    work()

    with operator_scope():
        assert Message.objects.values_list("status", "error").get(direction="outbound") == (
            "accepted",
            "",
        )


@pytest.mark.parametrize(
    ("report", "text", "preview"),
    [
        ("interactive_product", "sku-9", "Message of the type product: sku-9"),
        ("location_with_null_coordinates", "", "Location"),
    ],
)
def test_what_a_message_says_is_read_of_it_and_nothing_is_made_up(
    quiet, acme, acme_whatsapp, deliver, work, shown, report, text, preview
):
    deliver(body_of(report))
    work()
    message = received()

    assert (thread_of(acme), message.preview) == ([("inbound", text, "received")], preview)
    assert [preview in page for page in shown(message)[1:]] == [True]
    assert [("None" in page, "without words" in page) for page in shown(message)[1:]] == [
        (False, False)
    ]


@pytest.mark.parametrize(
    "referral",
    [{"source_type": "ad", "headline": None, "source_url": None}, {"source_id": "7"}],
    ids=str,
)
def test_an_advertisement_without_words_shows_none(
    quiet, acme_whatsapp, write, work, shown, referral
):
    write("Is it still on?", referral=referral)
    write(
        "And this?", context={"referred_product": {"catalog_id": "1", "product_retailer_id": None}}
    )
    work()
    with operator_scope():
        message = Message.objects.order_by("seq").first()

    assert message is not None
    assert "None" not in shown(message)[1]
