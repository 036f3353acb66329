"""What a worker's round costs hangs on what is done in it, not on what waits, nor on what the
planner believes to wait: no more rows are read where much waits, if the database was analyzed while
nothing waited or while the queues were full. Where nothing is known, a table may be read whole.
"""

import time
from collections import Counter
from uuid import UUID

import psycopg
import pytest
from uuid_utils.compat import uuid7

from messaging.maintenance import sweeps
from messaging.models.outcome import Outcome
from messaging.outbound import dispatch, outcomes
from messaging.outbound.dispatcher import NIL
from messaging.worker import Worker
from tests.support import database, many_people, rows_read
from tests.support.cast import ADA
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

TABLES = (
    *("channel_paces", "contact_identities", "contacts", "conversations"),
    *("message_attempts", "message_statuses", "messages", "webhook_deliveries"),
)
FEW, MANY = 500, 8000
AT_MOST = 64  # messages of a lease

# many people wrote to Acme long ago and were answered
HISTORY = """
    INSERT INTO conversations (id, tenant_id, channel_id, contact_id, group_external_id, status,
        last_seq, last_message_at, window_closes_at, created_at)
    SELECT gen_random_uuid(), tenant_id, %(channel)s, id, '', 'open', 1000, now(),
        now() + interval '1 day', now()
    FROM contacts;
    INSERT INTO messages (id, tenant_id, channel_id, conversation_id, seq, direction, kind, text,
        status, external_id, recipient, attempts, error_code, error, created_at)
    SELECT gen_random_uuid(), tenant_id, channel_id, id, 1, 'outbound', 'text', 'Thanks',
        'delivered', 'wamid.old.' || id, '1', 1, '', '', now()
    FROM conversations;
    INSERT INTO webhook_deliveries (id, kind, body, received_at, attempts, processed_at, error)
    SELECT gen_random_uuid(), 'whatsapp', '', now(), 1, now(), '' FROM generate_series(1, %(n)s)"""
# something is to be sent to each of them, or much to a few: on Acme's channel, or on their own ones
QUEUED = """
    INSERT INTO messages (id, tenant_id, channel_id, conversation_id, seq, direction, kind, text,
        status, recipient, attempts, error_code, error, due_at, created_at)
    SELECT gen_random_uuid(), tenant_id, channel_id, id, seq, 'outbound', 'text', 'News',
        'queued', '1', 0, '', '', now() - interval '1 minute' + seq * interval '1 ms', now()
    FROM generate_series(2, 1 + %(n)s / %(people)s) seq,
        (SELECT * FROM conversations LIMIT %(people)s) few"""
CHANNELS = """
    INSERT INTO channels SELECT (jsonb_populate_record(channel, to_jsonb(channel)
        || jsonb_build_object('id', gen_random_uuid(), 'external_id', 'number ' || n))).*
    FROM channels channel, generate_series(1, %(n)s) n WHERE channel.id = %(channel)s;
    UPDATE conversations SET channel_id = other.id
    FROM (SELECT id, row_number() OVER () AS n FROM channels WHERE id <> %(channel)s) other,
        (SELECT id, row_number() OVER () AS n FROM conversations) own
    WHERE own.n = other.n AND conversations.id = own.id"""
# and each of them writes, or something is told of them
WRITTEN = """
    INSERT INTO webhook_deliveries (id, kind, lane, route_hint, body, received_at, waits_since,
        due_at, attempts, error)
    SELECT gen_random_uuid(), kind, lane,
        CASE WHEN %(spread)s THEN n::text ELSE route_hint END, convert_to(replace(replace(
            replace(convert_from(body, 'UTF8'), 'wamid.first', 'wamid.' || n),
            '"Ada"', '"Person ' || n || '"'), %(ada)s, (46700000000 + n * 7)::text), 'UTF8'),
        received_at, waits_since, now(), 0, ''
    FROM webhook_deliveries, generate_series(1, %(n)s) n WHERE due_at IS NOT NULL"""

PACES = """
    INSERT INTO channel_paces (id, tenant_id, channel_id, ready_at, slots, proven_at, leased_at)
    SELECT gen_random_uuid(), tenant_id, id, now(), 64, now() + interval '1 hour', now()
    FROM channels"""
ANALYZE = f"ANALYZE channels, {', '.join(TABLES)}"

ONE_CHANNEL, MANY_CHANNELS, FEW_PEOPLE = "one channel", "many channels", "few people"
NEVER, EMPTY = "never analyzed", "analyzed while empty"
QUIET, FULL = "analyzed while nothing waited", "analyzed full"


@pytest.fixture
def queues(acme, acme_whatsapp, write, db_rows):
    """Fill the queues: `queues(500, state, ONE_CHANNEL)`."""

    def queues(count: int, state: str, shape: str) -> None:
        values = {"channel": acme_whatsapp.id, "n": count, "ada": ADA}
        values["spread"] = shape == MANY_CHANNELS
        values["people"] = 25 if shape == FEW_PEOPLE else count
        database.make_anew(db_rows, *TABLES)
        db_rows.execute("SET search_path = messaging; SET session_replication_role = replica")
        writer = psycopg.ClientCursor(db_rows)
        writer.execute("DELETE FROM channels WHERE id <> %(channel)s", values)
        if state == EMPTY:
            writer.execute(ANALYZE)
        many_people.add(db_rows, acme.id, count)
        writer.execute(HISTORY, values)
        if shape == MANY_CHANNELS:
            writer.execute(CHANNELS, values)
        writer.execute(PACES)
        if state == QUIET:
            writer.execute(ANALYZE)
        write("Hello", wamid="wamid.first")
        writer.execute(QUEUED, values)
        writer.execute(WRITTEN, values)
        if state == FULL:
            writer.execute(ANALYZE)
        db_rows.execute("RESET search_path; RESET session_replication_role")

    return queues


@pytest.fixture
def round_of_a_worker(acme_whatsapp, report, quiet):
    """What a worker does once: how many rows each statement of it reads."""

    def round_of_a_worker() -> Counter[str]:
        lease, worker = uuid7(), Worker(senders=AT_MOST)
        worker.stopping.set()  # it does not wait
        with rows_read.counted() as read:
            worker.take_in()
            marked = dispatch.mark(leased(lease), lease)
            assert len(marked) >= 20
            time.sleep(0.3)  # the pace of a channel allows no more before
            leased(uuid7())  # what waits behind those is looked at
            outcomes.settle([accepted(each) for each in marked])
            on_acmes = [each for each in marked if each.channel.id == acme_whatsapp.id]
            report(*(bodies.status(f"wamid.{each.message.id}", "sent") for each in on_acmes))
            worker.take_in()
            for sweep in sweeps.SWEEPS:
                sweeps.run_sweep(sweep)
        return read

    return round_of_a_worker


def leased(lease: UUID) -> list[UUID]:
    turn = dispatch.lease(
        lease, after=NIL, at_most=AT_MOST, per_channel=AT_MOST, under_way=Counter()
    )
    return [message.id for message in turn.messages]


def accepted(each: dispatch.Dispatch) -> dispatch.Result:
    outcome = Outcome(
        message_id=each.message.id,
        attempt=each.message.attempts,
        status="accepted",
        external_id=f"wamid.{each.message.id}",
    )
    return dispatch.Result(outcome, each.channel)


@pytest.mark.parametrize(
    ("state", "more_at_most"),
    # a table of which nothing is known may be read whole (three times by each of two leases), but
    # never once for each row of another
    [(NEVER, 6 * MANY), (EMPTY, 6 * MANY), (QUIET, 100), (FULL, 100)],
    ids=[NEVER, EMPTY, QUIET, FULL],
)
@pytest.mark.parametrize("shape", [ONE_CHANNEL, MANY_CHANNELS, FEW_PEOPLE])
def test_a_round_reads_no_more_rows_where_more_waits(
    state, more_at_most, shape, queues, round_of_a_worker
):
    queues(FEW, state, shape)
    few = round_of_a_worker()
    queues(MANY, state, shape)
    many = round_of_a_worker()

    assert sum(few.values()) > 1000
    more = {sql: read - few[sql] for sql, read in many.items() if read - few[sql] > more_at_most}
    assert {sql.splitlines()[0]: rows for sql, rows in more.items()} == {}
