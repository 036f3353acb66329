"""What would be refused later is refused at once, all of it and in sentences; what changes
meanwhile is decided at the POST.
"""

from typing import Any
from uuid import uuid4

import pytest

from channels_app import providers
from channels_app.content import (
    Button,
    Buttons,
    Fault,
    FaultCode,
    Media,
    Reaction,
    Template,
    TemplateBody,
    Text,
    TextValue,
)
from messaging.models import Conversation, Message
from messaging.outbound import submit
from messaging.outbound.template_rules import recipients_of
from tenants.scope import operator_scope
from tests.support.cast import ACME_ACCOUNT, ADA, GLOBEX_ACCOUNT, GLOBEX_NUMBER, GRACE, thread_of
from tests.support.pointers import told
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

CLOSED = "The contact wrote more than 24 hours ago, or never: only a template may be sent."
HELLO = Template(name="hello", language="en")


@pytest.fixture
def close_window(db_rows):
    return lambda: db_rows.execute(
        "UPDATE messaging.conversations SET window_closes_at = now() - interval '1 second'"
    )


def statuses() -> list[tuple[str, str]]:
    with operator_scope():
        return list(
            Message.objects.filter(direction="outbound")
            .order_by("seq")
            .values_list("status", "error")
        )


INVALID: list[tuple[Any, tuple[Fault, ...]]] = [
    (Text(body=" "), (Fault("The text is empty.", "/body"),)),
    (
        Text(body="x" * 4097),
        (Fault("The text has 4097 characters; 4096 is the most.", "/body"),),
    ),
    (
        Buttons(body="", buttons=(Button(id="1", title="Yes"), Button(id="1", title="Yes"))),
        (
            Fault("Buttons 1 and 2 have the same id; each needs its own.", "/buttons/1/id"),
            Fault("Buttons 1 and 2 have the same title; each needs its own.", "/buttons/1/title"),
            Fault("The body is empty.", "/body"),
        ),
    ),
    (
        Media(kind="image", filename="a.png"),
        (
            Fault("The image needs exactly one source: an id, a link or a file."),
            Fault("The image has a file name; only documents have one.", "/filename"),
        ),
    ),
]


@pytest.mark.parametrize(("content", "said"), INVALID)
def test_what_graph_would_refuse_is_not_queued_and_every_fault_is_said(ada, faults, content, said):
    assert told(faults(content, ada)) == told(said)


def test_all_that_stands_against_a_message_is_said_at_once(ada, faults, close_window, db_rows):
    close_window()
    db_rows.execute("UPDATE messaging.contacts SET blocked_at = now()")
    db_rows.execute("UPDATE messaging.channels SET status = 'disconnected'")

    assert told(faults(Text(body=""), ada, quoting="wamid.nowhere")) == [
        ("The text is empty.", "/body", FaultCode.INVALID),
        (
            "The message to be answered is none of this conversation.",
            "",
            FaultCode.NO_SUCH_MESSAGE,
        ),
        (
            "The channel is disconnected: connect it again to write.",
            "",
            FaultCode.CHANNEL_DISCONNECTED,
        ),
        ("The contact is blocked: unblock them to write.", "", FaultCode.CONTACT_BLOCKED),
        (CLOSED, "", FaultCode.WINDOW_CLOSED),
    ]


def test_outside_the_window_only_a_template_leaves(
    acme, ada, approve, say, faults, close_window, work
):
    approve("hello")
    close_window()
    assert faults("Hi", ada) == (CLOSED,)
    say(HELLO, ada)
    work()

    assert thread_of(acme)[1:] == [("outbound", "hello", "accepted")]


def test_a_window_that_closes_in_the_queue_expires_a_text_and_no_template(
    ada, approve, say, close_window, work, graph
):
    approve("hello")
    say("Hi", ada)
    say(HELLO, ada)
    close_window()
    work()

    assert statuses() == [
        ("expired", "It was too old to be sent, or the window to answer had closed."),
        ("accepted", ""),
    ]
    assert [sent["message"]["type"] for sent in graph.ledger] == ["template"]


NAMED = {"type": "BODY", "text": "{{who}}, your {{what}} is ready."}
NUMBERED = {"type": "BODY", "text": "{{1}}, your {{2}} is ready."}


def test_a_template_must_be_the_accounts_approved_and_filled_in(globex, ada, approve, say, faults):
    who = Template(
        name="ready",
        language="en",
        components=(TemplateBody(values=(TextValue(text="Ada", name="who"),)),),
    )
    unknown = (
        "The account has no template 'ready' in 'en'. Fetch its templates, or correct the name."
    )
    approve("ready", tenant=globex)
    approve("ready", account_id="another-account")
    approve("ready", language="de")
    assert told(faults(who, ada)) == [(unknown, "/name", FaultCode.NO_SUCH_TEMPLATE)]

    approve("ready", NAMED, parameter_format="NAMED", status="PENDING")
    assert told(faults(who, ada)) == [
        (
            "The template ready is still being reviewed by Meta: send it once it is approved.",
            "/name",
            FaultCode.TEMPLATE_NOT_SENDABLE,
        ),
        (
            "The body takes a value named what; none is given.",
            "/components/0/values",
            FaultCode.INVALID,
        ),
    ]
    approve("numbered", NUMBERED, parameter_format="POSITIONAL")
    assert faults(Template(name="numbered", language="en", components=who.components), ada) == (
        "The body takes 2 values; it is given 1 value.",
        "The body takes its values by their order; who is a name.",
    )
    both = (TemplateBody(values=(TextValue(text="Ada"), TextValue(text="tea"))),)
    say(Template(name="numbered", language="en", components=both), ada)


def test_staff_of_the_platform_send_the_template_of_the_conversations_tenant(globex, ada, approve):
    approve("hello", NUMBERED, tenant=globex)
    approve("hello")
    with operator_scope():
        assert submit.send(ada, HELLO, origin="staff").kind == "template"


def test_names_that_no_database_holds_are_faults_and_no_errors(ada, faults):
    unwritable = "{} holds a character that cannot be sent: NUL, or half of a pair of surrogates."
    assert faults(Template(name="a\x00", language="\ud83d"), ada) == (
        unwritable.format("The template's name"),
        unwritable.format("The template's language"),
        (
            r"The account has no template 'a\x00' in '\ud83d'. Fetch its templates, or correct the"
            r" name."
        ),
    )
    assert faults("Hi", ada, quoting="wamid.\x00") == (
        "The message to be answered is none of this conversation.",
    )


def test_only_what_the_conversation_shows_is_answered_and_reacted_to(ada, write, work, say, faults):
    write("I am Grace", sender=GRACE, wamid="wamid.grace")
    write(
        "",
        type="reaction",
        reaction={"message_id": "wamid.ada", "emoji": "👍"},
        wamid="wamid.reaction",
    )
    work()
    for external_id in ("wamid.grace", "wamid.reaction", "wamid.nowhere", "w" * 600):
        assert faults("Hi", ada, quoting=external_id) == (
            "The message to be answered is none of this conversation.",
        )
    reaction = Reaction(message_external_id="wamid.grace", emoji="👍")
    assert told(faults(reaction, ada)) == [
        (
            "The message to be reacted to is none of this conversation.",
            "/message_external_id",
            FaultCode.INVALID,
        )
    ]

    say(Reaction(message_external_id="wamid.ada", emoji="👍"), ada, quoting="wamid.ada")


def test_a_group_is_not_answered_in_its_members_name(acme, ada, write, work, faults):
    write("to all of you", group_id="group-1")
    work()
    with operator_scope():
        group = Conversation.objects.exclude(group_external_id="").get()

    assert faults("Hi", group.id) == ("It was written in a group, which cannot be answered yet.",)


def test_a_contact_without_an_address_is_told_as_such():
    assert told(recipients_of(providers.get("whatsapp"), None, ())[1]) == [
        ("The contact has no address to write to.", "", FaultCode.NO_ADDRESS)
    ]


def test_a_hundred_messages_wait_at_most(ada, say, faults, write, work, graph, db_rows):
    for index in range(100):
        say(f"{index}", ada)
    assert told(faults("one more", ada)) == [
        (
            "100 messages of this conversation wait to be sent; 100 is the most.",
            "",
            FaultCode.TOO_MANY_WAITING,
        )
    ]

    db_rows.execute(
        "UPDATE messaging.messages SET status = 'cancelled', due_at = NULL WHERE text = '0'"
    )
    say("one more", ada)


def test_what_expires_in_the_queue_is_not_sent(ada, say, work, graph, db_rows):
    with operator_scope():
        now = Conversation.objects.get().created_at
    say("Only today", ada, expires_at=now)
    work()

    assert (statuses()[0][0], graph.ledger) == ("expired", [])


def test_conversations_of_others_are_as_if_there_were_none(
    globex, globex_whatsapp, ada, write, work, say, graph
):
    write("to Globex", number=GLOBEX_NUMBER, account=GLOBEX_ACCOUNT)
    work()
    answered = len(graph.ledger)
    with operator_scope():
        theirs = Conversation.objects.get(tenant=globex).id
    for conversation_id in (theirs, uuid4()):
        with pytest.raises(Conversation.DoesNotExist) as refusal:
            say("Hi", conversation_id)
        assert str(refusal.value) == "Conversation matching query does not exist."
    work()
    assert len(graph.ledger) == answered

    say("Hi", ada)


def test_what_is_said_in_a_conversation_that_was_merged_goes_into_the_standing_one(
    ada, write, work, say, graph
):
    write("by user id", sender="SE.1001")
    work()
    with operator_scope():
        other = Conversation.objects.exclude(id=ada).get().id
    write("I am both", sender=ADA, from_user_id="SE.1001")
    work()
    with operator_scope():
        assert Conversation.objects.get(id=other).merged_into_id == ada
    said = say("Hi", other)
    work()

    assert (said.conversation_id, said.recipient) == (ada, ADA)
    with operator_scope():
        texts = list(
            Message.objects.filter(conversation=ada).order_by("seq").values_list("text", "status")
        )
    assert texts == [
        ("Hello", "received"),
        ("by user id", "received"),
        ("I am both", "received"),
        ("Hi", "accepted"),
    ]


def test_who_never_wrote_here_gets_templates_alone(
    quiet, acme_whatsapp, deliver, work, approve, say, faults, graph
):
    approve("hello")
    echo = {**bodies.text("Hi", sender="15550100001"), "to": ADA}
    value = {**bodies.value(acme_whatsapp.external_id), "message_echoes": [echo]}
    deliver(bodies.webhook(bodies.change(ACME_ACCOUNT, "smb_message_echoes", value)))
    work()
    with operator_scope():
        conversation_id = Conversation.objects.get().id
    assert faults("Hi", conversation_id) == (CLOSED,)
    say(HELLO, conversation_id)
    work()

    assert [sent["message"]["to"] for sent in graph.ledger] == [ADA]


def test_messages_of_a_channel_that_is_disconnected_meanwhile_are_cancelled(
    ada, say, work, graph, db_rows
):
    say("Hi", ada)
    db_rows.execute("UPDATE messaging.channels SET status = 'disconnected'")
    work()

    assert (statuses(), graph.ledger) == (
        [("cancelled", "The channel was disconnected before it was sent.")],
        [],
    )
