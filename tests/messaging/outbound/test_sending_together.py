"""Many say something at once, while the contact writes and is found to be somebody else: each has a
place, nobody deadlocks.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any

import psycopg
import pytest
from django.db import connections
from uuid_utils.compat import uuid7

from messaging.contacts import decisions, merging
from messaging.inbound.leasing import DeliveryLeaser
from messaging.models import Contact, Conversation, Message
from messaging.outbound import dispatch
from tenants.scope import operator_scope
from tests.messaging.outbound.leased import leased_by, queue_only
from tests.support import database
from tests.support.cast import thread_of
from tests.support.together import at_once, deadlocks, process_all

pytestmark = pytest.mark.whatsapp


def places() -> list[int]:
    with operator_scope():
        return list(Message.objects.order_by("seq").values_list("seq", flat=True))


def test_forty_messages_said_at_once_have_each_a_place_and_leave_in_their_order(
    ada, say, work, graph, db_rows
):
    db_rows.execute("UPDATE messaging.channels SET messages_per_second = 1000")
    said = at_once(lambda index: say(f"{index}", ada), times=40, threads=8)
    assert (len(set(places())), len({each.seq for each in said})) == (41, 40)
    work()

    in_order = [each.text for each in sorted(said, key=lambda message: message.seq)]
    assert [sent["message"]["text"]["body"] for sent in graph.ledger] == in_order


def test_fifty_messages_said_while_the_contact_writes_fifty_are_all_recorded_without_a_deadlock(
    ada, say, write, graph, superuser, database_name
):
    for index in range(50):
        write(f"theirs {index}")
    before = deadlocks(superuser, database_name)

    def both(index: int) -> None:
        if index % 2:
            say(f"ours {index // 2}", ada)
        else:
            DeliveryLeaser().process_due()

    at_once(both, times=100, threads=8)
    process_all(threads=2)

    with operator_scope():
        texts = (
            Message.objects.exclude(text="Hello").order_by("text").values_list("text", flat=True)
        )
        assert list(texts) == sorted(
            f"{whose} {index}" for whose in ("ours", "theirs") for index in range(50)
        )
    assert (len(set(places())), deadlocks(superuser, database_name)) == (101, before)


def test_two_contacts_that_are_joined_while_one_is_written_to_and_writes_deadlock_nobody(
    acme, quiet, acme_whatsapp, write, work, say, graph, superuser, database_name
):
    before = deadlocks(superuser, database_name)
    for index in range(8):  # who of the two comes first is chance
        by_phone, by_id = f"46700040{index:02}", f"SE.{index}"
        write("one", sender=by_phone)
        write("two", sender=by_id)
        work()
        with operator_scope():
            kept, alias = (Conversation.objects.get(reply_to=each) for each in (by_phone, by_id))
        write("three", sender=by_phone, from_user_id=by_id)
        with ThreadPoolExecutor(2) as pool:
            with operator_scope():
                contacts = Contact.objects.locked([kept.contact_id, alias.contact_id])
                taking_in = begun(
                    pool, lambda: DeliveryLeaser().process_due(), superuser, waiting=1
                )
                saying = begun(pool, partial(say, "four", alias.id), superuser, waiting=2)
                merging.merge(contacts[alias.contact_id], contacts[kept.contact_id])
            assert (saying.result().conversation_id, taking_in.result()) == (kept.id, 1)

    assert [text for _, text, _ in sorted(thread_of(acme), key=lambda each: each[1])] == sorted(
        ["one", "two", "three", "four"] * 8
    )
    assert deadlocks(superuser, database_name) == before


@pytest.mark.parametrize("is_first_sent", [True, False])
def test_messages_that_a_merge_moves_while_they_are_marked_are_not_judged_by_what_was_before(
    acme_whatsapp, write, work, graph, superuser, database_name, is_first_sent
):
    write("by phone")
    if is_first_sent:
        work()
    write("by user id", sender="SE.1001")
    queue_only()
    token = uuid7()
    ids = [message.id for message in leased_by(token)]
    with operator_scope():
        kept, alias = Contact.objects.order_by("id")
        decisions.block(Contact.objects.filter(id=alias.id), by="an operator")
    with ThreadPoolExecutor(1) as pool, router_held_up(superuser, database_name):
        marking = begun(pool, partial(dispatch.mark, ids, token), superuser, waiting=1)
        with operator_scope():
            contacts = Contact.objects.locked([kept.id, alias.id])
            contacts[kept.id].inherit(contacts[alias.id])
            contacts[kept.id].save()
            merging.merge(contacts[alias.id], contacts[kept.id])

    assert marking.result() == []
    with operator_scope():
        replies = Message.objects.filter(id__in=ids)
        assert set(replies.values_list("status", "lease")) == {("queued", token)}
    assert dispatch.mark(ids, token) == []
    with operator_scope():
        assert set(replies.values_list("status", flat=True)) == {"cancelled"}


@contextmanager
def router_held_up(superuser: psycopg.Connection, database_name: str) -> Iterator[None]:
    """Within it, a statement of the router waits at its first message: it has begun, and has locked
    none.
    """
    superuser.execute(
        """CREATE POLICY held_up ON messaging.messages AS RESTRICTIVE TO msg_router
           USING (pg_advisory_xact_lock_shared(7) IS NOT NULL)"""
    )
    try:
        with psycopg.connect(database.superuser_url(database_name)) as holder:
            holder.execute("SELECT pg_advisory_xact_lock(7)")
            yield
    finally:
        superuser.execute("DROP POLICY held_up ON messaging.messages")


def begun(
    pool: ThreadPoolExecutor, work: Callable[[], Any], superuser: Any, *, waiting: int
) -> Future:
    """Started in a thread of its own, and so many transactions wait for a lock now."""

    def run() -> Any:
        try:
            return work()
        finally:
            connections.close_all()

    future = pool.submit(run)
    query = (
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname ="
        " current_database()"
    )
    deadline = time.monotonic() + 5
    while superuser.execute(query).fetchone()[0] < waiting and time.monotonic() < deadline:
        time.sleep(0.005)
    assert superuser.execute(query).fetchone()[0] == waiting
    return future
