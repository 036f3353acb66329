"""The business's own people beside us: what they write in the phone app, what its history and its
address book hold.
"""

import time
from typing import Any

import pytest
from django.utils import timezone

from messaging.conversations import state
from messaging.conversations.thread import thread
from messaging.models import Contact, Conversation, Message, Resend
from tenants.models import Tenant
from tenants.scope import operator_scope, tenant_scope
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, ADA, GRACE, REPLY, thread_of
from tests.support.outcomes import dead_letters
from tests.support.whatsapp import bodies

pytestmark = [pytest.mark.whatsapp, pytest.mark.usefixtures("all_told")]

OUR_NUMBER = "15550100001"
LONG_AGO = 1_790_000_000


@pytest.fixture
def tells(deliver, work):
    """A webhook of another field, taken through: tells("history", {"history": [...]})"""

    def tells(field: str, content: dict) -> None:
        deliver(
            bodies.webhook(
                bodies.change(ACME_ACCOUNT, field, {**bodies.value(ACME_NUMBER), **content})
            )
        )
        work()

    return tells


def echo(text: str = "On its way!", *, to: str = ADA, **more: Any) -> dict:
    """One item of `message_echoes`."""
    item = {**bodies.text(text, sender=OUR_NUMBER, **more), "to": to}
    return {"message_echoes": [item]}


def history(*messages: dict, person: str = ADA, **more: Any) -> dict:
    return {
        "history": [
            {
                "metadata": {"phase": 0, "chunk_order": 1, "progress": 55},
                "threads": [{"id": person, "messages": list(messages)}],
            }
        ]
    }


def old(
    text: str, *, sender: str = ADA, at: int = LONG_AGO, status: str = "READ", **more: Any
) -> dict:
    return {
        **bodies.text(text, sender=sender, at=at, **more),
        "history_context": {"status": status},
    }


def shown(tenant: Tenant) -> list[tuple[str, str, bool, bool]]:
    """(who, text, is edited, is revoked) of a tenant's only conversation."""
    with operator_scope():
        rows, _ = thread(Conversation.objects.get(tenant=tenant), 50)
        return [(each.message.origin, each.text, each.is_edited, each.is_revoked) for each in rows]


def test_what_staff_write_in_the_phone_app_stands_in_the_conversation(
    acme, acme_whatsapp, write, tells, work, graph, db_rows
):
    write("Where is it?")
    work()
    tells("smb_message_echoes", echo())

    assert shown(acme) == [
        ("contact", "Where is it?", False, False),
        ("automatic", REPLY, False, False),
        ("phone_app", "On its way!", False, False),
    ]
    assert thread_of(acme)[2] == ("outbound", "On its way!", "sent")
    assert len(graph.ledger) == 1


def test_automatic_replies_pause_while_staff_write_and_come_back(
    acme, acme_whatsapp, write, tells, work, graph, db_rows
):
    tells("smb_message_echoes", echo())
    write("Thank you!")
    work()
    assert graph.ledger == []

    tells("smb_message_echoes", echo(at=time.time() - 7200))  # told late: the pause only grows
    write("Are you still there?")
    work()
    assert graph.ledger == []

    db_rows.execute(
        "UPDATE messaging.conversations SET replies_paused_until = now() - interval '1 minute'"
    )
    write("Hello?")
    work()
    assert [sent["message"]["text"]["body"] for sent in graph.ledger] == [REPLY]


def test_a_tenant_without_a_pause_answers_beside_its_staff(
    acme, acme_whatsapp, write, tells, work, graph, db_rows
):
    db_rows.execute("UPDATE messaging.tenants SET staff_pause_minutes = 0")
    tells("smb_message_echoes", echo())
    write("Thank you!")
    work()

    assert len(graph.ledger) == 1


def test_an_echo_opens_no_window_and_its_statuses_are_heeded(
    acme, acme_whatsapp, tells, report, work, db_rows
):
    tells("smb_message_echoes", echo(wamid="wamid.echo"))
    report(bodies.status("wamid.echo", "read"))
    work()

    assert thread_of(acme) == [("outbound", "On its way!", "read")]
    with operator_scope():
        conversation = Conversation.objects.get()
        assert (conversation.window_closes_at, conversation.last_inbound_at) == (None, None)


def test_an_echo_told_twice_is_one_message(acme, acme_whatsapp, tells, db_rows):
    for _ in range(2):
        tells("smb_message_echoes", echo(wamid="wamid.echo"))

    assert thread_of(acme) == [("outbound", "On its way!", "sent")]


def test_staff_edit_and_take_back_their_own_messages_only(
    acme, acme_whatsapp, write, tells, work, graph, db_rows
):
    db_rows.execute("UPDATE messaging.tenants SET auto_reply = ''")
    write("Hello", wamid="wamid.ada")
    work()
    tells("smb_message_echoes", echo("Good mornig", wamid="wamid.echo-1"))
    tells("smb_message_echoes", echo("Wrong person", wamid="wamid.echo-2"))
    aimed = {
        "edit": {
            "original_message_id": "wamid.echo-1",
            "message": {"type": "text", "text": {"body": "Good morning"}},
        },
        "revoke": {"original_message_id": "wamid.echo-2"},
    }
    for kind, content in aimed.items():
        tells(
            "smb_message_echoes",
            {"message_echoes": [{**echo()["message_echoes"][0], "type": kind, kind: content}]},
        )
    forged = {
        **echo()["message_echoes"][0],
        "type": "revoke",
        "revoke": {"original_message_id": "wamid.ada"},
    }
    tells("smb_message_echoes", {"message_echoes": [forged]})

    assert shown(acme) == [
        ("contact", "Hello", False, False),
        ("phone_app", "Good morning", True, False),
        ("phone_app", "", False, True),
    ]
    assert [text for _, text, _ in thread_of(acme)][:3] == ["Hello", "Good mornig", "Wrong person"]


def test_a_history_is_stored_in_order_and_nothing_else_happens(
    acme, acme_whatsapp, write, tells, work, graph, db_rows
):
    write("Hello again")
    work()
    with operator_scope():
        before = Conversation.objects.values_list(
            "window_closes_at", "last_inbound_at", "last_message_at", "status"
        ).get()
    tells(
        "history",
        history(
            old("third", at=LONG_AGO + 60),
            old("fourth", sender=OUR_NUMBER, at=LONG_AGO + 60, status="DELIVERED"),
        ),
    )
    tells("history", history(old("second", sender=OUR_NUMBER, at=LONG_AGO + 30), old("first")))

    assert [(who, text) for who, text, _, _ in shown(acme)] == [
        ("contact", "first"),
        ("phone_app", "second"),
        ("contact", "third"),
        ("phone_app", "fourth"),
        ("contact", "Hello again"),
        ("automatic", REPLY),
    ]
    assert [status for _, _, status in thread_of(acme)][:4] == [
        "received",
        "read",
        "received",
        "delivered",
    ]
    assert len(graph.ledger) == 1
    with operator_scope():
        assert (
            Conversation.objects.values_list(
                "window_closes_at", "last_inbound_at", "last_message_at", "status"
            ).get()
            == before
        )


def test_a_person_known_from_history_alone_has_no_window(
    acme, acme_whatsapp, tells, graph, db_rows
):
    tells("history", history(old("Hello", sender=GRACE), person=GRACE))

    with operator_scope():
        assert Conversation.objects.values_list("window_closes_at", "last_inbound_at").get() == (
            None,
            None,
        )
        assert Message.objects.get().is_history is True


def test_a_file_of_the_history_comes_later_and_fills_its_placeholder(
    acme, acme_whatsapp, tells, db_rows
):
    late = {"code": 131052, "title": "It comes later"}
    placeholder = {**old("", wamid="wamid.photo"), "type": "media_placeholder", "errors": [late]}
    del placeholder["text"]
    tells("history", history(placeholder))
    with operator_scope():
        assert Message.objects.get().error_code == "131052"
    photo = {
        **old("", wamid="wamid.photo"),
        "type": "image",
        "image": {"id": "9", "mime_type": "image/jpeg", "caption": "us"},
    }
    del photo["text"], photo["history_context"]
    tells("history", {"messages": [photo]})

    with operator_scope():
        filled = Message.objects.get()
        assert (filled.kind, filled.text, filled.preview, filled.seq < 0) == (
            "image",
            "us",
            "Photo: us",
            True,
        )
        assert (filled.error_code, filled.error) == ("", "")


def test_a_history_that_is_not_shared_costs_nothing(acme, acme_whatsapp, tells, db_rows):
    tells(
        "history",
        {"history": [{"errors": [{"code": 2593109, "title": "History sync is turned off"}]}]},
    )

    assert (thread_of(acme), dead_letters(db_rows)) == ([], [])


def test_the_address_book_names_contacts_and_forgets_them(
    acme, acme_whatsapp, write, tells, work, graph, db_rows
):
    def entry(action: str, number: str, name: str = "", at: int = LONG_AGO) -> dict:
        contact = {"full_name": name, "phone_number": number} if name else {"phone_number": number}
        return {
            "state_sync": [
                {
                    "type": "contact",
                    "contact": contact,
                    "action": action,
                    "metadata": {"timestamp": str(at)},
                }
            ]
        }

    tells("smb_app_state_sync", entry("add", ADA, "Ada L., wholesale"))
    write("Hello", sender=ADA)
    work()
    tells("smb_app_state_sync", entry("remove", GRACE))
    with operator_scope():
        assert [(str(each), each.name) for each in Contact.objects.all()] == [
            ("Ada L., wholesale", "Ada")
        ]

    tells("smb_app_state_sync", entry("remove", ADA, at=LONG_AGO + 2))
    tells("smb_app_state_sync", entry("add", ADA, "Told late", at=LONG_AGO + 1))
    with operator_scope():
        assert [str(each) for each in Contact.objects.all()] == ["Ada"]
    tells("smb_app_state_sync", entry("add", ADA, "In the same second", at=LONG_AGO + 2))
    with operator_scope():
        assert [str(each) for each in Contact.objects.all()] == ["In the same second"]
    assert len(graph.ledger) == 1


def test_what_staff_wrote_and_meta_could_not_deliver_is_not_ours_to_send_again(
    acme, acme_whatsapp, tells, report, work, graph, db_rows
):
    tells("smb_message_echoes", echo(wamid="wamid.echo"))
    report(
        bodies.status("wamid.echo", "failed", errors=[{"code": 131026, "title": "Undeliverable"}])
    )
    work()
    assert thread_of(acme) == [("outbound", "On its way!", "failed")]

    with operator_scope():
        assert (
            Resend.objects.order(Message.objects.values_list("id", flat=True), by="an operator")
            == []
        )
    work()
    assert (thread_of(acme), graph.ledger) == ([("outbound", "On its way!", "failed")], [])


@pytest.fixture
def waiting(acme, acme_whatsapp, write, work, graph) -> Conversation:
    """Ada's conversation, which waits for a person."""
    write("My money, please")
    work()
    with operator_scope():
        conversation = Conversation.objects.get()
    with tenant_scope(acme.id):
        state.hand_over(conversation.id)
    return conversation


def hands(db_rows: Any) -> list[tuple[str, str | None]]:
    """(because, the message that it was taken by) of each event of a handover."""
    told = """
        SELECT event.data ->> 'because', message.text FROM messaging.events event
        LEFT JOIN messaging.messages message ON message.id = (event.data ->> 'message_id')::uuid
        WHERE type = 'conversation.handed_over' ORDER BY number
    """
    return db_rows.execute(told).fetchall()


def test_staff_who_write_in_the_phone_app_take_a_conversation_that_waits_and_it_is_told_once(
    waiting, tells, db_rows
):
    later = time.time() + 5  # a provider tells whole seconds
    both = echo(at=later)["message_echoes"] + echo("Done.", at=later)["message_echoes"]
    tells("smb_message_echoes", {"message_echoes": both})
    tells("smb_message_echoes", echo("Anything else?", at=later))

    with operator_scope():
        taken = Conversation.objects.get()
    assert (taken.waiting_since, taken.answering_at(timezone.now())) == (None, "person")
    assert hands(db_rows) == [("order", None), ("taken", "On its way!")]


def test_an_echo_of_before_it_waited_that_is_told_late_leaves_it_to_people(waiting, tells, db_rows):
    tells("smb_message_echoes", echo(at=time.time() - 5))

    with operator_scope():
        left = Conversation.objects.get()
    assert (left.waiting_because, left.answering_at(timezone.now())) == ("order", "waiting")
    assert hands(db_rows) == [("order", None)]
