"""Webhooks processed once more, and old ones deleted: nothing is doubled, and what is gone stays
gone.
"""

import json

import psycopg
import pytest

from channels_app.event_log.sequencer import give_positions
from messaging.maintenance.tasks import forget_outdated
from messaging.models import Message
from tenants.scope import operator_scope
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, ADA, REPLY, thread_of
from tests.support.logged import append, event, names_of, read_on
from tests.support.outcomes import count, dead_letters, deliveries
from tests.support.processes import manage
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

POISON = """
CREATE FUNCTION messaging.refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '22000'; END $$;
CREATE TRIGGER refuse BEFORE INSERT ON messaging.messages
FOR EACH ROW WHEN (NEW.text = 'poison') EXECUTE FUNCTION messaging.refuse()
"""
CURE = "DROP FUNCTION messaging.refuse() CASCADE"


def purged(done) -> dict[str, int]:
    """What `purge` says that it has deleted."""
    told = json.loads(done.stdout.splitlines()[-1])
    return {what: number for what, number in told.items() if number}


@pytest.fixture
def set_aside(acme_whatsapp, write, work, graph, db_rows: psycopg.Connection):
    """One delivery with a message that the database refused, and has accepted since."""
    db_rows.execute(POISON)
    write("good", "poison")
    work()
    db_rows.execute(CURE)
    assert dead_letters(db_rows) == [("rejected", "It could not be recorded (22000).")]


def test_what_was_set_aside_is_recorded_once_its_fault_is_repaired_and_the_rest_is_not_doubled(
    acme, set_aside, work, graph, db_rows, database_name
):
    done = manage(database_name, "replay_deliveries", "--since", "2020-01-01", "--set-aside")
    work()

    assert json.loads(done.stdout.splitlines()[-1]) == {"replayed": 1}
    assert thread_of(acme) == [
        *[("inbound", "good", "received"), ("outbound", REPLY, "accepted")],
        *[("inbound", "poison", "received"), ("outbound", REPLY, "accepted")],
    ]
    assert (dead_letters(db_rows), deliveries(db_rows), len(graph.ledger)) == ([], [(True, "")], 2)


def test_deliveries_are_replayed_by_id_since_a_time_or_only_those_with_something_set_aside(
    acme, set_aside, write, work, db_rows, database_name
):
    write("another")
    work()
    first, _ = (
        str(each)
        for (each,) in db_rows.execute("SELECT id FROM messaging.webhook_deliveries ORDER BY id")
    )

    def replayed(*arguments: str) -> int:
        done = manage(database_name, "replay_deliveries", *arguments)
        work()
        return json.loads(done.stdout.splitlines()[-1])["replayed"]

    assert replayed("--since", "2020-01-01") == 2
    assert replayed("--since", "2100-01-01T00:00:00Z") == 0
    assert replayed(first) == 1
    assert replayed("01a204db-d4b2-7652-861f-d79f213b8342") == 0
    assert len(thread_of(acme)) == 6


@pytest.mark.parametrize(
    "arguments", [(), ("--since", "2020-01-01", "01a204db-d4b2-7652-861f-d79f213b8342")]
)
def test_which_deliveries_are_meant_must_be_clear(db_rows, database_name, arguments):
    done = manage(database_name, "replay_deliveries", *arguments)

    assert (done.returncode, done.stderr.strip()) == (
        1,
        (
            "CommandError: Name deliveries by their ids, or say --since when they came; one of the"
            " two."
        ),
    )


def test_a_purged_message_that_meta_repeats_is_neither_stored_nor_answered_again(
    acme, acme_whatsapp, deliver, work, graph, db_rows, database_name
):
    body = bodies.webhook(
        bodies.entry(
            ACME_ACCOUNT, bodies.value(ACME_NUMBER, messages=(bodies.text(wamid="wamid.once"),))
        )
    )
    deliver(body)
    work()
    done = manage(database_name, "purge", "--messages", "0", "--bodies", "0")
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "bodies": 1,
        "events": 0,
        "messages": 2,
        "files": 0,
        "conversations": 1,
        "owners": 0,
        "webhook_log": 0,
        "audit": 0,
    }
    tables = (
        "messages",
        "message_statuses",
        "message_attempts",
        "webhook_deliveries",
        "dead_letters",
    )
    assert {table: count(db_rows, table) for table in tables} == dict.fromkeys(tables, 0)

    deliver(body)
    work()
    assert (thread_of(acme), len(graph.ledger)) == ([], 1)
    (kept,) = db_rows.execute("SELECT hash FROM messaging.erased_messages").fetchone()
    assert (len(kept), b"wamid" in kept) == (32, False)


def test_a_purged_message_of_the_phone_app_that_meta_repeats_is_not_stored_again(
    acme, acme_whatsapp, deliver, work, database_name
):
    written = {**bodies.text("On its way!", sender="15550100001"), "to": ADA}
    value = {**bodies.value(ACME_NUMBER), "message_echoes": [written]}
    body = bodies.webhook(bodies.change(ACME_ACCOUNT, "smb_message_echoes", value))
    deliver(body)
    work()
    assert thread_of(acme) == [("outbound", "On its way!", "sent")]

    manage(database_name, "purge", "--messages", "0")
    deliver(body)
    work()
    assert thread_of(acme) == []


def test_a_repetition_is_recognised_under_the_key_before_the_rotation_and_on_its_own_channel_alone(
    acme, globex, acme_whatsapp, globex_whatsapp, write, work, graph, database_name, settings
):
    write(wamid="wamid.once")
    work()
    manage(database_name, "purge", "--messages", "0")
    settings.ENCRYPTION_KEYS = {"k2": b"2" * 32, **settings.ENCRYPTION_KEYS}
    write(wamid="wamid.once")
    write(wamid="wamid.once", number="400000000000002", account="300000000000002")
    work()

    assert (len(thread_of(acme)), len(thread_of(globex))) == (0, 2)


def test_hashes_go_when_no_provider_repeats_any_more(
    acme_whatsapp, write, work, graph, db_rows, database_name
):
    write()
    work()
    manage(database_name, "purge", "--messages", "0")
    work()
    assert count(db_rows, "erased_messages") == 1
    db_rows.execute("UPDATE messaging.erased_messages SET expires_at = now()")
    forget_outdated(timestamp=0)
    assert count(db_rows, "erased_messages") == 0


def test_what_still_waits_is_not_purged_nor_what_it_answers(
    acme, acme_whatsapp, write, work, graph, db_rows, database_name
):
    graph.script.append({"code": 131056})
    write("waits for its answer")
    work()
    write("answered", sender="4670000009")
    work()
    write("not processed yet")
    done = manage(database_name, "purge", "--messages", "0", "--bodies", "0")

    assert json.loads(done.stdout.splitlines()[-1]) == {
        "bodies": 2,
        "events": 0,
        "messages": 2,
        "files": 0,
        "conversations": 1,
        "owners": 0,
        "webhook_log": 0,
        "audit": 0,
    }
    assert [text for _, text, _ in thread_of(acme)] == ["waits for its answer", REPLY]
    assert deliveries(db_rows) == [(False, "")]


def test_events_are_purged_by_their_age_and_none_that_waits_for_its_position(
    acme, db_rows, database_name
):
    append(event(acme, name="old"), event(acme, name="as old"))
    give_positions(10)
    append(event(acme, name="waits"))
    done = manage(database_name, "purge", "--events", "0")

    assert json.loads(done.stdout.splitlines()[-1])["events"] == 2
    give_positions(10)
    assert names_of(read_on()) == ["waits"]


def test_what_is_younger_stays(acme, acme_whatsapp, write, work, graph, database_name):
    write()
    work()
    done = manage(database_name, "purge", "--messages", "1", "--bodies", "1", "--events", "1")

    assert json.loads(done.stdout.splitlines()[-1]) == {
        "bodies": 0,
        "events": 0,
        "messages": 0,
        "files": 0,
        "conversations": 0,
        "owners": 0,
        "webhook_log": 0,
        "audit": 0,
    }
    with operator_scope():
        assert Message.objects.count() == 2


@pytest.mark.parametrize("arguments", [(), ("--messages", "-1"), ("--events=-1", "--bodies=1")])
def test_what_is_to_be_purged_must_be_said(db_rows, database_name, arguments):
    done = manage(database_name, "purge", *arguments)

    assert (done.returncode, done.stderr.strip()) == (
        1,
        (
            "CommandError: Say what to delete: --bodies DAYS, --events DAYS, --messages DAYS,"
            " --webhook-log DAYS, --audit DAYS, or some of them; days are counted from now."
        ),
    )
