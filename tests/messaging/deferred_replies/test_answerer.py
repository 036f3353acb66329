"""Who is asked when: tenants in turn, a bounded number at once, and again after a crash."""

import threading

import pytest

from messaging.deferred_replies.answerer import Answerer
from tenants.scope import operator_scope
from tests.support.cast import ADA, GLOBEX_ACCOUNT, GLOBEX_NUMBER
from tests.support.processes import eventually
from tests.support.replies import choose

pytestmark = pytest.mark.whatsapp


def test_a_process_that_was_killed_has_its_reply_asked_again_and_sent_once(
    acmes_service, write, work, answerer, db_rows, graph, thread
):
    killed = Answerer()
    write("Hello")
    work()
    killed.work()
    killed.said.get(timeout=10)  # and then it is gone
    answerer.work()
    while_leased = len(acmes_service.received)
    db_rows.execute("UPDATE messaging.deferred_replies SET due_at = now()")
    answerer.next_look = 0.0
    answerer.work()
    answerer.settle_said(10)
    work()

    assert (while_leased, len(acmes_service.received)) == (1, 2)
    assert {each.body["id"] for each in acmes_service.received} == {
        str(db_rows.execute("SELECT message_id FROM messaging.deferred_replies").fetchone()[0])
    }
    assert thread() == [("Hello", "received"), ("Hello from the service.", "accepted")]


def test_what_two_processes_were_told_is_queued_once(
    acmes_service, write, work, answerer, db_rows, graph, thread
):
    slow = Answerer()
    write("Hello")
    work()
    slow.work()
    db_rows.execute("UPDATE messaging.deferred_replies SET due_at = now()")
    answerer.work()
    for each in (answerer, slow):
        each.settle_said(10)
    work()

    assert thread() == [("Hello", "received"), ("Hello from the service.", "accepted")]


def test_a_strategy_that_ends_its_process_again_and_again_is_given_up(
    acmes_service, write, work, answer, db_rows, thread, waiting
):
    write("Hello")
    work()
    db_rows.execute("UPDATE messaging.deferred_replies SET attempts = 5")
    answer()

    assert (thread(), waiting()) == ([("Hello", "failed")], [("failed", "")])
    assert acmes_service.received == []


def test_a_process_that_is_told_to_stop_gives_back_what_it_has_asked(
    acmes_service, write, work, answerer, db_rows
):
    acmes_service.answer = lambda received: acmes_service.hang
    write("Hello")
    work()
    answerer.work()
    answerer.stop(0)

    query = "SELECT lease, attempts, due_at <= now() FROM messaging.deferred_replies"
    assert db_rows.execute(query).fetchall() == [(None, 0, True)]


@pytest.fixture
def many(acme, globex, acmes_service, globex_whatsapp, write, work):
    """Ten people wait for Acme's service, which hangs, and one for Globex'."""
    choose(globex, "service", url=acmes_service.url.replace("hooks", "globex"))
    for number in range(10):
        write(f"{number}", sender=f"4670000010{number}")
    write("Hello", sender=ADA, number=GLOBEX_NUMBER, account=GLOBEX_ACCOUNT)
    work()


def test_tenants_have_their_turn_whoever_waits_much(acmes_service, many, answerer):
    asked = threading.Semaphore(0)

    def take(received):
        asked.release()
        return acmes_service.hang

    acmes_service.answer = take
    answerer.work()
    for _ in range(5):
        assert asked.acquire(timeout=30)

    # half of eight, and one
    assert sorted(each.path for each in acmes_service.received) == ["/globex", *["/hooks"] * 4]


def test_a_tenant_with_half_of_all_under_way_waits_for_others(
    acmes_service, many, answerer, db_rows
):
    acmes_service.answer = lambda received: acmes_service.hang
    answerer.work()
    (globex,) = db_rows.execute("SELECT id FROM messaging.tenants WHERE slug = 'globex'").fetchone()

    waiting = len(answerer.full() - {globex})
    answerer.next_look = 0.0
    answerer.work()

    assert (waiting, len(answerer.under_way)) == (1, 5)


def test_hanging_strategies_are_left_behind_until_as_many_hang_as_may_be_asked(
    acmes_service, many, settings, db_rows, thread
):
    settings.DEFERRED_REPLY_SECONDS = 0.05
    acmes_service.answer = lambda received: acmes_service.hang
    answerer = Answerer(at_once=2)

    def four_hang() -> bool:
        answerer.next_look = 0.0
        answerer.work()
        return len(answerer.left_behind) == 4

    assert eventually(four_hang)
    over = [why for _, why in thread() if why == "late"]

    assert (len(answerer.left_behind), answerer.room(), len(over)) == (4, 0, 4)
    acmes_service.released.set()
    settled = []

    def nobody_hangs() -> bool:
        settled.append(answerer.settle_said(0.01))
        return not answerer.left_behind

    assert eventually(nobody_hangs)
    assert (sum(settled), answerer.room()) == (0, 2)


@pytest.mark.parametrize("is_wanted", [True, False])
def test_the_contact_sees_that_somebody_is_typing_where_the_tenant_wants_it(
    acme, acmes_service, write, work, answerer, jobs, graph, is_wanted
):
    with operator_scope():
        acme.shows_typing = is_wanted
        acme.save()
    acmes_service.answer = lambda received: acmes_service.hang
    write("Hello")
    work()
    answerer.work()
    jobs()

    shown = [each.get("typing_indicator") for each in graph.receipts]
    assert shown == [{"type": "text"}] * is_wanted
