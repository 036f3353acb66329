"""Conversations: closed and reopened, in people's hands or automation's, read and answered."""

import pytest

from tests.support.cast import ADA, GRACE, REPLY

pytestmark = pytest.mark.whatsapp


def test_a_conversation_says_with_whom_it_is_and_until_when_it_may_be_written_to(
    acmes, ada, acme_whatsapp
):
    (told,) = acmes.items("conversations")

    assert (told["id"], told["channel"], told["status"], told["handled_by"]) == (
        str(ada),
        str(acme_whatsapp.id),
        "open",
        "automation",
    )
    assert told["window_closes_at"] > told["last_inbound_at"]


def test_a_closed_conversation_is_opened_by_the_contacts_next_message(acmes, ada, write, work):
    closed = acmes.post(f"conversations/{ada}/close")
    again = acmes.post(f"conversations/{ada}/close")
    listed = acmes.items("conversations", status="closed")
    write("One more thing")
    work()

    assert (closed.json()["status"], again.json()["status"], len(listed)) == ("closed", "closed", 1)
    assert acmes.get(f"conversations/{ada}").json()["status"] == "open"


def test_a_closed_conversation_can_be_reopened_and_written_to(acmes, ada):
    acmes.post(f"conversations/{ada}/close")

    assert acmes.post(f"conversations/{ada}/reopen").json()["status"] == "open"


def test_in_peoples_hands_nothing_is_answered_until_it_is_handed_back(
    acmes, acme, acme_whatsapp, write, work, graph
):
    acmes.patch(f"channels/{acme_whatsapp.id}", {"auto_reply": REPLY})
    write("First")
    work()
    conversation = acmes.items("conversations")[0]["id"]

    handed = acmes.post(f"conversations/{conversation}/hand-over").json()
    write("Second")
    work()
    back = acmes.post(f"conversations/{conversation}/hand-back").json()
    write("Third")
    work()

    assert (handed["handled_by"], back["handled_by"]) == ("people", "automation")
    assert (handed["waiting"]["because"], back["waiting"]) == ("order", None)
    said = [
        (each["direction"], each["text"])
        for each in acmes.items("messages", conversation=conversation)[::-1]
    ]
    assert said == [
        ("inbound", "First"),
        ("outbound", REPLY),
        ("inbound", "Second"),
        ("inbound", "Third"),
        ("outbound", REPLY),
    ]


@pytest.mark.parametrize(
    ("order", "receipt"),
    [
        ("read", {}),
        ("typing", {"typing_indicator": {"type": "text"}}),
    ],
)
def test_the_contact_is_shown_that_we_have_read_or_are_writing(
    acmes, ada, jobs, graph, order, receipt
):
    acmes.post(f"conversations/{ada}/{order}")
    jobs()

    (told,) = graph.receipts
    assert {name: told[name] for name in receipt} == receipt
    assert told["message_id"] == "wamid.ada"


def test_those_that_wait_for_a_person_are_listed_until_somebody_takes_them(
    acmes, acme_whatsapp, write, work, graph, db_rows
):
    write("First", sender=ADA)
    write("First", sender=GRACE)
    work()
    one, _ = (each["id"] for each in acmes.items("conversations"))
    acmes.post(f"conversations/{one}/hand-over")
    waiting = [each["id"] for each in acmes.items("conversations", waiting="true")]
    taken = acmes.post(f"conversations/{one}/take").json()
    again = acmes.post(f"conversations/{one}/take").json()

    assert waiting == [one]
    assert (taken["handled_by"], taken["waiting"]) == ("people", None)
    assert again == taken
    assert acmes.items("conversations", waiting="true") == []
    told = """SELECT data->>'to', data->>'because' FROM messaging.events
              WHERE type = 'conversation.handed_over' ORDER BY id"""
    assert db_rows.execute(told).fetchall() == [("people", "order"), ("people", "taken")]


def test_what_staff_write_takes_a_conversation_that_waits_and_tells_by_which_message(
    acmes, ada, say, db_rows
):
    acmes.post(f"conversations/{ada}/hand-over")
    first, _ = say("Hello, I am Olga.", ada), say("How can I help?", ada)

    assert acmes.get(f"conversations/{ada}").json()["waiting"] is None
    told = """SELECT data->>'to', data->>'because', data->>'message_id' FROM messaging.events
              WHERE type = 'conversation.handed_over' ORDER BY number"""
    assert db_rows.execute(told).fetchall() == [
        ("people", "order", None),
        ("people", "taken", str(first.id)),
    ]
