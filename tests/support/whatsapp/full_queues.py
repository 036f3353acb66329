"""Queues in which much waits, on a database whose statistics are of another time, and a worker's
round in it: what test_rows_read.py counts and tests/plans explains.
"""

import time
from collections import Counter
from typing import Any
from uuid import UUID

import psycopg
from uuid_utils.compat import uuid7

from channels_app.models import Channel
from messaging.maintenance import sweeps
from messaging.models.outcome import Outcome
from messaging.outbound import dispatch, outcomes
from messaging.outbound.dispatcher import NIL
from messaging.worker import Worker
from tests.support import database, many_people
from tests.support.cast import ADA
from tests.support.whatsapp import bodies

TABLES = (
    *("channel_paces", "contact_identities", "contacts", "conversations"),
    *("message_attempts", "message_statuses", "messages", "webhook_deliveries"),
)
FEW, MANY = 500, 8000  # that wait
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
    INSERT INTO channels SELECT other.*
    FROM channels channel, generate_series(1, %(n)s) n, jsonb_populate_record(channel,
        to_jsonb(channel) || jsonb_build_object('id', gen_random_uuid(), 'external_id', 'number '
        || n)) other
    WHERE channel.id = %(channel)s;
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


def fill(
    rows: psycopg.Connection, channel: Channel, write: Any, count: int, state: str, shape: str
) -> None:
    """Let `count` messages wait in the queues of `channel`, or of as many others, as `shape` says,
    on a database that was analyzed as `state` says. `write`: the fixture.
    """
    values = {"channel": channel.id, "n": count, "ada": ADA}
    values["spread"] = shape == MANY_CHANNELS
    values["people"] = 25 if shape == FEW_PEOPLE else count
    database.make_anew(rows, *TABLES)
    rows.execute("SET search_path = messaging; SET session_replication_role = replica")
    writer = psycopg.ClientCursor(rows)
    writer.execute("DELETE FROM channels WHERE id <> %(channel)s", values)
    if state == EMPTY:
        writer.execute(ANALYZE)
    many_people.add(rows, channel.tenant_id, count)
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
    rows.execute("RESET search_path; RESET session_replication_role")


def round_of_a_worker(channel: Channel, report: Any) -> None:
    """Do once what a worker does. `report`: the fixture."""
    lease, worker = uuid7(), Worker(senders=AT_MOST)
    worker.stopping.set()  # it does not wait
    worker.take_in()
    marked = dispatch.mark(leased(lease), lease)
    assert len(marked) >= 20
    time.sleep(0.3)  # the pace of a channel allows no more before
    leased(uuid7())  # what waits behind those is looked at
    outcomes.settle([accepted(each) for each in marked])
    on_it = [each for each in marked if each.channel.id == channel.id]
    report(*(bodies.status(f"wamid.{each.message.id}", "sent") for each in on_it))
    worker.take_in()
    for sweep in sweeps.SWEEPS:
        sweeps.run_sweep(sweep)


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
