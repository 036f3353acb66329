"""What staff read of a conversation in the back-office, fetched as a browser does: words, quotes,
marks and changes.
"""

import re
from uuid import UUID

import pytest

from channels_app.content import Reaction
from messaging.models import Conversation, Message
from tenants.scope import operator_scope
from tests.support import threads
from tests.support.back_office import sign_in
from tests.support.cast import ADA, GRACE
from tests.support.whatsapp import bodies, shared_numbers

pytestmark = pytest.mark.whatsapp

NO_REPLY_SET = (
    "Not answered: No automatic reply was set.",
    "Set a reply: manage.py set_auto_reply --tenant acme TEXT",
)
ACCEPTED = "✓ Accepted by the provider"
GONE = "This message was deleted."


@pytest.fixture
def page(web, db_rows):
    """A conversation's page, as it is served."""
    session = sign_in(web, is_staff=True, is_superuser=True)

    def page(conversation_id: UUID) -> str:
        address = f"{web}/admin/messaging/conversation/{conversation_id}/change/"
        return session.get(address, timeout=10).text

    return page


@pytest.fixture
def read(page):
    """The bubbles of a conversation's page: the lines of each, without its time.

    That nothing is answered by itself here is left out unless asked for.
    """

    def read(conversation_id: UUID, left_out: tuple[str, ...] = NO_REPLY_SET) -> list[list[str]]:
        bubbles = threads.read(page(conversation_id)).found
        return [[line for line in bubble if line not in left_out] for bubble in bubbles]

    return read


def test_edited_deleted_reacted_to_quoted_and_forwarded_messages_say_so(
    ada, write, work, say, report, graph, read
):
    write("Secret words", wamid="wamid.secret")
    write("Which ones?", context={"id": "wamid.secret"})
    write("A joke", context={"forwarded": True})
    write("An old joke", context={"frequently_forwarded": True})
    write("Tee", wamid="wamid.tee")
    write("Yes, that", context={"id": "wamid.tee"})
    edit = {
        "original_message_id": "wamid.tee",
        "message": {"type": "text", "text": {"body": "Tea"}},
    }
    write("", type="edit", edit=edit)
    write("", type="reaction", reaction={"message_id": "wamid.tee", "emoji": "👍"})
    work()
    assert read(ada)[1:3] == [["Secret words"], ["Secret words", "Which ones?"]]

    write("", type="revoke", revoke={"original_message_id": "wamid.secret"})
    work()
    say(Reaction(message_external_id="wamid.tee", emoji="🙏"), ada)
    say("Tea it is", ada, quoting="wamid.tee")
    work()
    assert read(ada) == [
        ["Hello"],
        [GONE],
        [GONE, "Which ones?"],
        ["Forwarded", "A joke"],
        ["Forwarded many times", "An old joke"],
        ["Tea", "Earlier words", "Tee", "👍 🙏", "edited"],
        ["Tea", "Yes, that"],
        ["Tea", "Tea it is", f"staff, here · {ACCEPTED}"],
    ]


REFERRALS = [
    (
        {"source_type": "ad", "headline": "Tea week", "source_url": "https://fb.me/1"},
        "Came by an advertisement: Tea week",
    ),
    (
        {"source_type": "ad", "source_url": "https://fb.me/1"},
        "Came by an advertisement: https://fb.me/1",
    ),
]


@pytest.mark.parametrize(("referral", "says"), REFERRALS)
def test_a_message_says_by_which_advertisement_it_came(ada, write, work, read, referral, says):
    write("Is it still on?", referral=referral)
    work()

    assert read(ada) == [["Hello"], [says, "Is it still on?"]]


def test_a_message_says_by_which_product_it_came(ada, write, work, read):
    write(
        "Is it there?",
        context={"referred_product": {"catalog_id": "1", "product_retailer_id": "tea-17"}},
    )
    work()

    assert read(ada) == [["Hello"], ["Came by the product tea-17", "Is it there?"]]


def test_what_has_no_words_says_what_it_is(ada, write, work, read):
    write("", type="location", location={"latitude": 1.5, "longitude": 2})
    write("", type="hologram", hologram={})
    write("", type="revoke", revoke={"original_message_id": "wamid.never-seen"})
    write(
        "",
        type="image",
        image={"id": "9", "mime_type": "image/jpeg", "caption": "Us"},
        wamid="wamid.photo",
    )
    new_caption = {"type": "image", "image": {"id": "9", "caption": "Us two"}}
    write("", type="edit", edit={"original_message_id": "wamid.photo", "message": new_caption})
    work()

    assert read(ada) == [
        ["Hello"],
        ["Location: 1.5, 2"],
        ["Message of the type hologram"],
        [
            "Deleted a message",
            "Message deleted",
            "Not answered: Messages of this kind are never answered.",
        ],
        ["Photo: being fetched", "Us two", "Earlier words", "Us", "edited"],
    ]


def test_a_refused_message_says_why_and_each_conversation_has_its_own_page(
    ada, write, work, say, graph, read
):
    write("I am Grace", sender=GRACE)
    work()
    graph.script.append({"code": 131026})
    say("Hi Ada", ada)
    work()
    with operator_scope():
        grace = Conversation.objects.exclude(id=ada).get()
        error = Message.objects.get(direction="outbound").error

    assert (read(grace.id), bool(error)) == ([["I am Grace"]], True)
    step = "Mend what the error says, then order “Send again” on the message's page."
    meaning, _, said = error.removesuffix(")").partition(" (")
    assert read(ada) == [
        ["Hello"],
        [
            "Hi Ada",
            "staff, here · ✗ Failed",
            "It was not delivered.",
            meaning,
            f"The provider said: {said}",
            f"What to do: {step}",
        ],
    ]


def test_a_message_without_an_answer_says_why_and_what_to_do(ada, read):
    assert read(ada, left_out=()) == [["Hello", *NO_REPLY_SET]]


def test_each_bubble_leads_to_its_message(ada, web, db_rows):
    session = sign_in(web, is_staff=True, is_superuser=True)
    page = session.get(f"{web}/admin/messaging/conversation/{ada}/change/", timeout=10).text
    with operator_scope():
        message = Message.objects.get()

    (address,) = re.findall(r'<a href="(/admin/messaging/message/[^"]*/change/)">', page)
    assert address == f"/admin/messaging/message/{message.id}/change/"
    assert session.get(f"{web}{address}", timeout=10).status_code == 200


def test_what_goes_to_another_responder_and_what_that_one_says_is_marked(ada, deliver, work, read):
    contacts = {"messages": [bodies.text("Where is it?")]}
    theirs = {"message_echoes": [shared_numbers.echo("On its way")]}
    for lists in (contacts, theirs):
        deliver(shared_numbers.webhook(("standby", shared_numbers.standby(**lists))))
    work()

    assert read(ada, left_out=()) == [
        ["Hello", *NO_REPLY_SET],
        ["Written to another responder", "Where is it?"],
        ["On its way", "another responder · ✓ Sent"],
    ]


def test_what_nobody_wrote_is_a_plain_line_between_the_bubbles(ada, deliver, work, read, page):
    handover = shared_numbers.handover("control_taken", sender={"phone_number": ADA})
    deliver(shared_numbers.webhook(("messaging_handovers", handover)))
    work()

    lines = threads.read(page(ada)).notices
    assert (read(ada), lines) == ([["Hello"]], ["Another responder took the conversation."])
