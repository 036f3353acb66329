"""What a provider reports: every status kept once, and rank, not order, decides."""

from itertools import permutations

import pytest

from channels_app.models import Channel
from messaging.models import Message, MessageStatus
from messaging.references import reference
from tenants.scope import operator_scope
from tests.support.cast import GLOBEX_ACCOUNT, GLOBEX_NUMBER
from tests.support.whatsapp import bodies
from tests.support.whatsapp.channel import connect

pytestmark = pytest.mark.whatsapp


@pytest.fixture
def sent(acme_whatsapp, write, work, graph):
    """The reply that Acme has just sent."""
    write()
    work()
    return reply()


def reply() -> Message:
    with operator_scope():
        return Message.objects.get(direction="outbound")


def kept() -> list[str]:
    with operator_scope():
        return sorted(MessageStatus.objects.values_list("status", flat=True))


@pytest.mark.parametrize("order", list(permutations(("sent", "delivered", "read"))), ids=" ".join)
def test_whatever_the_order_and_however_often_the_message_is_read_in_the_end(
    sent, report, work, order
):
    for word in order:
        report(bodies.status(sent.external_id, word), bodies.status(sent.external_id, word))
        work()
    report(
        bodies.status(
            sent.external_id, "failed", errors=[{"code": 131026, "title": "Undeliverable"}]
        )
    )
    work()

    assert reply().status == "read"
    assert kept() == ["delivered", "failed", "read", "sent"]


def test_statuses_of_one_message_in_one_post_take_the_highest(sent, report, work):
    report(*(bodies.status(sent.external_id, word) for word in ("read", "delivered", "sent")))
    work()

    assert (reply().status, kept()) == ("read", ["delivered", "read", "sent"])


def test_a_failure_names_its_code_and_a_later_delivery_proves_otherwise(sent, report, work):
    report(
        bodies.status(
            sent.external_id,
            "failed",
            errors=[{"code": 131049, "title": "Not delivered to maintain ecosystem"}],
        )
    )
    work()
    failed = reply()
    assert (failed.status, failed.error_code, failed.needs_attention) == ("failed", "131049", True)

    report(bodies.status(sent.external_id, "delivered"))
    work()
    assert (reply().status, reply().needs_attention) == ("delivered", False)


def test_a_word_that_nobody_knows_is_kept_and_changes_nothing(sent, report, work):
    report(bodies.status(sent.external_id, "teleported"))
    work()

    assert (reply().status, kept()) == ("accepted", ["teleported"])


def test_a_status_before_the_answer_to_our_post_finds_its_message_by_our_reference(
    acme_whatsapp, write, report, work, graph
):
    graph.script.append({"then": "close"})  # accepted, and we never hear of it
    write()
    work()
    assert (reply().status, reply().external_id) == ("unknown", None)

    entry = graph.ledger[0]
    report(
        bodies.status(
            entry["wamid"],
            "sent",
            biz_opaque_callback_data=entry["message"]["biz_opaque_callback_data"],
        )
    )
    work()
    assert (reply().status, reply().external_id) == ("sent", entry["wamid"])


def test_a_status_of_a_message_we_do_not_know_waits_and_counts_once_it_is_known(
    sent, report, work, db_rows
):
    db_rows.execute("UPDATE messaging.messages SET external_id = NULL WHERE direction = 'outbound'")
    report(bodies.status(sent.external_id, "delivered"))
    work()
    assert reply().status == "accepted"

    db_rows.execute(
        "UPDATE messaging.messages SET external_id = %s WHERE direction = 'outbound'",
        [sent.external_id],
    )
    work()
    assert reply().status == "delivered"


@pytest.mark.parametrize("later", ["sent", "delivered"], ids=["the same word", "another word"])
def test_statuses_without_our_reference_find_their_message_with_a_later_one_that_has_it(
    acme_whatsapp, write, report, work, graph, later
):
    graph.script.append({"then": "close"})
    write()
    work()
    entry = graph.ledger[0]
    report(bodies.status(entry["wamid"], "sent"))
    work()
    assert reply().status == "unknown"

    report(
        bodies.status(
            entry["wamid"],
            later,
            biz_opaque_callback_data=entry["message"]["biz_opaque_callback_data"],
        )
    )
    work()
    with operator_scope():
        assert set(MessageStatus.objects.values_list("message_id", flat=True)) == {reply_id()}
    assert (reply().status, reply().external_id) == (later, entry["wamid"])


def reply_id() -> object:
    return Message.objects.values_list("id", flat=True).get(direction="outbound")


def test_a_status_that_names_another_tenants_message_has_no_effect(
    sent, globex_whatsapp, report, work
):
    forged = reference(sent.id, 1)
    for number_and_account in ({"number": GLOBEX_NUMBER, "account": GLOBEX_ACCOUNT},):
        report(bodies.status(sent.external_id, "read"), **number_and_account)
        report(
            bodies.status("wamid.other", "read", biz_opaque_callback_data=forged),
            **number_and_account,
        )
    work()

    assert (reply().status, reply().external_id) == ("accepted", sent.external_id)
    with operator_scope():
        assert set(MessageStatus.objects.values_list("tenant__slug", "message")) == {
            ("globex", None)
        }


FOREIGN = [
    "",
    "o1:",
    "o1:not-a-uuid:1",
    "o1:01a204db-d4b2-7652-861f-d79f213b8342:1",
    '{"t": "tenant-1"}',
    "o1:" + "9" * 400,
]


@pytest.mark.parametrize("words", FOREIGN)
def test_a_reference_that_is_not_ours_is_ignored(sent, report, work, words):
    report(bodies.status("wamid.unknown", "read", biz_opaque_callback_data=words))
    work()

    assert reply().status == "accepted"


def test_a_failure_of_an_earlier_attempt_does_not_fail_the_present_one(sent, report, work, db_rows):
    db_rows.execute("UPDATE messaging.messages SET attempts = 2 WHERE direction = 'outbound'")
    report(bodies.status("wamid.first", "failed", biz_opaque_callback_data=reference(sent.id, 1)))
    work()

    assert reply().status == "accepted"


def test_a_status_of_what_was_sent_before_the_number_moved_reaches_the_old_tenant(
    acme, globex, acme_whatsapp, sent, report, work, db_rows
):
    with operator_scope():
        Channel.objects.filter(id=acme_whatsapp.id).update(status="disconnected")
    connect(globex, acme_whatsapp.external_id, acme_whatsapp.account_id, "token of the new owner")
    report(bodies.status(sent.external_id, "read"))
    work()

    assert reply().status == "read"
    assert db_rows.execute("SELECT tenant_id FROM messaging.message_statuses").fetchall() == [
        (acme.id,)
    ]


def test_a_status_of_what_nobody_knows_waits_with_the_tenant_that_has_the_number_now(
    acme, globex, acme_whatsapp, sent, report, work, db_rows
):
    with operator_scope():
        Channel.objects.filter(id=acme_whatsapp.id).update(status="disconnected")
    connect(globex, acme_whatsapp.external_id, acme_whatsapp.account_id, "token of the new owner")
    report(bodies.status("wamid.unknown", "read"))
    work()

    assert reply().status == "accepted"
    waiting = db_rows.execute(
        "SELECT tenant_id, message_id FROM messaging.message_statuses"
    ).fetchall()
    assert waiting == [(globex.id, None)]
