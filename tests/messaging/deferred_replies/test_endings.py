"""Every ending of a strategy that calls a service: an answer, or a hand-over with its reason."""

import io
import json
import socket

import pytest
from django.core.management import call_command

from messaging.models import Conversation, Message
from messaging.replies import HandOver, Later, Question
from tenants.scope import operator_scope
from tests.support.back_office import sign_in
from tests.support.cast import ADA
from tests.support.processes import eventually
from tests.support.replies import choose, says

pytestmark = pytest.mark.whatsapp

FIRST = "Is my parcel on its way?"


def test_what_the_service_says_is_sent_in_the_place_behind_the_message(
    acmes_service, write, work, answer, graph, thread, replies
):
    write(FIRST)
    work()
    waited = replies(), [each.path for each in acmes_service.received]
    answer()
    work()

    assert waited == ([(FIRST, "")], [])
    assert thread() == [(FIRST, "received"), ("Hello from the service.", "accepted")]
    assert replies() == [(FIRST, "answered")]
    assert [each["message"]["text"]["body"] for each in graph.ledger] == ["Hello from the service."]


def test_the_service_is_told_what_was_said_before(acmes_service, write, work, answer):
    write("First")
    work()
    answer()
    work()
    write("Second")
    work()
    answer()

    assert [each.body["lines"] for each in acmes_service.received] == [
        [{"by": "contact", "text": "First"}],
        [
            {"by": "contact", "text": "First"},
            {"by": "automatic", "text": "Hello from the service."},
            {"by": "contact", "text": "Second"},
        ],
    ]


def test_a_service_may_leave_the_conversation_to_people_with_a_note(
    acmes_service, write, work, answer, graph, thread, waiting
):
    acmes_service.answer = lambda received: (200, {}, b'{"hand_over": "A refund."}')
    write(FIRST)
    work()
    answer()
    work()

    assert (thread(), waiting(), graph.ledger) == (
        [(FIRST, "people")],
        [("strategy", "A refund.")],
        [],
    )


def broken_off(handler):
    handler.connection.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(
    "said",
    [
        pytest.param((500, {}, b"out of order"), id="an error"),
        pytest.param((200, {}, b"<html>"), id="no JSON"),
        pytest.param((200, {}, b'{"words": 1}'), id="another form"),
        pytest.param((302, {"Location": "http://127.0.0.1/"}, b""), id="a redirect"),
        pytest.param(broken_off, id="no answer at all"),
    ],
)
def test_a_service_that_fails_leaves_the_conversation_to_people(
    acmes_service, write, work, answer, graph, thread, waiting, said
):
    acmes_service.answer = lambda received: said
    write(FIRST)
    work()
    answer()
    work()

    assert (thread(), waiting(), graph.ledger) == ([(FIRST, "failed")], [("failed", "")], [])


@pytest.mark.parametrize(
    ("said", "note"),
    [
        pytest.param({"text": 17}, "", id="a number"),
        pytest.param({"text": ["Hello"]}, "", id="a list"),
        pytest.param({"text": {"body": "Hello"}}, "", id="an object"),
    ],
)
def test_a_service_that_says_what_no_message_can_be_leaves_it_to_people(
    acmes_service, write, work, answer, graph, thread, waiting, said, note
):
    acmes_service.answer = lambda received: (200, {}, json.dumps(said).encode())
    write(FIRST)
    work()
    answer()

    assert (thread(), waiting()) == ([(FIRST, "failed")], [("unsendable", note)])


def test_a_service_that_says_nothing_has_declined(
    acmes_service, write, work, answer, thread, waiting
):
    acmes_service.answer = lambda received: says("")
    write(FIRST)
    work()
    answer()

    assert (thread(), waiting()) == ([(FIRST, "declined")], [])


def test_a_service_that_hangs_is_left_behind_and_people_are_asked(
    acmes_service, write, work, answer, graph, thread, waiting, settings
):
    settings.DEFERRED_REPLY_SECONDS = 0.2
    acmes_service.answer = lambda received: acmes_service.hang
    write(FIRST)
    work()
    answer()

    assert (thread(), waiting()) == ([(FIRST, "late")], [("timeout", "")])


def test_what_a_service_says_after_it_was_left_behind_is_not_sent(
    acmes_service, write, work, answer, answerer, graph, thread, settings
):
    def late(handler):
        acmes_service.released.wait(30)
        handler.say(*says("Much too late."))

    settings.DEFERRED_REPLY_SECONDS = 0.2
    acmes_service.answer = lambda received: late
    write(FIRST)
    work()
    answer()
    acmes_service.released.set()
    assert eventually(lambda: answerer.settle_said(0.01) == 0 and not answerer.left_behind)
    work()

    assert (thread(), graph.ledger, answerer.left_behind) == ([(FIRST, "late")], [], set())


def test_an_answer_that_comes_after_its_deadline_is_not_sent(
    acmes_service, write, work, answer, graph, thread, waiting, db_rows
):
    def overtaken(received):
        db_rows.execute("UPDATE messaging.deferred_replies SET deadline = now()")
        return says("Too late.")

    acmes_service.answer = overtaken
    write(FIRST)
    work()
    answer()
    work()

    assert (thread(), waiting(), graph.ledger) == ([(FIRST, "late")], [("timeout", "")], [])


def test_a_reply_that_nobody_was_free_to_give_in_time_is_left_to_people(
    acmes_service, write, work, answer, thread, waiting, db_rows
):
    write(FIRST)
    work()
    db_rows.execute("UPDATE messaging.deferred_replies SET deadline = now()")
    answer()

    assert (thread(), waiting(), acmes_service.received) == (
        [(FIRST, "late")],
        [("timeout", "")],
        [],
    )


class SaysLaterAndHasNoAnswer:
    def reply_to(self, message: Message) -> Later:
        return Later()


class LeavesItToPeople:
    def reply_to(self, message: Message) -> HandOver:
        return HandOver("She is angry.")


class Breaks:
    def reply_to(self, message: Message) -> str:
        raise RuntimeError


@pytest.mark.parametrize(
    ("strategy", "reason", "why"),
    [
        (SaysLaterAndHasNoAnswer, "failed", ("failed", "")),
        (LeavesItToPeople, "people", ("strategy", "She is angry.")),
        (Breaks, "failed", ("failed", "")),
    ],
)
def test_a_strategy_that_gives_no_answer_at_once_leaves_it_to_people(
    acme_whatsapp, write, work, graph, thread, waiting, settings, strategy, reason, why
):
    settings.REPLY_STRATEGY = f"{__name__}.{strategy.__name__}"
    write("First", "Second")
    work()

    assert (thread(), waiting()) == ([("First", reason), ("Second", "people")], [why])


class TouchesTheDatabase:
    def reply_to(self, message: Message) -> Later:
        return Later()

    def answer(self, question: Question) -> str:
        return Message.objects.get(id=question.id).text


def test_a_strategy_sees_no_tenants_rows_while_it_answers(
    acme_whatsapp, service, write, work, answer, thread, settings
):
    settings.REPLY_STRATEGY = f"{__name__}.TouchesTheDatabase"
    write(FIRST)
    work()
    answer()

    assert thread() == [(FIRST, "failed")]


def test_a_strategy_that_is_not_installed_any_more_leaves_it_to_people(
    acme, acme_whatsapp, write, work, thread, waiting
):
    choose(acme, "gone")
    write(FIRST)
    work()

    assert (thread(), waiting()) == ([(FIRST, "failed")], [("failed", "")])


def test_trace_says_why_a_conversation_waits_for_a_person(acmes_service, write, work, answer):
    acmes_service.answer = lambda received: (200, {}, b'{"hand_over": "A refund."}')
    write(FIRST, sender=ADA)
    work()
    answer()
    written = io.StringIO()
    call_command("trace", ADA, stdout=written)
    said = written.getvalue()

    (waits,) = [line for line in said.splitlines() if "waits for a person" in line]
    assert waits.partition(". ")[2] == "The reply strategy asked for a person. “A refund.”"
    assert "not answered: It was left to people: the conversation waited for one." in said


def test_the_conversations_page_says_why_it_waits_and_the_list_finds_it(
    acmes_service, write, work, answer, web, db_rows
):
    acmes_service.answer = lambda received: (200, {}, b'{"hand_over": "<b>A refund.</b>"}')
    write(FIRST, sender=ADA)
    work()
    answer()
    staff = sign_in(web, is_staff=True, is_superuser=True)
    with operator_scope():
        id = Conversation.objects.get().id
    page = staff.get(f"{web}/admin/messaging/conversation/{id}/change/").text
    listed = [
        staff.get(f"{web}/admin/messaging/conversation/", params={"waiting": because}).text
        for because in ("strategy", "failed")
    ]

    assert "The reply strategy asked for a person." in page
    assert ("&lt;b&gt;A refund.&lt;/b&gt;" in page, "<b>A refund." in page) == (True, False)
    assert [str(id) in each for each in listed] == [True, False]
