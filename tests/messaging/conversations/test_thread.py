"""Edits, revocations and reactions change what is shown, in their own conversation, and keep what
was said.
"""

import time
from typing import Any

import pytest

from channels_app.content import Reaction
from messaging.conversations.thread import Shown, thread
from messaging.models import Conversation, Message
from tenants.scope import operator_scope
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, ADA, GRACE, thread_of
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

NOW = int(time.time()) - 600
BEFORE = ("Hello", False, False, {})


@pytest.fixture
def changes(write, work):
    """Ada (or `sender`) changes a message: changes("edit", "wamid.ada", "Hello!"), in one webhook
    or each in one of its own.
    """

    def changes(
        kind: str, target: str, text: str | None = None, *, at: int = 0, **more: Any
    ) -> None:
        key = {"reaction": "message_id"}.get(kind, "original_message_id")
        what: dict[str, Any] = {key: target}
        if kind == "edit":
            what["message"] = {"type": "text", "text": {"body": text}}
        elif text is not None:
            what["emoji"] = text
        write("", type=kind, **{kind: what, "at": NOW + at, **more})
        work()

    return changes


def shown_in(conversation: Any) -> list[Shown]:
    with operator_scope():
        return thread(Conversation.objects.get(id=conversation), 50)[0]


def look(conversation: Any) -> list[tuple[str, bool, bool, dict[str, str]]]:
    """(text, is edited, is revoked, reactions) of each message that is shown."""
    return [
        (each.text, each.is_edited, each.is_revoked, each.reactions)
        for each in shown_in(conversation)
    ]


def test_an_edit_shows_the_new_words_and_keeps_the_old(acme, ada, changes):
    changes("edit", "wamid.ada", "Hello!")
    assert look(ada) == [("Hello!", True, False, {})]
    changes("edit", "wamid.ada", "Hello there!", at=1)
    assert look(ada) == [("Hello there!", True, False, {})]

    assert [text for _, text, _ in thread_of(acme)] == ["Hello", "Hello!", "Hello there!"]


def test_a_message_taken_back_shows_nothing_and_is_kept(acme, ada, changes):
    changes("revoke", "wamid.ada")

    assert look(ada) == [("", False, True, {})]
    assert thread_of(acme)[0] == ("inbound", "Hello", "received")


def test_nothing_brings_back_the_words_of_what_was_taken_back(ada, changes):
    changes("edit", "wamid.ada", "Hello!", at=1)
    changes("revoke", "wamid.ada", at=2)
    changes("edit", "wamid.ada", "Hello?", at=3)

    assert look(ada) == [("", True, True, {})]


def test_changes_count_in_the_order_in_which_they_were_made(ada, changes):
    changes("edit", "wamid.ada", "second", at=2)
    changes("edit", "wamid.ada", "first", at=1)
    changes("reaction", "wamid.ada", "", at=4)
    changes("reaction", "wamid.ada", "👍", at=3)

    assert look(ada) == [("second", True, False, {})]


def test_an_edit_of_an_edit_is_none_of_its_message(ada, changes):
    changes("edit", "wamid.ada", "Hello!", wamid="wamid.edit")
    changes("edit", "wamid.edit", "Hello?", at=1)

    assert look(ada) == [("Hello!", True, False, {})]


@pytest.mark.parametrize("gone", ["", None], ids=["an empty emoji", "no emoji"])
def test_a_reaction_is_shown_at_its_message_replaced_and_taken_away(acme, ada, changes, gone):
    changes("reaction", "wamid.ada", "👍")
    assert look(ada) == [("Hello", False, False, {"inbound": "👍"})]
    changes("reaction", "wamid.ada", "🎉", at=1)
    assert look(ada) == [("Hello", False, False, {"inbound": "🎉"})]
    changes("reaction", "wamid.ada", gone, at=2)
    assert look(ada) == [BEFORE]

    assert [text for _, text, _ in thread_of(acme)] == ["Hello", "👍", "🎉", ""]


def test_our_reaction_is_shown_beside_theirs_and_taken_away(ada, changes, say, work):
    changes("reaction", "wamid.ada", "👍")
    say(Reaction(message_external_id="wamid.ada", emoji="🙏"), ada)
    assert look(ada) == [("Hello", False, False, {"inbound": "👍", "outbound": "🙏"})]
    work()
    say(Reaction(message_external_id="wamid.ada", emoji=""), ada)
    work()
    assert look(ada) == [("Hello", False, False, {"inbound": "👍"})]


def test_a_reaction_of_ours_that_did_not_leave_is_shown_by_itself(ada, say, work, graph):
    graph.script.append({"code": 131026})
    say(Reaction(message_external_id="wamid.ada", emoji="🙏"), ada)
    work()

    assert look(ada) == [BEFORE, ("🙏", False, False, {})]
    assert shown_in(ada)[1].message.status == "failed"


@pytest.mark.parametrize(
    ("kind", "text", "seen"),
    [
        ("edit", "Good morning", ("Good morning", True, False, {})),
        ("revoke", None, ("", False, True, {})),
        ("reaction", "👍", ("Good mornig", False, False, {"inbound": "👍"})),
    ],
)
def test_a_change_that_comes_before_its_message_counts_once_that_is_there(
    ada, changes, write, work, kind, text, seen
):
    changes(kind, "wamid.late", text, at=9)
    assert look(ada)[0] == BEFORE
    write("Good mornig", wamid="wamid.late", at=NOW)
    work()

    assert look(ada) == [BEFORE, seen]


CHANGES = [("edit", "Forged"), ("revoke", None), ("reaction", "👎")]


@pytest.mark.parametrize(("kind", "text"), CHANGES)
def test_a_change_of_somebody_elses_message_does_nothing(
    acme, ada, changes, write, work, kind, text
):
    write("I am Grace", sender=GRACE, wamid="wamid.grace")
    work()
    with operator_scope():
        grace = Conversation.objects.exclude(id=ada).get()
    changes(kind, "wamid.ada", text, sender=GRACE)
    assert (look(ada), look(grace.id)[0]) == ([BEFORE], ("I am Grace", False, False, {}))

    changes(kind, "wamid.ada", text, sender=ADA)
    assert look(ada) != [BEFORE]


@pytest.mark.parametrize(("kind", "text"), CHANGES)
def test_a_change_in_a_group_does_nothing_to_what_was_said_alone(ada, changes, kind, text):
    changes(kind, "wamid.ada", text, group_id="group-1")
    assert look(ada) == [BEFORE]

    changes(kind, "wamid.ada", text)
    assert look(ada) != [BEFORE]


@pytest.mark.parametrize(("kind", "text"), CHANGES[:2])
def test_who_did_not_write_a_message_cannot_edit_it_or_take_it_back(
    ada, say, work, changes, kind, text
):
    say("Our word", ada)
    work()
    with operator_scope():
        ours = Message.objects.get(direction="outbound").external_id
    changes(kind, ours, text)
    assert look(ada) == [BEFORE, ("Our word", False, False, {})]

    changes(kind, "wamid.ada", text)
    assert look(ada)[0] != BEFORE


def test_what_is_quoted_is_shown_as_it_is_now_however_old_it_is(ada, changes, write, work):
    write("Wrong person", wamid="wamid.gone")
    for index in range(3):
        write(f"{index}", context={"id": ["wamid.ada", "wamid.gone", "wamid.nowhere"][index]})
    work()
    changes("edit", "wamid.ada", "Hello!")
    changes("revoke", "wamid.gone")
    with operator_scope():
        newest, has_earlier = thread(Conversation.objects.get(), 5)  # three messages, two changes

    quoted = [
        each.quoted and (each.quoted.text, each.quoted.is_edited, each.quoted.is_revoked)
        for each in newest[:3]
    ]
    assert (quoted, has_earlier) == ([("Hello!", True, False), ("", False, True), None], True)
    assert [each.message.kind for each in newest] == ["text", "text", "text", "edit", "revoke"]


def test_a_message_of_another_conversation_is_not_shown_where_it_is_quoted(ada, write, work):
    write("I am Grace", sender=GRACE, context={"id": "wamid.ada"}, wamid="wamid.grace")
    write("I am Ada", sender=ADA, context={"id": "wamid.ada"})
    work()
    with operator_scope():
        grace = Conversation.objects.exclude(id=ada).get()

    assert [each.quoted for each in shown_in(grace.id)] == [None]
    assert [each.quoted and each.quoted.text for each in shown_in(ada)] == [None, "Hello"]


def test_what_came_and_changed_in_one_webhook_is_shown_changed(ada, deliver, work):
    edit = {
        "original_message_id": "wamid.new",
        "message": {"type": "text", "text": {"body": "Tea, please"}},
    }
    messages = (
        bodies.text("", type="edit", edit=edit),
        bodies.text("Tee, please", wamid="wamid.new"),
    )
    deliver(
        bodies.webhook(bodies.entry(ACME_ACCOUNT, bodies.value(ACME_NUMBER, messages=messages)))
    )
    work()

    assert look(ada) == [BEFORE, ("Tea, please", True, False, {})]
