"""Every try is kept; what is unknown leaves again only by an order, which is kept too; a real
double is noticed.
"""

import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from uuid_utils.compat import uuid7

from channels_app.models import Channel
from messaging.inbound.leasing import DeliveryLeaser
from messaging.maintenance import sweeps
from messaging.maintenance.tasks import forget_outdated
from messaging.models import Attempt, Message, MessageStatus, Resend
from messaging.models.outcome import Outcome
from messaging.outbound import dispatch, outcomes
from messaging.outbound.dispatcher import NIL, Dispatcher
from messaging.references import reference
from tenants.models import Tenant
from tenants.scope import operator_scope, router_scope
from tests.support import database, rows_read
from tests.support.cast import ACME_ACCOUNT
from tests.support.processes import eventually
from tests.support.whatsapp import bodies
from tests.support.whatsapp.channel import connect

pytestmark = pytest.mark.whatsapp


# what the planner goes by
BELIEVED_TO_BE_MANY = """
    UPDATE pg_class SET reltuples = 5000000, relpages = 1
    WHERE oid IN ('messaging.messages'::regclass, 'messaging.message_attempts'::regclass);
    DELETE FROM pg_statistic WHERE starelid IN (
        'messaging.messages'::regclass, 'messaging.message_attempts'::regclass)"""
# as a worker leaves it that dies while it asks the provider
LOST = """
    UPDATE messaging.messages SET status = 'sending', lease = gen_random_uuid(), due_at = now()
    WHERE direction = 'outbound'"""


def reply() -> Message:
    with operator_scope():
        return Message.objects.get(direction="outbound")


def tried() -> list[tuple]:
    """(number, outcome, HTTP status, Graph code) of every attempt."""
    with operator_scope():
        rows = Attempt.objects.order_by("number")
        return list(rows.values_list("number", "outcome", "http_status", "error_code"))


def order(by: str = "an operator") -> int:
    with operator_scope():
        return len(Resend.objects.order([reply_id()], by=by))


def reply_id() -> object:
    return Message.objects.values_list("id", flat=True).get(direction="outbound")


@pytest.fixture
def unknown(acme_whatsapp, write, work, graph):
    """A reply that Meta accepted, without our ever hearing of it; its entry in the ledger."""
    graph.script.append({"then": "close"})
    write()
    work()
    assert reply().status == "unknown"
    return graph.ledger[0]


def due_now(db_rows) -> None:
    db_rows.execute("UPDATE messaging.messages SET due_at = now() WHERE status = 'queued'")
    db_rows.execute("UPDATE messaging.channel_paces SET ready_at = 'epoch'")


def test_each_attempt_is_kept_with_what_graph_said(
    acme_whatsapp, write, work, graph, db_rows, settings
):
    graph.script.extend([{"code": 131056}, {"code": 130429, "http": 429}, {"code": 131026}])
    write()
    for _ in range(3):
        due_now(db_rows)
        work()

    assert tried() == [
        (1, "queued", 400, "131056"),
        (2, "queued", 429, "130429"),
        (3, "failed", 400, "131026"),
    ]
    with operator_scope():
        assert [each.started_at <= each.ended_at for each in Attempt.objects.all()] == [True] * 3


def test_an_attempt_that_got_no_answer_has_no_http_status(unknown):
    assert tried() == [(1, "unknown", None, "")]


def test_an_answer_that_comes_after_all_replaces_what_was_unknown_and_nothing_else(
    unknown, acme_whatsapp
):
    late = Outcome(
        message_id=reply().id,
        attempt=1,
        status="accepted",
        external_id=unknown["wamid"],
        http_status=200,
    )
    later = Outcome(message_id=reply().id, attempt=1, status="failed", error="later still")
    outcomes.settle([dispatch.Result(late, acme_whatsapp)])
    outcomes.settle([dispatch.Result(later, acme_whatsapp)])

    assert tried() == [(1, "accepted", 200, "")]
    assert (reply().status, reply().external_id) == ("accepted", unknown["wamid"])


def test_a_message_whose_outcome_never_came_has_its_attempt_too(
    acme_whatsapp, write, work, graph, db_rows
):
    write()
    work()
    db_rows.execute("DELETE FROM messaging.message_attempts")
    db_rows.execute(LOST)
    sweeps.run_sweep(sweeps.give_up_waiting)

    assert (reply().status, tried()) == ("unknown", [(1, "unknown", None, "")])


def test_what_is_unknown_stays_so_until_an_operator_orders_it_sent_again(unknown, work, graph):
    work()
    assert len(graph.ledger) == 1

    assert order() == 1
    work()
    assert (reply().status, len(graph.ledger)) == ("accepted", 2)
    assert [number for number, *_ in tried()] == [1, 3]  # the order took the number between
    with operator_scope():
        assert list(Resend.objects.values_list("status_before", "ordered_by")) == [
            ("unknown", "an operator")
        ]


@pytest.mark.parametrize(
    "status", ["queued", "sending", "accepted", "delivered", "held", "cancelled"]
)
def test_what_is_on_its_way_or_arrived_is_not_sent_again(unknown, graph, db_rows, status):
    db_rows.execute(
        "UPDATE messaging.messages SET status = %s, due_at = now(), lease = gen_random_uuid()"
        " WHERE direction = 'outbound'",
        [status],
    )

    assert order() == 0
    assert reply().status == status
    with operator_scope():
        assert Resend.objects.count() == 0


def test_an_order_lifts_the_time_to_live_and_not_the_window(
    acme_whatsapp, write, work, graph, db_rows, settings
):
    settings.AUTO_REPLY_TTL_SECONDS = 0.001
    write()
    work()
    assert reply().status == "expired"
    order()
    work()
    assert (reply().status, len(graph.ledger)) == ("accepted", 1)

    db_rows.execute("UPDATE messaging.messages SET status = 'failed' WHERE direction = 'outbound'")
    db_rows.execute("UPDATE messaging.conversations SET window_closes_at = now()")
    order()
    work()
    assert (reply().status, len(graph.ledger)) == ("expired", 1)


def test_a_message_that_arrived_under_two_ids_is_noted_as_sent_twice(unknown, report, work, graph):
    order()
    work()
    assert reply().sent_twice_at is None  # nobody knows yet that the first one was taken
    first, second = graph.ledger
    report(
        bodies.status(
            first["wamid"], "delivered", biz_opaque_callback_data=reference(reply().id, 1)
        )
    )
    work()

    assert (reply().external_id, reply().sent_twice_at is not None) == (second["wamid"], True)


def test_a_status_that_comes_before_the_second_attempt_saves_it(unknown, report, work, graph):
    report(
        bodies.status(
            unknown["wamid"],
            "sent",
            biz_opaque_callback_data=unknown["message"]["biz_opaque_callback_data"],
        )
    )
    # too late for the order: the status is not processed yet, and the worker takes in before it
    # sends
    order()
    work()

    assert (reply().status, len(graph.ledger), reply().sent_twice_at) == ("sent", 1, None)


@pytest.fixture
def failed(acme_whatsapp, write, report, work, graph):
    """A reply that Meta took and then reported as failed; the statuses to be repeated."""
    write()
    work()
    wamid, own = graph.ledger[0]["wamid"], graph.ledger[0]["message"]["biz_opaque_callback_data"]
    sent = bodies.status(wamid, "sent", biz_opaque_callback_data=own)
    refused = bodies.status(
        wamid, "failed", biz_opaque_callback_data=own, errors=[{"code": 131026, "title": "No"}]
    )
    report(sent, refused)
    work()
    assert reply().status == "failed"
    return sent, refused


@pytest.mark.parametrize("repeated", [0, 1], ids=["sent", "failed"])
def test_a_repeated_status_of_the_failed_attempt_does_not_void_the_order(
    failed, report, work, graph, repeated
):
    order()
    report(failed[repeated])
    work()

    assert (reply().status, len(graph.ledger)) == ("accepted", 2)


def test_a_repeated_status_of_the_first_attempt_does_not_hide_that_the_second_failed(
    failed, report, graph
):
    order()
    graph.script.append({"code": 131026})
    dispatcher = Dispatcher(senders=4)
    dispatcher.step()
    report(failed[0])
    DeliveryLeaser().process_due()
    dispatcher.stop()

    assert (reply().status, reply().external_id) == ("failed", None)


def test_a_status_of_the_second_attempt_that_crosses_with_its_answer_brings_its_own_id(
    failed, report, graph
):
    order()
    graph.script.append({"delay": 0.5})
    dispatcher = Dispatcher(senders=4)
    dispatcher.step()
    assert eventually(lambda: len(graph.ledger) == 2)
    second = graph.ledger[1]
    own = second["message"]["biz_opaque_callback_data"]
    report(bodies.status(second["wamid"], "sent", biz_opaque_callback_data=own), failed[1])
    DeliveryLeaser().process_due()
    dispatcher.stop()

    assert (reply().status, reply().external_id) == ("sent", second["wamid"])


def test_a_first_attempt_that_was_accepted_after_all_ends_the_order(
    acme_whatsapp, write, work, graph, db_rows
):
    write()
    DeliveryLeaser().process_due()
    token = uuid7()
    leased = dispatch.lease(
        token, after=NIL, at_most=8, per_channel=8, under_way=Counter()
    ).messages
    (ready,) = dispatch.mark([message.id for message in leased], token)
    late = dispatch.post(ready)  # accepted; the process is suspended before it can record that
    db_rows.execute("UPDATE messaging.messages SET due_at = now() WHERE status = 'sending'")
    sweeps.run_sweep(sweeps.give_up_waiting)
    assert order() == 1
    outcomes.settle([late])
    work()

    assert (reply().status, reply().external_id, len(graph.ledger)) == (
        "accepted",
        graph.ledger[0]["wamid"],
        1,
    )


def test_the_policys_order_does_not_lift_the_time_to_live(unknown, work, graph, db_rows):
    with operator_scope():
        Tenant.objects.update(resend_policy="resend_once")
        Channel.objects.update(status="needs_reauth")
    db_rows.execute("UPDATE messaging.message_attempts SET ended_at = now() - interval '5 minutes'")
    work()
    assert reply().status == "held"
    db_rows.execute("UPDATE messaging.messages SET expires_at = now() WHERE direction = 'outbound'")
    with operator_scope():
        Channel.objects.update(status="live")
    work()

    assert (reply().status, len(graph.ledger)) == ("expired", 1)


def test_what_turns_out_to_have_failed_was_not_sent_twice(unknown, report, work, graph):
    own = unknown["message"]["biz_opaque_callback_data"]
    order()
    work()
    report(bodies.status(unknown["wamid"], "sent", biz_opaque_callback_data=own))
    work()
    assert reply().sent_twice_at is not None
    report(
        bodies.status(
            unknown["wamid"], "failed", biz_opaque_callback_data=own, errors=[{"code": 131026}]
        )
    )
    work()

    assert (reply().status, reply().sent_twice_at) == ("accepted", None)


def test_one_that_failed_and_was_sent_again_was_not_sent_twice(
    acme_whatsapp, write, report, work, graph
):
    write()
    work()
    first = graph.ledger[0]["wamid"]
    report(
        bodies.status(first, "sent"),
        bodies.status(first, "failed", errors=[{"code": 131026, "title": "No"}]),
    )
    work()
    order()
    work()
    second = graph.ledger[1]["wamid"]
    report(bodies.status(second, "delivered"))
    work()

    assert (reply().status, reply().external_id, reply().sent_twice_at) == (
        "delivered",
        second,
        None,
    )


def test_a_late_word_of_the_first_attempt_finds_its_message_without_our_reference(
    acme_whatsapp, write, report, work, graph
):
    write()
    work()
    first = graph.ledger[0]["wamid"]
    report(bodies.status(first, "failed", errors=[{"code": 131026, "title": "No"}]))
    work()
    order()
    work()
    report(bodies.status(first, "delivered"))  # and it was delivered after all
    report(bodies.status(graph.ledger[1]["wamid"], "delivered"))
    work()

    with operator_scope():
        assert set(reply_statuses()) == {
            (first, "failed"),
            (first, "delivered"),
            (graph.ledger[1]["wamid"], "delivered"),
        }


def reply_statuses() -> list[tuple[str, str]]:
    return list(
        Message.objects.filter(direction="outbound").values_list(
            "statuses__external_id", "statuses__status"
        )
    )


@pytest.mark.parametrize(("policy", "posts"), [("hold", 1), ("resend_once", 2)])
def test_the_tenants_policy_decides_whether_unknown_messages_leave_once_more(
    unknown, work, graph, settings, policy, posts
):
    settings.UNKNOWN_AFTER_SECONDS = settings.SEND_TIMEOUT_SECONDS = 0.01
    with operator_scope():
        Tenant.objects.update(resend_policy=policy)
    graph.script.extend([{"then": "close"}] * 3)
    for _ in range(3):
        time.sleep(0.05)
        settings.SEND_TIMEOUT_SECONDS = 5
        work()

    assert (len(graph.ledger), reply().status) == (posts, "unknown")
    with operator_scope():
        assert list(Resend.objects.values_list("ordered_by", flat=True)) == [
            "the tenant's policy"
        ] * (posts - 1)


def test_the_policy_waits_for_a_status_first_and_leaves_what_is_too_old(unknown, db_rows):
    def ordered() -> int:
        sweeps.run_sweep(sweeps.resend)
        with operator_scope():
            return Resend.objects.count()

    with operator_scope():
        Tenant.objects.update(resend_policy="resend_once")
    assert ordered() == 0
    db_rows.execute("UPDATE messaging.message_attempts SET ended_at = now() - interval '5 minutes'")
    db_rows.execute("UPDATE messaging.messages SET expires_at = now() WHERE direction = 'outbound'")
    assert ordered() == 0
    db_rows.execute(
        "UPDATE messaging.messages SET expires_at = now() + interval '1 hour' WHERE direction ="
        " 'outbound'"
    )
    assert ordered() == 1


def test_where_messages_are_many_the_sweep_reads_no_tenants_but_those_that_want_it(
    unknown, acme, db_rows
):
    def rows_read_by_a_sweep() -> int:
        db_rows.execute("ANALYZE messaging.tenants")
        with rows_read.counted() as found:
            sweeps.run_sweep(sweeps.resend)
        return sum(found.values())

    with operator_scope():
        Tenant.objects.bulk_create(Tenant(slug=f"t-{n}", name=f"Tenant {n}") for n in range(1000))
    with database.without_autovacuum(db_rows, "tenants", "messages", "message_attempts"):
        db_rows.execute(BELIEVED_TO_BE_MANY)
        assert rows_read_by_a_sweep() == 0
        with operator_scope():
            Tenant.objects.filter(slug="t-1").update(resend_policy="resend_once")
        assert rows_read_by_a_sweep() == 1


def test_a_restricted_account_stops_its_channels_of_the_tenant_and_no_others(
    acme, globex, acme_whatsapp, write, work, graph
):
    sibling = connect(acme, "400000000000021", ACME_ACCOUNT, "token")
    connect(acme, "400000000000022", "300000000000022", "token")
    connect(globex, "400000000000023", ACME_ACCOUNT, "token")
    graph.script.append({"code": 131031})
    write()
    work()
    with operator_scope():
        stopped = Channel.objects.exclude(status="live").order_by("external_id")
        assert [(each.id, each.status) for each in stopped] == [
            (acme_whatsapp.id, "restricted"),
            (sibling.id, "restricted"),
        ]
    assert reply().status == "held"


@pytest.mark.parametrize(
    ("age", "status"), [(timedelta(0), "restricted"), (timedelta(days=1), "live")]
)
def test_a_status_that_says_so_parks_the_channel_unless_it_was_connected_since(
    acme_whatsapp, write, report, work, graph, age, status
):
    write()
    work()
    at = (datetime.now(UTC) - age).timestamp() + 1
    error = {"code": 131031, "title": "Account has been locked"}
    report(bodies.status(graph.ledger[0]["wamid"], "failed", at=at, errors=[error]))
    work()

    with operator_scope():
        assert Channel.objects.get().status == status
    assert (reply().status, reply().error_code) == ("failed", "131031")


def test_statuses_of_nobodys_messages_go_after_a_week(acme_whatsapp, report, work, db_rows):
    report(bodies.status("wamid.of.nobody", "read"), bodies.status("wamid.too", "read"))
    work()
    db_rows.execute(
        "UPDATE messaging.message_statuses SET recorded_at = now() - interval '8 days' WHERE"
        " external_id = 'wamid.too'"
    )
    forget_outdated(timestamp=0)

    assert db_rows.execute("SELECT external_id FROM messaging.message_statuses").fetchall() == [
        ("wamid.of.nobody",)
    ]


def test_a_status_that_just_gets_its_message_does_not_go_with_nobodys(
    acme_whatsapp, write, report, work, graph, other, db_rows
):
    write()
    report(bodies.status("wamid.late", "read"), bodies.status("wamid.of.nobody", "read"))
    work()
    db_rows.execute("UPDATE messaging.message_statuses SET recorded_at = now() - interval '8 days'")
    other.execute(
        "UPDATE messaging.message_statuses SET message_id = message.id"
        " FROM messaging.messages message"
        " WHERE message_statuses.external_id = 'wamid.late' AND direction = 'outbound'"
    )
    with operator_scope():
        MessageStatus.objects.expire_orphans()
    other.commit()
    forget_outdated(timestamp=0)

    left = "SELECT external_id FROM messaging.message_statuses WHERE status = 'read'"
    assert db_rows.execute(left).fetchall() == [("wamid.late",)]


def test_a_step_that_another_worker_is_taking_is_left_to_it(unknown, database_name, db_rows):
    db_rows.execute(LOST)
    with psycopg.connect(database.superuser_url(database_name)) as other:
        other.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('messaging.healing.give_up_waiting', 0))"
        )
        sweeps.run_sweep(sweeps.give_up_waiting)
        assert reply().status == "sending"
    sweeps.run_sweep(sweeps.give_up_waiting)
    assert reply().status == "unknown"
    with router_scope():
        assert Message.objects.lost(unknown_after=60) == []
