"""Background tasks: deferred with the transaction that wants them, done by their own process, seen
by no tenant.
"""

import json
import signal
import time
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection

from messaging import tasks
from messaging.management.commands import jobs as jobs_command
from tenants import deferring
from tenants.scope import operator_scope, router_scope, tenant_scope
from tests.support.logged import append, event, read_on
from tests.support.outcomes import waiting
from tests.support.processes import eventually, start


def defer() -> None:
    tasks.fetch_media.defer(tenant_id=str(uuid4()), media_id=str(uuid4()))


@pytest.mark.parametrize("scope", [router_scope, operator_scope])
def test_a_task_is_there_once_its_transaction_is_committed(scope, db_rows):
    with scope():
        defer()
        assert waiting(db_rows) == []

    assert waiting(db_rows) == ["messaging.tasks.fetch_media"]


def test_a_task_of_a_transaction_that_failed_never_was(db_rows):
    with pytest.raises(ZeroDivisionError), router_scope():
        defer()
        raise ZeroDivisionError

    assert waiting(db_rows) == []


def test_a_tenants_task_is_the_tenants_whatever_its_arguments_say(acme, globex, db_rows):
    with tenant_scope(acme.id):
        deferring.defer(
            tasks.fetch_media, {"tenant_id": str(globex.id), "media_id": "1"}, {"media_id": "2"}
        )
        assert waiting(db_rows) == []

    found = db_rows.execute(
        "SELECT queue_name::text, task_name::text, args FROM jobs.procrastinate_jobs ORDER BY id"
    ).fetchall()
    assert found == [
        ("media", "messaging.tasks.fetch_media", {"tenant_id": str(acme.id), "media_id": each})
        for each in "12"
    ]


def test_without_a_tenants_scope_the_application_puts_no_task_in(db_rows):
    with pytest.raises(DatabaseError) as refused, connection.cursor() as cursor:
        cursor.execute("SELECT defer_for_tenant('messaging.tasks.fetch_media', 'media', '[{}]')")

    assert (refused.value.__cause__.sqlstate, waiting(db_rows)) == ("42501", [])


NO_OBJECTS = ["[]", '"x"', "null", "7", "[[]]", "[null]", '["x"]', "[{}, 7]", "{}"]


@pytest.mark.parametrize("arguments", NO_OBJECTS[1:])
def test_a_tenants_task_whose_arguments_are_no_object_is_refused_where_it_is_put_in(
    acme, db_rows, arguments
):
    with (
        pytest.raises(DatabaseError) as refused,
        tenant_scope(acme.id),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "SELECT defer_for_tenant('messaging.tasks.fetch_media', 'media', %s)", [arguments]
        )

    assert (refused.value.__cause__.sqlstate, waiting(db_rows)) == ("22023", [])


@pytest.mark.parametrize("arguments", NO_OBJECTS[:-1])
def test_a_task_whose_arguments_are_no_object_is_refused_by_the_queue_itself(db_rows, arguments):
    insert = (
        "INSERT INTO jobs.procrastinate_jobs (queue_name, task_name, args) VALUES ('media',"
        " 'messaging.tasks.fetch_media', %s)"
    )
    with pytest.raises(DatabaseError) as refused, router_scope(), connection.cursor() as cursor:
        cursor.execute(insert, [arguments])

    assert (refused.value.__cause__.sqlstate, waiting(db_rows)) == ("23514", [])


ID = "01a204db-d4b2-7652-861f-d79f213b8342"


@pytest.mark.parametrize(
    "arguments",
    [
        {"media_id": "no id"},
        {"media_id": None},
        {"media_id": ["nested"]},
        {"media_id": {"a": 1}},
        {},
        {"media_id": ID, "more": ID},
        {"upload_id": ID},
    ],
    ids=str,
)
def test_a_task_whose_arguments_do_not_fit_it_has_failed_and_is_not_tried_again(
    acme, jobs, db_rows, arguments
):
    with tenant_scope(acme.id):
        deferring.defer(tasks.fetch_media, arguments)
    jobs()

    assert db_rows.execute(
        "SELECT status::text, attempts FROM jobs.procrastinate_jobs"
    ).fetchall() == [("failed", 1)]


def test_a_task_is_done_once(jobs, db_rows):
    with router_scope():
        defer()
    jobs()
    jobs()

    found = db_rows.execute(
        "SELECT status::text, attempts FROM jobs.procrastinate_jobs WHERE task_name LIKE"
        " 'messaging%media'"
    )
    assert found.fetchall() == [("succeeded", 1)]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM jobs.procrastinate_jobs",
        "DELETE FROM jobs.procrastinate_jobs",
        "SELECT jobs.procrastinate_prune_stalled_workers_v1(1)",
    ],
)
def test_a_tenant_neither_sees_nor_touches_tasks(acme, db_rows, statement):
    with router_scope():
        defer()
    with (
        tenant_scope(acme.id),
        pytest.raises(DatabaseError) as refused,
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert (refused.value.__cause__.sqlstate, len(waiting(db_rows))) == ("42501", 1)


def test_a_task_whose_process_was_killed_is_begun_again(jobs, db_rows):
    with router_scope():
        defer()
    db_rows.execute(
        "INSERT INTO jobs.procrastinate_workers (last_heartbeat) VALUES (now() - interval '5"
        " minutes')"
    )
    db_rows.execute("SET search_path = jobs")
    db_rows.execute(
        "UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT id FROM"
        " procrastinate_workers)"
    )
    db_rows.execute("RESET search_path")
    with router_scope():
        tasks.take_up_abandoned.defer(timestamp=0)
    jobs()
    jobs()

    found = db_rows.execute(
        "SELECT status::text FROM jobs.procrastinate_jobs WHERE task_name LIKE '%%fetch_media'"
    )
    assert found.fetchall() == [("succeeded",)]


def test_a_task_that_kills_its_process_again_and_again_fails_in_the_end(jobs, db_rows, caplog):
    with router_scope():
        defer()
    db_rows.execute("SET search_path = jobs")
    db_rows.execute(
        "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '5 minutes')"
    )
    (id,) = db_rows.execute(
        "UPDATE procrastinate_jobs SET status = 'doing', attempts = 50,"
        " worker_id = (SELECT id FROM procrastinate_workers) RETURNING id"
    ).fetchone()
    db_rows.execute("RESET search_path")
    with router_scope():
        tasks.take_up_abandoned.defer(timestamp=0)
    jobs()

    found = db_rows.execute(
        "SELECT status::text FROM jobs.procrastinate_jobs WHERE task_name LIKE '%%fetch_media'"
    )
    assert found.fetchall() == [("failed",)]
    given_up = (
        f"Task {id} (messaging.tasks.fetch_media) was abandoned by its process after 50 attempts:"
        " it is given up."
    )
    assert [each.getMessage() for each in caplog.records if "given up" in each.getMessage()] == [
        given_up
    ]


def test_what_waits_for_a_position_gets_one_where_tasks_are_done_once(acme, jobs):
    append(*(event(acme) for _ in range(jobs_command.POSITIONS_AT_ONCE + 1)))
    jobs()

    assert len(read_on()) == jobs_command.POSITIONS_AT_ONCE + 1


def test_the_process_does_a_task_at_once_and_ends_when_it_is_told(acme, db_rows, database_name):
    process = start(database_name, "jobs")
    try:
        assert eventually(
            lambda: bool(db_rows.execute("SELECT FROM jobs.procrastinate_workers").fetchall())
        )
        with router_scope():
            defer()
        assert eventually(lambda: waiting(db_rows) == [])  # it listens now
        with router_scope():
            defer()
        append(event(acme))
        assert eventually(lambda: waiting(db_rows) == [] and len(read_on()) == 1, seconds=2)
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=20)
    finally:
        process.kill()

    assert (json.loads(said), process.returncode, time.monotonic() - began < 10) == (
        {"jobs": "stopped"},
        0,
        True,
    )
    # nobody counts it any more
    assert db_rows.execute("SELECT FROM jobs.procrastinate_workers").fetchall() == []
