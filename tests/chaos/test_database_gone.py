"""PostgreSQL goes away and comes back; nobody is restarted, nothing that was answered 200 is lost, nothing is sent twice."""

import time

from tests import bodies
from tests.chaos.conftest import IS_LONG
from tests.chaos.meta import Traffic, body_of, crowd, post
from tests.chaos.running import wait_at_least
from tests.processes import eventually

DOWN_SECONDS = 20 if IS_LONG else 4
MESSAGES, PER_SECOND = (400, 10) if IS_LONG else (60, 10)
ANSWERED_WITHIN_SECONDS = 5
ANSWER_SECONDS = 2
ALL_TAKEN_SECONDS = 60
OUTGOING = "SELECT status, external_id FROM messaging.messages WHERE direction = 'outbound'"


def under_way(stage, web, messages) -> Traffic:
    """Traffic whose first message was answered, and of which most is yet to come."""
    first, *others = messages
    assert post(web.url, body_of(first)).status == 200
    assert eventually(lambda: stage.replies() == ["accepted"])
    traffic = stage.traffic(web, others, per_second=PER_SECOND)
    assert eventually(lambda: len(traffic.answers) >= 5)
    assert len(traffic.answers) < len(others) / 2
    return traffic


def slowest(answers) -> float:
    return round(max(answer.seconds for answer in answers), 2)


def test_a_database_that_crashes_costs_a_503_at_the_door_and_no_message(stage, say):
    messages = crowd(MESSAGES)
    web, worker = stage.web(), stage.worker()
    gunicorns = sorted(web.children())
    traffic = under_way(stage, web, messages)

    stage.server.stop_at_once()
    down_since, seen = time.monotonic(), len(traffic.answers)
    alone = post(web.url, body_of(bodies.text("while it is down", wamid="wamid.refused")))
    wait_at_least(down_since, DOWN_SECONDS)
    stage.server.start()
    assert traffic.wait(ALL_TAKEN_SECONDS)
    stage.wait_until_calm()

    say(f"slowest answer {slowest(traffic.answers)} s; {len(traffic.answers) - len(messages[1:])} posts were repeated")
    assert alone.status == 503
    assert {answer.status for answer in traffic.answers} == {200, 503}
    assert [answer for answer in traffic.answers[seen:] if answer.seconds > ANSWERED_WITHIN_SECONDS] == []
    assert (sorted(web.children()), worker.is_alive()) == (gunicorns, True)
    assert sorted(stage.inbound()) == [message["id"] for message in messages]
    assert len(stage.replies()) == MESSAGES
    stage.assert_the_books_balance()


def test_a_database_that_falls_silent_is_taken_up_again_where_it_was_left(stage):
    messages = crowd(MESSAGES)
    line, url = stage.before_postgres()
    web, worker = stage.web(DATABASE_URL=url), stage.worker(DATABASE_URL=url)
    gunicorns = sorted(web.children())
    traffic = under_way(stage, web, messages)
    line.stall()
    silent_since = time.monotonic()
    wait_at_least(silent_since, DOWN_SECONDS)
    line.flow()
    assert traffic.wait(ALL_TAKEN_SECONDS)
    stage.wait_until_calm()

    assert slowest(traffic.answers) > DOWN_SECONDS / 2
    assert (sorted(web.children()), worker.is_alive()) == (gunicorns, True)
    assert sorted(stage.inbound()) == [message["id"] for message in messages]
    assert len(stage.replies()) == MESSAGES
    stage.assert_the_books_balance()


def test_an_outcome_that_finds_no_database_is_recorded_once_there_is_one(stage):
    stage.graph.script.append({"delay": ANSWER_SECONDS})
    web, worker = stage.web(), stage.worker(SEND_TIMEOUT_SECONDS="2.9")
    stage.write(web)
    assert eventually(lambda: len(stage.graph.ledger) == 1)
    stage.server.stop_at_once()
    down_since = time.monotonic()
    (entry,) = stage.graph.ledger
    assert time.time() - entry["at"] < ANSWER_SECONDS
    wait_at_least(down_since, DOWN_SECONDS)
    stage.server.start()

    assert eventually(lambda: stage.rows(OUTGOING) == [("accepted", entry["wamid"])]), stage.rows(OUTGOING)
    assert worker.is_alive()
    assert len(stage.graph.ledger) == 1


def test_a_worker_killed_while_the_database_is_away_leaves_what_a_status_can_heal(stage):
    stage.graph.script.append({"delay": 1})
    web, worker = stage.web(), stage.worker(SEND_TIMEOUT_SECONDS="2.9")
    stage.write(web)
    assert eventually(lambda: len(stage.graph.ledger) == 1)
    stage.server.stop_at_once()
    worker.kill()
    stage.server.start()
    stage.worker()
    assert eventually(lambda: stage.replies() == ["unknown"])

    (entry,) = stage.graph.ledger
    stage.report(web, entry, "delivered")
    assert eventually(lambda: stage.rows(OUTGOING) == [("delivered", entry["wamid"])]), stage.rows(OUTGOING)
    assert len(stage.graph.ledger) == 1
