"""Every recorded webhook, in the order of the index, through the real address, signatures and
worker into the database.
"""

from collections import Counter
from typing import Any

import pytest

from tests.support.cast import ACME_ACCOUNT, GLOBEX_ACCOUNT
from tests.support.outcomes import count, dead_letters, deliveries
from tests.support.whatsapp import corpus
from tests.support.whatsapp.channel import connect

pytestmark = pytest.mark.whatsapp

ASIDE = {
    "109_unknown_phone_number_id.json": ("unroutable", "No connected channel has this number."),
    "117_message_without_sender.json": ("rejected", "The item names no contact."),
    "118_other_object_instagram.json": ("rejected", "The body is not a WhatsApp webhook."),
}
# messages that the index counts among other events
FROM_THE_PHONE = {"145_echo_text.json": 1, "149_history_chunk.json": 3}
CALLS = {"153_call_terminate.json"}
SET_ASIDE_MESSAGES = {"109_unknown_phone_number_id.json", "117_message_without_sender.json"}


@pytest.fixture
def channels(acme: Any, globex: Any) -> None:
    """Acme has the first account of the index with both its numbers, Globex the second."""
    assert corpus.INDEX["waba_ids"] == [ACME_ACCOUNT, GLOBEX_ACCOUNT]
    for tenant, account in ((acme, ACME_ACCOUNT), (globex, GLOBEX_ACCOUNT)):
        for number in corpus.INDEX["phone_number_ids"][account]:
            connect(tenant, number, account, f"token of {number}")


def expected(case: dict[str, Any]) -> tuple[int, int]:
    """How many messages and statuses the file adds."""
    new = case["new_after_dedup"]
    beside = FROM_THE_PHONE.get(case["file"], 0) + (case["file"] in CALLS)
    return new["messages"] + beside - (case["file"] in SET_ASIDE_MESSAGES), new["statuses"]


def stored(db_rows: Any) -> Counter:
    return Counter(messages=count(db_rows, "messages"), statuses=count(db_rows, "message_statuses"))


def test_every_recorded_webhook_adds_what_its_index_says(channels, deliver, work, graph, db_rows):
    added, answers = {}, set()
    for case in corpus.CASES:
        before = stored(db_rows)
        answers.add(deliver((corpus.FOLDER / case["file"]).read_bytes()).status_code)
        work()
        after = stored(db_rows)
        added[case["file"]] = tuple(after[each] - before[each] for each in ("messages", "statuses"))

    assert added == {case["file"]: expected(case) for case in corpus.CASES}
    assert (answers, dead_letters(db_rows)) == ({200}, list(ASIDE.values()))
    assert [error for _, error in deliveries(db_rows)] == [
        f"1 {ASIDE[case['file']][0]}" if case["file"] in ASIDE else "" for case in corpus.CASES
    ]
    assert graph.ledger == []  # they are older than a week


def test_all_recorded_webhooks_at_once_add_the_same(channels, deliver, work, graph, db_rows):
    for case in corpus.CASES:
        deliver((corpus.FOLDER / case["file"]).read_bytes())
    work()

    messages, statuses = (sum(column) for column in zip(*map(expected, corpus.CASES), strict=True))
    assert stored(db_rows) == {"messages": messages, "statuses": statuses}
    assert dead_letters(db_rows) == list(ASIDE.values())
    assert {is_processed for is_processed, _ in deliveries(db_rows)} == {True}
    per_channel = """
        SELECT t.slug, c.external_id, count(*) FROM messaging.messages m
        JOIN messaging.channels c ON c.id = m.channel_id JOIN messaging.tenants t
            ON t.id = m.tenant_id
        GROUP BY 1, 2 ORDER BY 1, 2
    """
    first, second = corpus.INDEX["phone_number_ids"][ACME_ACCOUNT]
    (third,) = corpus.INDEX["phone_number_ids"][GLOBEX_ACCOUNT]
    assert db_rows.execute(per_channel).fetchall() == [
        ("acme", first, messages - 2),
        ("acme", second, 1),
        ("globex", third, 1),
    ]
