"""What waits behind another message of its conversation is due once that one has left, and until
then no lease is held up by it.
"""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from messaging.models import Conversation, Message, Resend
from messaging.outbound import dispatch
from messaging.outbound.dispatcher import NIL, Dispatcher
from tenants.scope import operator_scope
from tests.support.cast import GRACE

pytestmark = pytest.mark.whatsapp

BEHIND = """
    INSERT INTO messaging.messages (id, tenant_id, channel_id, conversation_id, seq, direction,
        kind, origin, text, status, error_code, error, attempts, due_at, expires_at, recipient,
        created_at)
    SELECT gen_random_uuid(), tenant_id, channel_id, conversation_id, seq + n, direction,
        kind, origin, text, status, error_code, error, attempts, now() - interval '1 minute',
        expires_at, recipient, created_at
    FROM messaging.messages, generate_series(1, %s) n WHERE id = %s"""
LAST = "UPDATE messaging.conversations SET last_seq = last_seq + %s WHERE id = %s"
CHANNELS = """
    SET search_path = messaging;
    INSERT INTO channels (id, tenant_id, kind, external_id, account_id, name, status, status_reason,
        credentials, auto_reply, connected_at, created_at)
    SELECT gen_random_uuid(), '{tenant}', 'whatsapp', 'number ' || n, '', '', 'live', '', '', '',
        now(), now()
    FROM generate_series(1, 32) n;
    INSERT INTO contacts (id, tenant_id, name, created_at)
    SELECT id, tenant_id, '', now() FROM channels;
    INSERT INTO conversations (id, tenant_id, channel_id, contact_id, group_external_id, status,
        last_seq, last_message_at, created_at)
    SELECT id, tenant_id, id, id, '', 'open', 30, now(), now() FROM channels;
    INSERT INTO messages (id, tenant_id, channel_id, conversation_id, direction, kind, text, status,
        recipient, seq, attempts, error_code, error, due_at, created_at)
    SELECT gen_random_uuid(), tenant_id, id, id, 'outbound', 'text', '', 'queued', '46', seq, 0, '',
        '', CASE seq WHEN 1 THEN now() + interval '1 hour' ELSE now() END, now()
    FROM (SELECT * FROM channels ORDER BY id LIMIT 10) few, generate_series(1, 20) seq;
    INSERT INTO messages (id, tenant_id, channel_id, conversation_id, direction, kind, text, status,
        recipient, seq, attempts, error_code, error, due_at, created_at)
    SELECT gen_random_uuid(), tenant_id, id, id, 'outbound', 'text', '', 'queued', '46', 1, 0, '',
        '', now(), now()
    FROM (SELECT * FROM channels ORDER BY id OFFSET 10) others;
    RESET search_path"""
LATER = "UPDATE messaging.messages SET due_at = now() + interval '1 hour' WHERE id = %s"


def leased() -> list[Message]:
    limits = {"at_most": 64, "per_channel": 64, "under_way": Counter()}
    return dispatch.lease(uuid7(), after=NIL, **limits).messages


def seconds_until_due() -> list[float]:
    """From when each was written, to the second."""
    with operator_scope():
        waiting = Message.objects.filter(status="queued").order_by("seq")
        times = list(waiting.values_list("due_at", "created_at"))
    return [round((due_at - created_at).total_seconds()) for due_at, created_at in times]


def tens_until_due() -> list[float]:
    """From now, to ten seconds."""
    with operator_scope():
        waiting = Message.objects.filter(status="queued").order_by("seq")
        due = list(waiting.values_list("due_at", flat=True))
    return [round((each - datetime.now(UTC)).total_seconds(), -1) for each in due]


def statuses() -> list[str]:
    with operator_scope():
        queued = Message.objects.filter(direction="outbound").order_by("seq")
        return list(queued.values_list("status", flat=True))


def sent(graph: Any) -> list[str]:
    return [each["message"]["text"]["body"] for each in graph.ledger]


def test_what_is_queued_behind_another_is_looked_at_a_second_later_for_each_before_it(
    acme_whatsapp, ada, say
):
    for text in ("one", "two", "three"):
        say(text, ada)

    assert seconds_until_due() == [0, 1, 2]


def test_it_waits_a_minute_at_most(acme_whatsapp, ada, say, db_rows):
    first = say("Hi", ada).id
    db_rows.execute(BEHIND, [70, first])
    db_rows.execute(LAST, [70, ada])
    db_rows.execute(LATER, [first])
    say("last", ada)

    assert seconds_until_due()[-1] == 60


def test_it_is_due_as_soon_as_the_one_before_it_has_left(acme_whatsapp, ada, say, work, graph):
    for text in ("one", "two", "three"):
        say(text, ada)
    work()

    assert sent(graph) == ["one", "two", "three"]


def test_it_is_due_as_soon_as_the_one_before_it_has_expired(
    acme_whatsapp, ada, say, work, graph, db_rows
):
    first = say("one", ada).id
    say("two", ada)
    expired = "UPDATE messaging.messages SET expires_at = now() WHERE id = %s"
    db_rows.execute(expired, [first])
    work()

    assert statuses() == ["expired", "accepted"]


def test_those_that_are_sent_again_leave_one_after_the_other(
    acme_whatsapp, ada, say, work, graph, db_rows
):
    texts = ["one", "two", "three"]
    ids = [say(text, ada).id for text in texts]
    failed = "UPDATE messaging.messages SET status = 'failed', due_at = NULL, attempts = 1"
    db_rows.execute(f"{failed} WHERE id = ANY(%s)", [ids])
    with operator_scope():
        Resend.objects.order(ids, by="grace")
    work()

    assert sent(graph) == texts


def test_one_that_was_tried_before_keeps_the_time_of_its_next_try(
    acme_whatsapp, ada, say, work, graph, db_rows
):
    say("one", ada)
    second = say("two", ada).id
    tried = "UPDATE messaging.messages SET attempts = 1, due_at = now() + interval '1 hour'"
    db_rows.execute(f"{tried} WHERE id = %s", [second])
    work()

    assert statuses() == ["accepted", "queued"]
    assert seconds_until_due()[0] > 3500


def test_a_lease_looks_at_a_few_of_those_behind_another_and_no_lease_meets_them_again(
    acme_whatsapp, ada, say, db_rows
):
    first = say("Hi", ada).id
    db_rows.execute(BEHIND, [40, first])
    db_rows.execute(LATER, [first])

    assert [leased() for _ in range(3)] == [[], [], []]
    assert tens_until_due() == [3600] + 40 * [60]


def test_many_behind_one_hide_no_other_conversation_of_their_channel(
    acme_whatsapp, ada, write, say, work, graph, db_rows
):
    write("Hello", sender=GRACE)
    work()
    with operator_scope():
        grace = Conversation.objects.exclude(id=ada).get().id
    first = say("Hi", ada).id
    db_rows.execute(BEHIND, [500, first])
    db_rows.execute(LATER, [first])
    say("Hello, Grace", grace)
    work()

    assert sent(graph) == ["Hello, Grace"]


def test_channels_with_many_behind_others_leave_the_rest_of_a_lease_to_those_that_can_send(
    acme, db_rows
):
    db_rows.execute(CHANNELS.format(tenant=acme.id))
    dispatcher = Dispatcher(senders=16)  # a lease looks at 32 channels
    dispatcher.fetch()

    assert len(dispatcher.leased) == 22
    dispatcher.stop()
