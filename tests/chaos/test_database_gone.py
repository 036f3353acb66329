"""PostgreSQL goes away and comes back; nobody is restarted, nothing that was answered 200 is lost,
nothing is sent twice.
"""

import time

import pytest

from tests.chaos.length import IS_LONG
from tests.chaos.meta import Traffic, body_of, crowd, people, post
from tests.chaos.running import wait_at_least
from tests.support.processes import eventually
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

DOWN_SECONDS = 20 if IS_LONG else 4
FEWEST, PER_SECOND = (400, 10) if IS_LONG else (60, 10)  # messages in all
ANSWERED_WITHIN_SECONDS = 5
PATIENT = {"SEND_TIMEOUT_SECONDS": "5.9", "UNKNOWN_AFTER_SECONDS": "6"}
COUNTS_AS_LOST_SECONDS = 7
ALL_TAKEN_SECONDS = 60
JOBS_END_WITHIN_SECONDS = 10
TASK = """INSERT INTO procrastinate_jobs (queue_name, task_name, args)
    VALUES ('upkeep', 'tenants.tasks.forget_failures', '{"timestamp": 0}')"""
TASKS = "SELECT status::text FROM jobs.procrastinate_jobs WHERE args = '{\"timestamp\": 0}'"
OUTGOING = "SELECT status, external_id FROM messaging.messages WHERE direction = 'outbound'"


def under_way(stage, web) -> Traffic:
    """Traffic without end, of which some was answered through and through."""
    traffic = stage.traffic(web, people(), per_second=PER_SECOND)
    assert eventually(lambda: len(traffic.answers) >= 5 and "accepted" in stage.replies())
    return traffic


def all_taken(traffic) -> list[dict]:
    """Its messages: it goes on after the fault, and ends."""
    seen = len(traffic.answers)
    assert eventually(lambda: [answer.status for answer in traffic.answers[seen:]].count(200) >= 5)
    traffic.end_after(FEWEST)
    assert traffic.wait(ALL_TAKEN_SECONDS)
    return crowd(traffic.begun)


def slowest(answers) -> float:
    return round(max(answer.seconds for answer in answers), 2)


def test_a_database_that_crashes_costs_a_503_at_the_door_and_no_message(stage, say):
    web, worker = stage.web(), stage.worker()
    gunicorns = sorted(web.children())
    traffic = under_way(stage, web)

    stage.server.stop_at_once()
    down_since, seen = time.monotonic(), len(traffic.answers)
    alone = post(web.url, body_of(bodies.text("while it is down", wamid="wamid.refused")))
    wait_at_least(down_since, DOWN_SECONDS)
    refused = [answer.status for answer in traffic.answers[seen:]].count(503)
    stage.server.start()
    messages = all_taken(traffic)
    stage.wait_until_calm()

    say(
        f"slowest answer {slowest(traffic.answers)} s; {len(traffic.answers) - len(messages)} posts"
        " were repeated"
    )
    assert (alone.status, refused > 0) == (503, True)
    assert {answer.status for answer in traffic.answers} == {200, 503}
    assert [
        answer for answer in traffic.answers[seen:] if answer.seconds > ANSWERED_WITHIN_SECONDS
    ] == []
    assert (sorted(web.children()), worker.is_alive()) == (gunicorns, True)
    assert sorted(stage.inbound()) == [message["id"] for message in messages]
    assert len(stage.replies()) == len(messages)
    stage.assert_the_books_balance()


def test_a_database_that_falls_silent_is_taken_up_again_where_it_was_left(stage):
    lines, urls = zip(*(stage.before_postgres() for _ in range(2)), strict=True)
    web, worker = stage.web(DATABASE_URL=urls[0]), stage.worker(DATABASE_URL=urls[1])
    gunicorns = sorted(web.children())
    traffic = under_way(stage, web)
    for line in lines:
        line.stall()
    silent_since = time.monotonic()
    # either process asks it in vain
    assert eventually(lambda: all(line.kept_back for line in lines))
    wait_at_least(silent_since, DOWN_SECONDS)
    for line in lines:
        line.flow()
    messages = all_taken(traffic)
    stage.wait_until_calm()

    assert slowest(traffic.answers) > DOWN_SECONDS / 2
    assert (sorted(web.children()), worker.is_alive()) == (gunicorns, True)
    assert sorted(stage.inbound()) == [message["id"] for message in messages]
    assert len(stage.replies()) == len(messages)
    stage.assert_the_books_balance()


def test_an_outcome_that_finds_no_database_is_recorded_once_there_is_one(stage):
    stage.graph.answering.clear()
    web, worker = stage.web(), stage.worker(**PATIENT)
    stage.write(web)
    assert eventually(lambda: len(stage.graph.ledger) == 1)
    stage.server.stop_at_once()
    down_since = time.monotonic()
    stage.graph.answering.set()
    wait_at_least(down_since, COUNTS_AS_LOST_SECONDS)
    stage.server.start()

    (entry,) = stage.graph.ledger
    assert eventually(lambda: stage.rows(OUTGOING) == [("accepted", entry["wamid"])]), stage.rows(
        OUTGOING
    )
    assert worker.is_alive()
    assert len(stage.graph.ledger) == 1


def test_a_worker_killed_while_the_database_is_away_leaves_what_a_status_can_heal(stage):
    stage.graph.answering.clear()
    web, worker = stage.web(), stage.worker(**PATIENT)
    stage.write(web)
    assert eventually(lambda: len(stage.graph.ledger) == 1)
    stage.server.stop_at_once()
    worker.kill()
    stage.graph.answering.set()
    stage.server.start()
    stage.worker()
    assert eventually(lambda: stage.replies() == ["unknown"])

    (entry,) = stage.graph.ledger
    stage.report(web, entry, "delivered")
    assert eventually(lambda: stage.rows(OUTGOING) == [("delivered", entry["wamid"])]), stage.rows(
        OUTGOING
    )
    assert len(stage.graph.ledger) == 1


def test_the_jobs_process_does_its_tasks_once_the_database_is_back(stage):
    jobs = stage.jobs()
    stage.server.stop_at_once()
    down_since = time.monotonic()
    wait_at_least(down_since, DOWN_SECONDS)
    is_alive = jobs.is_alive()
    stage.server.start()
    with stage.session() as session:
        session.execute("SET search_path = jobs")
        session.execute(TASK)

    assert eventually(lambda: stage.rows(TASKS) == [("succeeded",)], ALL_TAKEN_SECONDS)
    assert (is_alive, jobs.is_alive()) == (True, True)


def test_the_jobs_process_ends_when_it_is_told_though_the_database_is_gone(stage):
    jobs = stage.jobs()
    stage.server.stop_at_once()
    down_since = time.monotonic()
    wait_at_least(down_since, 1)
    jobs.process.terminate()
    told_at = time.monotonic()
    exit_code = jobs.process.wait(timeout=JOBS_END_WITHIN_SECONDS)
    took = time.monotonic() - told_at
    stage.server.start()

    assert (exit_code, took < JOBS_END_WITHIN_SECONDS) == (0, True)
