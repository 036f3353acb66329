"""A message is sent through the API: to a conversation, or to somebody who never wrote. What cannot
be sent says where the fault is.
"""

from datetime import timedelta

import pytest
from django.utils import timezone

from channels_app.models import Channel
from messaging.api.content import KINDS
from messaging.models import Contact, Conversation, Message
from tenants.scope import operator_scope
from tests.support.api import faults_of
from tests.support.cast import GRACE
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

HELLO = {"kind": "text", "body": "Hello Ada"}
CARD = {"media": {"kind": "image", "link": "https://a.example/b.png"}, "body": "One"}
LINKED = {**CARD, "link": {"title": "Buy", "url": "https://a.example"}}
SECTION = {"rows": [{"id": "1", "title": "Red", "description": "Bright"}], "title": "Colours"}
CONTENTS = {
    "text": {"body": "Hello", "previews_links": False},
    "template": {
        "name": "hello",
        "language": "en",
        "components": [
            {"type": "body", "values": [{"type": "text", "text": "Ada"}]},
            {
                "type": "button",
                "index": 0,
                "kind": "url",
                "values": [{"type": "text", "text": "7"}],
            },
        ],
    },
    "image": {"link": "https://a.example/b.png", "caption": "Our shop"},
    "video": {"external_id": "77"},
    "audio": {"link": "https://a.example/b.ogg", "is_voice": True},
    "document": {"link": "https://a.example/b.pdf", "filename": "offer.pdf"},
    "sticker": {"external_id": "78"},
    "location": {"latitude": 59.3, "longitude": 18.1, "name": "Our shop"},
    "contacts": {"cards": [{"name": {"formatted": "Grace"}, "phones": [{"number": "+46 70 1"}]}]},
    "buttons": {
        "body": "Which?",
        "header": "A question",
        "buttons": [{"id": "a", "title": "A"}, {"id": "b", "title": "B"}],
    },
    "list": {"body": "Which?", "button": "Choose", "sections": [SECTION]},
    "link_button": {"body": "Look", "title": "Shop", "url": "https://a.example"},
    "carousel": {"body": "New", "cards": [LINKED, LINKED]},
    "flow": {"body": "A form", "title": "Open", "flow_id": "9", "screen": "START"},
    "product": {"catalog_id": "1", "product_id": "2", "body": "This"},
    "product_list": {
        "body": "These",
        "header": "New",
        "catalog_id": "1",
        "sections": [{"product_ids": ["2", "3"]}],
    },
    "catalog": {"body": "All of it"},
    "order_details": {"body": "Pay", "parameters": {"reference_id": "7"}},
    "order_status": {"body": "Paid", "parameters": {"reference_id": "7"}},
    "location_request": {"body": "Where?"},
    "contact_request": {"body": "Who?"},
    "call_permission_request": {"body": "May we call?"},
}


@pytest.fixture
def said(acmes, ada):
    """Say something to Ada."""

    def say(content, **more):
        return acmes.post("messages", {"conversation": str(ada), "content": content, **more})

    return say


def test_a_message_to_a_conversation_is_queued_and_sent(acmes, said, work, graph):
    response = said(HELLO)

    message = response.json()
    assert response.status_code == 202
    assert (message["status"], message["text"], message["origin"]) == ("queued", "Hello Ada", "api")
    work()
    assert [each["message"]["text"]["body"] for each in graph.ledger] == ["Hello Ada"]
    assert acmes.get(f"messages/{message['id']}").json()["status"] == "accepted"


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - {"reaction"}))
def test_content_of_every_kind_is_sent(said, approve, work, graph, kind):
    approve(
        "hello",
        {"type": "BODY", "text": "Hello {{1}}"},
        {"type": "BUTTONS", "buttons": [{"type": "URL", "url": "https://a.example/{{1}}"}]},
    )

    response = said({"kind": kind, **CONTENTS[kind]})
    work()

    assert response.status_code == 202, response.text
    assert len(graph.ledger) == 1


def test_a_reaction_names_the_message_by_its_id_here(acmes, said, ada, work, graph):
    (message,) = acmes.items("messages", conversation=str(ada))

    response = said({"kind": "reaction", "message": message["id"], "emoji": "👍"})
    work()

    assert response.json()["target"] == message["id"]
    assert graph.ledger[0]["message"]["reaction"] == {"message_id": "wamid.ada", "emoji": "👍"}


def test_a_reply_names_the_message_that_it_answers(acmes, said, ada, work, graph):
    (message,) = acmes.items("messages", conversation=str(ada))

    response = said(HELLO, reply_to=message["id"])
    work()

    assert response.json()["reply_to"] == message["id"]
    assert graph.ledger[0]["message"]["context"] == {"message_id": "wamid.ada"}


def test_a_message_read_again_tells_every_try_and_every_status(acmes, said, work, graph, report):
    id = said(HELLO).json()["id"]
    work()
    report(bodies.status(graph.ledger[0]["wamid"], "delivered"))
    work()

    told = acmes.get(f"messages/{id}").json()

    assert [(each["number"], each["outcome"]) for each in told["attempts"]] == [(1, "accepted")]
    assert [each["status"] for each in told["statuses"]] == ["delivered"]
    assert (told["status"], told["provider_data"]) == ("delivered", None)


def test_a_message_to_somebody_new_makes_contact_and_conversation(
    acmes, acme_whatsapp, approve, work, graph
):
    approve("hello")
    content = {"kind": "template", "name": "hello", "language": "en"}
    to = {"kind": "phone", "value": f"+{GRACE[:2]} {GRACE[2:]}"}
    body = {"channel": str(acme_whatsapp.id), "to": to, "content": content}

    first, second = acmes.post("messages", body).json(), acmes.post("messages", body).json()
    work()

    contact = acmes.get(f"contacts/{first['contact']}").json()
    assert contact["identities"] == [{"kind": "wa_id", "value": GRACE, "is_active": True}]
    assert second["conversation"] == first["conversation"]
    assert [each["message"]["to"] for each in graph.ledger] == [GRACE, GRACE]


def test_somebody_who_wrote_before_is_written_to_in_their_conversation(
    acmes, ada, acme_whatsapp, said
):
    (contact,) = acmes.items("contacts")
    to = {"kind": "wa_id", "value": contact["identities"][0]["value"]}

    sent = acmes.post(
        "messages", {"channel": str(acme_whatsapp.id), "to": to, "content": HELLO}
    ).json()

    assert (sent["conversation"], sent["contact"]) == (str(ada), contact["id"])


@pytest.mark.parametrize(
    "to",
    [
        {"kind": "phone", "value": "0"},
        {"kind": "phone", "value": "1" * 16},
        {"kind": "wa_id", "value": "not a number"},
        {"kind": "bsuid", "value": "4670000001"},
        {"kind": "parent_bsuid", "value": "SE.ENT.abc"},
    ],
)
def test_an_address_that_is_none_makes_nobody(acmes, acme_whatsapp, to):
    refused = acmes.post("messages", {"channel": str(acme_whatsapp.id), "to": to, "content": HELLO})

    assert (refused.status_code, refused.json()["code"]) == (422, "bad_recipient")
    assert [place for place, _ in faults_of(refused)] == ["/to"]
    with operator_scope():
        assert Contact.objects.count() == 0


def test_nobody_is_made_for_a_message_that_cannot_be_sent(acmes, acme_whatsapp):
    to = {"kind": "phone", "value": GRACE}

    refused = acmes.post("messages", {"channel": str(acme_whatsapp.id), "to": to, "content": HELLO})

    assert (refused.status_code, refused.json()["code"]) == (409, "window_closed")
    with operator_scope():
        assert Contact.objects.count() == 0


def test_outside_the_window_the_templates_that_would_do_are_named(acmes, said, approve):
    approve("hello")
    approve("paused", status="PAUSED")
    with operator_scope():
        Conversation.objects.update(window_closes_at=timezone.now() - timedelta(hours=1))

    refused = said(HELLO).json()

    assert (refused["status"], refused["code"]) == (409, "window_closed")
    assert [(each["name"], each["language"]) for each in refused["templates"]] == [("hello", "en")]
    assert said({"kind": "template", "name": "hello", "language": "en"}).status_code == 202


@pytest.mark.parametrize(
    ("content", "pointer", "sentence"),
    [
        ({"kind": "text", "body": " "}, "/content/body", "The text is empty."),
        (
            {"kind": "text", "body": "x" * 4097},
            "/content/body",
            "The text has 4097 characters; 4096 is the most.",
        ),
        (
            {
                "kind": "buttons",
                "body": "Which?",
                "buttons": [{"id": "a", "title": "A"}, {"id": "b", "title": "x" * 21}],
            },
            "/content/buttons/1/title",
            "The title of button 2 has 21 characters; 20 is the most.",
        ),
        (
            {"kind": "image", "link": "ftp://a.example"},
            "/content/link",
            "The image's link must begin with http:// or https://, name a host and have no spaces.",
        ),
        (
            {"kind": "template", "name": "unknown", "language": "en"},
            "/content/name",
            "The account has no template 'unknown' in 'en'. Fetch its templates, or correct the"
            " name.",
        ),
        ({"kind": "text"}, "/content/body", "This field is required."),
        ({"kind": "text", "body": "x", "bold": True}, "/content/bold", "There is no such field."),
        ({"kind": "image", "file": "x"}, "/content/file", "Must be a valid UUID."),
        (
            {"kind": "image", "file": "00000000-0000-0000-0000-000000000000"},
            "/content/file",
            "There is no such file, or it is not stored yet.",
        ),
        (
            {"kind": "reaction", "message": "00000000-0000-0000-0000-000000000000", "emoji": "x"},
            "/content/message",
            "There is no such message, or the provider does not know it yet.",
        ),
    ],
)
def test_each_fault_is_pointed_at(said, content, pointer, sentence):
    refused = said(content)

    assert (refused.status_code, faults_of(refused)) == (422, [(pointer, sentence)])


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"content": HELLO}, ""),
        ({"content": HELLO, "to": {"kind": "phone", "value": "1"}}, ""),
        ({}, "/content"),
        ({"content": HELLO, "colour": "red"}, "/colour"),
        ({"content": HELLO, "conversation": "x"}, "/conversation"),
        ({"content": "Hello", "conversation": None}, "/conversation"),
        ({"content": HELLO, "to": False}, "/to"),
        ({"content": HELLO, "to": {"kind": "pigeon", "value": "1"}}, "/to/kind"),
    ],
)
def test_a_body_that_says_too_little_or_too_much_is_pointed_at(acmes, body, pointer):
    refused = acmes.post("messages", body)

    assert refused.status_code == 422
    assert pointer in [place for place, _ in faults_of(refused)]


def test_what_is_past_when_it_comes_is_refused(said):
    refused = said(HELLO, expires_at="2020-01-01T00:00:00Z")

    assert faults_of(refused) == [("/expires_at", "This is in the past.")]


def test_a_conversation_with_a_hundred_waiting_messages_takes_no_more(said, ada, db_rows):
    with operator_scope():
        Channel.objects.update(status="needs_reauth")
    for _ in range(3):
        said(HELLO)
    with operator_scope():
        (last,) = Message.objects.order_by("-seq")[:1]
        for _ in range(97):
            last.pk, last.seq = None, last.seq + 1
            last._state.adding = True
            last.id = type(last)._meta.pk.get_default()
            last.save(force_insert=True)
        Conversation.objects.update(last_seq=last.seq)

    refused = said(HELLO)

    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_waiting")


def test_several_faults_are_told_together(said):
    refused = said(
        {"kind": "buttons", "body": "", "buttons": [{"id": "a", "title": ""}], "footer": "x" * 61}
    )

    assert {place for place, _ in faults_of(refused)} == {
        "/content/body",
        "/content/buttons/0/title",
        "/content/footer",
    }
