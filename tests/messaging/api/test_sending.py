"""A message is sent through the API: to a conversation, or to somebody who never wrote."""

import pytest

from tests.support.cast import GRACE

pytestmark = pytest.mark.whatsapp

HELLO = {"kind": "text", "body": "Hello Ada"}


def test_a_message_to_a_conversation_is_queued_and_sent(acmes, ada, work, graph):
    response = acmes.post("messages", {"conversation": str(ada), "content": HELLO})

    message = response.json()
    assert response.status_code == 202
    assert (message["status"], message["text"], message["origin"]) == ("queued", "Hello Ada", "api")
    work()
    assert [each["message"]["text"]["body"] for each in graph.ledger] == ["Hello Ada"]
    assert acmes.get(f"messages/{message['id']}").json()["status"] == "accepted"


def test_a_message_to_a_new_recipient_makes_contact_and_conversation(
    acmes, acme_whatsapp, approve, work, graph
):
    approve("hello")
    to = {"kind": "phone", "value": f"+{GRACE}"}
    content = {"kind": "template", "name": "hello", "language": "en"}

    response = acmes.post(
        "messages", {"channel": str(acme_whatsapp.id), "to": to, "content": content}
    )

    assert response.status_code == 202, response.text
    contact = acmes.get(f"contacts/{response.json()['contact']}").json()
    assert contact["identities"] == [{"kind": "wa_id", "value": GRACE, "is_active": True}]
