"""A channel that a refused message parked is tried once an hour with one of its held messages, and
comes back by itself.
"""

import time

import pytest

from channels_app.models import Channel
from messaging.models import Message, Resend
from tenants.scope import operator_scope
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, thread_of
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

ADA, GRACE, ALAN = "4915100000001", "4915100000002", "4915100000003"
REFUSED = {"code": 10, "http": 403}


@pytest.fixture
def parked(acme, acme_whatsapp, graph, write, work, db_rows):
    """Acme's channel, parked since its first message was refused an hour ago; two more people wait
    for their answers.
    """
    graph.script.append(REFUSED)
    write("Hello", sender=ADA)
    work()
    write("Hello", sender=GRACE)
    write("Hello", sender=ALAN)
    work()
    an_hour_passes(db_rows)
    return acme_whatsapp


def an_hour_passes(db_rows) -> None:
    db_rows.execute("UPDATE messaging.channels SET parked_at = parked_at - interval '61 minutes'")
    db_rows.execute(
        "UPDATE messaging.channel_probes SET asked_at = asked_at - interval '61 minutes'"
    )


def channel() -> tuple[str, str, str]:
    with operator_scope():
        found = Channel.objects.get(external_id=ACME_NUMBER)
    return found.status, found.recovers_by, found.status_reason


def answers(tenant) -> list[str]:
    return sorted(status for direction, _, status in thread_of(tenant) if direction == "outbound")


def test_a_probe_that_is_accepted_brings_the_channel_back_and_what_was_held_leaves(
    acme, parked, graph, work, caplog
):
    assert (channel()[:2], answers(acme), len(graph.ledger)) == (
        ("needs_reauth", "probe"),
        ["held"] * 3,
        1,
    )
    work()
    work()

    assert (channel()[::2], answers(acme), len(graph.ledger)) == (("live", ""), ["accepted"] * 3, 4)
    assert (
        f"Channel {parked.id} of tenant {parked.tenant_id} works again and is live."
        in caplog.messages
    )


def test_a_probe_that_is_refused_costs_one_post_an_hour_and_its_message_stays_held(
    acme, parked, graph, work, db_rows
):
    graph.script.extend([REFUSED, REFUSED])
    for _ in range(3):
        work()
    assert (channel()[0], answers(acme), len(graph.ledger)) == ("needs_reauth", ["held"] * 3, 2)
    an_hour_passes(db_rows)
    work()

    assert (channel()[0], answers(acme), len(graph.ledger)) == ("needs_reauth", ["held"] * 3, 3)


def test_nothing_is_tried_before_the_hour_has_passed(acme, parked, graph, work, db_rows):
    db_rows.execute("UPDATE messaging.channels SET parked_at = now() - interval '59 minutes'")
    work()

    assert (channel()[0], len(graph.ledger)) == ("needs_reauth", 1)


@pytest.mark.parametrize("code", [0, 3, 33, 200, 131005, 131037, 131045, 133010, 368, 131031])
def test_whatever_refused_it_but_the_token_is_tried_again(
    acme, acme_whatsapp, graph, write, work, db_rows, code
):
    graph.script.append({"code": code})
    write("Hello")
    work()
    assert channel()[1] == "probe"
    an_hour_passes(db_rows)
    work()

    assert (channel()[0], answers(acme)) == ("live", ["accepted"])


@pytest.mark.parametrize("refusal", [{"code": 190, "http": 401}, {"code": 102}], ids=str)
def test_a_refused_token_is_left_to_the_check(
    acme, acme_whatsapp, graph, write, work, db_rows, refusal
):
    graph.script.append(refusal)
    write("Hello")
    work()
    an_hour_passes(db_rows)
    work()

    assert (channel()[:2], answers(acme), len(graph.ledger)) == (
        ("needs_reauth", "check"),
        ["held"],
        1,
    )


@pytest.mark.parametrize(
    ("change", "answered"),
    [
        pytest.param(
            "UPDATE messaging.tenants SET status = 'suspended'",
            ["held"] * 3,
            id="the tenant is suspended",
        ),
        pytest.param(
            "UPDATE messaging.messages SET expires_at = now()",
            ["expired"] * 3,
            id="all of them are stale",
        ),
        pytest.param(
            "UPDATE messaging.conversations SET window_closes_at = now()",
            ["held"] * 3,
            id="no window is open",
        ),
        pytest.param(
            "UPDATE messaging.contacts SET blocked_at = now()",
            ["held"] * 3,
            id="everybody is blocked",
        ),
        pytest.param(
            "UPDATE messaging.channels SET recovers_by = 'reconnect'",
            ["held"] * 3,
            id="it comes back by reconnecting alone",
        ),
    ],
)
def test_what_could_not_leave_anyway_is_no_probe(
    acme, parked, graph, work, db_rows, change, answered
):
    db_rows.execute(change)
    work()

    assert (channel()[0], answers(acme), len(graph.ledger)) == ("needs_reauth", answered, 1)


def test_only_the_probe_leaves_while_the_channel_is_parked(acme, parked, graph, write, work):
    graph.script.append(REFUSED)
    write("Hello again", sender=GRACE)
    work()

    assert (channel()[0], answers(acme), len(graph.ledger)) == ("needs_reauth", ["held"] * 4, 2)


def test_a_probe_that_fails_for_itself_leaves_the_channel_parked_and_another_is_tried(
    acme, parked, graph, work, db_rows
):
    graph.script.append({"code": 131026})
    work()
    assert (channel()[0], answers(acme)) == ("needs_reauth", ["failed", "held", "held"])
    an_hour_passes(db_rows)
    work()
    work()

    assert (channel()[0], answers(acme)) == ("live", ["accepted", "accepted", "failed"])


def test_a_probe_is_never_sent_twice_when_its_outcome_is_unknown(
    acme, parked, graph, work, db_rows
):
    graph.script.append({"http": 502})
    work()
    an_hour_passes(db_rows)
    work()
    work()

    assert (channel()[0], answers(acme)) == ("live", ["accepted", "accepted", "unknown"])
    to = [entry["message"]["to"] for entry in graph.ledger]
    assert sorted(to) == sorted([ADA, ADA, GRACE, ALAN])


def test_a_channel_that_was_connected_meanwhile_is_left_as_it_is(
    acme, parked, graph, work, db_rows
):
    db_rows.execute("UPDATE messaging.channels SET status = 'disconnected'")
    work()

    assert (channel()[0], answers(acme), len(graph.ledger)) == (
        "disconnected",
        ["cancelled"] * 3,
        1,
    )


def test_each_channel_of_a_restricted_account_is_tried(
    acme, acme_whatsapp, graph, write, work, db_rows
):
    with operator_scope():
        Channel.objects.connect(
            acme,
            kind="whatsapp",
            external_id="400000000000009",
            account_id=ACME_ACCOUNT,
            access_token="t",
            name="",
        )
    graph.script.append({"code": 131031})
    write("Hello", sender=ADA)
    work()
    write("Hello", sender=GRACE, number="400000000000009")
    work()
    with operator_scope():
        assert set(Channel.objects.values_list("status", "recovers_by")) == {
            ("restricted", "probe")
        }
    an_hour_passes(db_rows)
    work()

    with operator_scope():
        assert set(Channel.objects.values_list("status", flat=True)) == {"live"}
    assert answers(acme) == ["accepted", "accepted"]


def test_what_has_become_stale_stands_before_no_probe(acme, parked, graph, write, work, db_rows):
    db_rows.execute("UPDATE messaging.messages SET expires_at = now() WHERE direction = 'outbound'")
    graph.script.append(REFUSED)
    write("Hello again", sender=ADA)
    work()
    work()

    assert (answers(acme), len(graph.ledger)) == (["expired"] * 3 + ["held"], 2)


@pytest.mark.parametrize("again", ["by itself", "by an operator"])
def test_a_probe_lets_one_attempt_through_and_no_other_of_its_message(
    acme, parked, graph, work, db_rows, again
):
    graph.script.append({"code": 131016} if again == "by itself" else {"code": 131026})
    work()
    if again == "by an operator":
        with operator_scope():
            Resend.objects.order(
                Message.objects.filter(status="failed").values_list("id", flat=True),
                by="an operator",
            )
    for _ in range(3):
        db_rows.execute("UPDATE messaging.messages SET due_at = now() WHERE status = 'queued'")
        work()

    assert (channel()[0], answers(acme), len(graph.ledger)) == ("needs_reauth", ["held"] * 3, 2)


def test_what_was_told_before_a_channel_came_back_parks_it_no_more(
    acme, parked, graph, work, report
):
    earlier = int(time.time()) - 3600
    work()
    work()
    assert channel()[0] == "live"
    failed = {"timestamp": str(earlier), "errors": [{"code": 131031, "title": "Locked"}]}
    report(bodies.status(graph.ledger[-1]["wamid"], "failed", **failed))
    work()

    assert channel()[0] == "live"
