"""The sequencer: positions are given after the commit, so that no reader misses what commits
late.
"""

import random
import time
from collections import defaultdict
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from channels_app import event_log
from channels_app.event_log import sequencer
from channels_app.event_log.sequencer import give_positions
from tenants.scope import router_scope, sequencer_scope
from tests.support import database
from tests.support.logged import append, event, held_open, names_of, read_on
from tests.support.raw import refusal
from tests.support.rows_read import counted
from tests.support.together import at_once

DENIED = "42501"
AS_SEQUENCER = """
    SELECT set_config('role', 'msg_sequencer', true), set_config('search_path', 'messaging', true)
"""


def test_what_commits_late_comes_later_and_no_reader_misses_it(acme, database_name):
    with held_open(database_name, event(acme, name="early")) as other:
        append(event(acme, name="first"), event(acme, name="second"))
        assert give_positions(10) == 2
        seen = read_on()
        other.commit()
    assert give_positions(10) == 1
    late = read_on(seen[-1].position)

    assert (names_of(seen), names_of(late)) == (["first", "second"], ["early"])
    # who had gone on by number, by time or by id would have passed it
    assert late[0].number < seen[0].number
    assert late[0].occurred_at < seen[0].occurred_at
    assert late[0].id < seen[0].id


def test_what_is_rolled_back_is_missed_by_nobody(acme, database_name):
    with held_open(database_name, event(acme, name="never was")) as other:
        append(event(acme, name="first"))
        give_positions(10)
        other.rollback()
    append(event(acme, name="second"))
    give_positions(10)

    assert names_of(read_on()) == ["first", "second"]


def test_positions_are_in_the_order_of_the_numbers_whatever_the_clocks_say(acme):
    now, stream = timezone.now(), uuid4()
    for seconds in (0, -60, 30, -3600):  # of several processes, each later than the one before
        told = event(acme, stream, name=str(seconds))
        told.occurred_at = now + timedelta(seconds=seconds)
        append(told)
    give_positions(10)

    assert names_of(read_on()) == ["0", "-60", "30", "-3600"]


@pytest.fixture
def another(database_name):
    """Another process that gives positions, in a transaction that it has not ended."""
    with psycopg.connect(database.runtime_url(database_name)) as other:
        other.execute(AS_SEQUENCER)
        lock = sequencer.FOLDER / "lock_positions.sql"
        assert other.execute(lock.read_text()).fetchone() == (True,)
        yield other
        if not other.closed:
            other.rollback()


def give(other, at_most):
    statement = (sequencer.FOLDER / "give_positions.sql").read_text()
    (given,) = other.execute(statement, {"at_most": at_most}).fetchone()
    return given


def test_only_one_process_gives_positions_at_a_time_and_the_other_goes_on_at_once(acme, another):
    append(*(event(acme, name=name) for name in "abcd"))
    assert give(another, 2) == 2

    assert (give_positions(10), read_on()) == (0, [])
    another.commit()
    assert give_positions(10) == 2
    assert names_of(read_on()) == ["a", "b", "c", "d"]


def test_a_process_that_is_killed_while_it_gives_positions_has_given_none(acme, another, db_rows):
    append(*(event(acme, name=name) for name in "abc"))
    give(another, 2)
    db_rows.execute("SELECT pg_terminate_backend(%s, 5000)", [another.info.backend_pid])
    with pytest.raises(psycopg.OperationalError):
        another.commit()

    assert read_on() == []
    assert give_positions(10) == 3
    assert names_of(read_on()) == ["a", "b", "c"]


def test_five_thousand_events_that_wait_cost_as_many_statements_as_one(acme):
    counts = []
    for waiting in (1, 5000):
        append(*(event(acme, name=str(index)) for index in range(waiting)))
        with CaptureQueriesContext(connection) as statements:
            assert give_positions(5000) == waiting
        counts.append(len(statements))

    assert counts == [5, 5]  # the transaction, its scope, the lock, the positions
    assert names_of(read_on())[1:] == [str(index) for index in range(5000)]


def test_no_more_get_a_position_at_once_than_are_asked_for(acme):
    append(*(event(acme, name=name) for name in "abcde"))

    assert [give_positions(2) for _ in range(4)] == [2, 2, 1, 0]
    assert names_of(read_on()) == ["a", "b", "c", "d", "e"]


def test_what_has_a_position_is_not_read_again_to_give_others_theirs(acme, db_rows):
    append(*(event(acme) for _ in range(3000)))
    give_positions(3000)
    append(*(event(acme) for _ in range(500)))
    db_rows.execute("ANALYZE messaging.events")
    with counted() as rows_read:
        assert give_positions(1000) == 500

    assert 500 <= sum(rows_read.values()) <= 1500


def test_positions_never_go_back_though_every_event_was_deleted(acme, db_rows):
    append(event(acme, name="first"))
    give_positions(10)
    (first,) = read_on()
    db_rows.execute("DELETE FROM messaging.events")
    append(event(acme, name="second"))
    give_positions(10)

    assert names_of(read_on(first.position)) == ["second"]


def test_the_role_that_gives_positions_changes_and_sees_nothing_else(acme):
    append(event(acme))
    give_positions(10)
    attempts = [
        "UPDATE events SET data = '{}'",
        "UPDATE events SET type = 'message.received'",
        "UPDATE events SET tenant_id = tenant_id",
        "UPDATE events SET occurred_at = now()",
        "INSERT INTO events DEFAULT VALUES",
        "DELETE FROM events",
        "TRUNCATE events",
        "SELECT data FROM events",
        "SELECT subject_id FROM events",
        "SELECT setval('events_number_seq', 1)",
        "SELECT 1 FROM messages",
        "SELECT 1 FROM channels",
        "SELECT 1 FROM tenants",
        "SELECT 1 FROM users",
        "SELECT 1 FROM jobs.procrastinate_jobs",
    ]

    with sequencer_scope():
        assert {each: refusal(each) for each in attempts} == dict.fromkeys(attempts, DENIED)
        assert refusal("UPDATE events SET position = position + 1") is None


def test_no_other_role_gives_positions(acme, db_rows):
    append(event(acme))

    with pytest.raises(DatabaseError) as refused, router_scope(), connection.cursor() as cursor:
        cursor.execute("UPDATE events SET position = 1")
    assert refused.value.__cause__.sqlstate == DENIED


def test_a_reader_beside_writers_and_sequencers_meets_each_event_once_and_in_order(acme):
    streams = [uuid4() for _ in range(3)]
    writers, transactions = 4, 30
    read, positions = [], []
    end = time.monotonic() + 60

    def is_all_read() -> bool:
        return len(read) >= writers * transactions * 3 or time.monotonic() > end

    def write(writer: int) -> None:
        for turn in range(transactions):
            stream = random.choice(streams)
            with router_scope():
                lock(stream)  # as whoever changes a row holds its lock
                event_log.append(
                    [event(acme, stream, name=f"{writer}.{turn}.{part}") for part in range(3)]
                )
                connection.cursor().execute("SELECT pg_sleep(%s)", [random.random() / 500])

    def sequence(_: int) -> None:
        while not is_all_read():
            give_positions(random.randint(1, 50))

    def follow(_: int) -> None:
        while not is_all_read():
            found = read_on(positions[-1] if positions else 0, at_most=random.randint(1, 50))
            read.extend(found)
            positions.extend(each.position for each in found)

    works = [write] * writers + [sequence] * 2 + [follow]
    at_once(lambda index: works[index](index), times=len(works), threads=len(works))

    assert len({each.id for each in read}) == len(read) == writers * transactions * 3
    assert positions == sorted(set(positions))
    of_stream = defaultdict(list)
    for each in read:
        of_stream[each.stream_id].append(each.number)
    assert all(numbers == sorted(numbers) for numbers in of_stream.values())


def lock(stream) -> None:
    connection.cursor().execute(
        "SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [str(stream)]
    )
