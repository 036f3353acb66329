"""`thread`: who has a conversation's thread, and orders about it, from a terminal."""

import io
import json
import re

import pytest
from django.core.management import CommandError, call_command

from messaging.models import Conversation
from tenants.scope import operator_scope
from tests.support.cast import ADA, GLOBEX_ACCOUNT, GLOBEX_NUMBER
from tests.support.whatsapp.shared_threads import asked, tell

pytestmark = pytest.mark.whatsapp

MOMENT = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC ?"
BY = "manage.py thread"
OURS_ALONE = "Nobody else is known to answer on this channel: what is written is sent."


@pytest.fixture
def theirs(ada, desk):
    """Another has Ada's thread, and we may take it."""
    tell(ada, "other", "standby")
    desk.own(ADA, "other")
    desk.escalation = "us"
    return ada


def thread(*words: object) -> tuple[list[str], dict]:
    """The lines that the command prints, without moments, and what its last one holds."""
    out = io.StringIO()
    call_command("thread", *map(str, words), stdout=out)
    *lines, told = out.getvalue().splitlines()
    return [re.sub(MOMENT, "", line) for line in lines], json.loads(told)


def refusal(*words: object) -> str:
    with pytest.raises(CommandError) as refused:
        thread(*words)
    return str(refused.value)


def test_a_thread_that_nobody_shares_has_no_owner(ada):
    assert thread("show", ada) == (
        [OURS_ALONE],
        {"conversation": str(ada), "owner": None, "order": None},
    )


@pytest.mark.parametrize("term", ["+46 70 000 001", "4670000001"])
def test_a_thread_is_taken_by_the_persons_number_and_shown(theirs, graph, jobs, term):
    lines, told = thread("take", "--tenant", "acme", term, "--note", "Ours now")
    jobs()
    after, told_after = thread("show", term)

    assert lines == [
        "thread: another responder, since . What is written goes to another responder.",
        "nobody from on, if the contact stays silent",
        "Another responder has the thread: a template is sent, and anything else is refused here"
        " unless it says take_thread. Then it takes the thread, or the provider refuses it.",
        f"take the thread, ordered by {BY}: queued.",
    ]
    assert (told["owner"], told["order"]["status"]) == ("other", "queued")
    assert asked(graph) == [("take", ADA, "Ours now")]
    assert after == [
        "thread: we, since . We took the thread.",
        "nobody from on, if the contact stays silent",
        "The thread is ours: what is written is sent.",
        f"take the thread, ordered by {BY}: done.",
    ]
    order = {"id": told["order"]["id"], "status": "done"}
    assert told_after == {"conversation": str(theirs), "owner": "us", "order": order}


@pytest.mark.parametrize("action", ["pass", "release"])
def test_a_thread_of_ours_is_given_away(ada, graph, desk, jobs, action):
    tell(ada, "us", "message")
    desk.own(ADA, "us")
    thread(action, ada)
    jobs()

    assert asked(graph) == [(action, ADA, "")]


def test_what_cannot_be_ordered_says_why(theirs):
    assert refusal("pass", theirs) == "The thread is not ours: take it first."


@pytest.mark.parametrize("action", ["show", "release"])
def test_a_note_that_nobody_would_get_is_refused(theirs, action):
    assert refusal(action, theirs, "--note", "Hello") == "--note goes with pass and take."


def test_what_nobody_is_known_by_is_said(ada):
    nobody = "00000000-0000-0000-0000-000000000000"

    assert refusal("show", nobody) == "No conversation of that id is known."
    assert refusal("show", "+46 99 999") == "No conversation with such a person is known."
    assert refusal("show", "--tenant", "globex", ada) == "No conversation of that id is known."


def test_one_of_several_is_to_be_named(ada, globex_whatsapp, write, work):
    write("Hello", number=GLOBEX_NUMBER, account=GLOBEX_ACCOUNT)
    work()
    with operator_scope():
        ids = list(Conversation.objects.order_by("-id").values_list("id", flat=True))

    assert refusal("show", ADA) == (
        f"Several conversations are meant; name one by its id: {ids[0]}, {ids[1]}."
    )
    assert thread("show", ADA, "--tenant", "acme")[1]["conversation"] == str(ada)
