"""Messages out: mark before the POST, one POST, and what each answer makes of the message."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

import pytest
from uuid_utils.compat import uuid7

from channels_app.models import Channel
from channels_app.providers import registry
from messaging.maintenance import sweeps
from messaging.models import Conversation, Message
from messaging.models.outcome import Outcome
from messaging.outbound import dispatch, outcomes
from tenants.models import Tenant
from tenants.scope import operator_scope, router_scope
from tests.messaging.outbound.leased import leased_by, marked, queue_only
from tests.support.cast import ADA, thread_of
from tests.support.whatsapp import bodies
from whatsapp.provider import WhatsApp

pytestmark = pytest.mark.whatsapp


def reply() -> Message:
    with operator_scope():
        return Message.objects.get(direction="outbound")


CASES = [
    pytest.param({}, "accepted", "", id="accepted"),
    pytest.param({"code": 131026}, "failed", "131026", id="a definite refusal fails"),
    pytest.param({"code": 100}, "failed", "100", id="a bad parameter fails"),
    pytest.param({"code": 130429}, "queued", "130429", id="too fast waits"),
    pytest.param({"code": 99999, "http": 429}, "queued", "99999", id="429 with any code waits"),
    pytest.param({"code": 190, "http": 401}, "held", "190", id="a dead token holds"),
    pytest.param(
        {"code": 1, "http": 500}, "unknown", "", id="5xx with Graph's own error may have been sent"
    ),
    pytest.param({"http": 502}, "unknown", "", id="an HTML page may have been sent"),
    pytest.param({"http": 200}, "unknown", "", id="200 that is no JSON may have been sent"),
    pytest.param({"then": "close"}, "unknown", "", id="closed after reading may have been sent"),
]


@pytest.mark.parametrize(("step", "status", "code"), CASES)
def test_each_answer_decides_what_becomes_of_the_message_and_there_was_one_post(
    acme_whatsapp, write, work, graph, step, status, code
):
    graph.script.append(step)
    write()
    work()

    assert (reply().status, reply().error_code, reply().attempts) == (status, code, 1)
    assert len(graph.ledger) == 1


def test_no_answer_in_time_may_have_been_sent(acme_whatsapp, write, work, graph, settings):
    settings.SEND_TIMEOUT_SECONDS = 1
    graph.script.append({"then": "hang"})
    write()
    work()

    assert (reply().status, len(graph.ledger)) == ("unknown", 1)


class FaultyAfterThePost(WhatsApp):
    def send(self, *arguments: Any, **options: Any) -> NoReturn:
        super().send(*arguments, **options)
        raise TypeError("of our own making")


def test_a_fault_of_our_own_code_may_have_sent_it(acme_whatsapp, write, work, graph, monkeypatch):
    monkeypatch.setitem(registry._providers, "whatsapp", FaultyAfterThePost())
    write()
    work()
    work()

    assert (reply().status, reply().error) == ("unknown", "The provider's code failed (TypeError).")
    assert len(graph.ledger) == 1


def test_an_error_of_ours_before_a_post_stops_no_other(
    acme_whatsapp, write, work, graph, monkeypatch
):
    asked: list[Any] = []

    def time_of(id: Any) -> datetime:
        asked.append(id)
        if len(asked) == 1:
            raise ValueError
        return datetime.now(UTC)

    monkeypatch.setattr(dispatch, "time_of", time_of)
    write("Hello", "Hello again", "Hello once more")
    work()

    with operator_scope():
        told = Message.objects.filter(direction="outbound").order_by("status")
        assert list(told.values_list("status", "error")) == [
            ("accepted", ""),
            ("accepted", ""),
            ("unknown", "The provider's code failed (ValueError)."),
        ]
    assert len(graph.ledger) == 2


def test_no_connection_was_certainly_not_sent_and_leaves_later(
    acme_whatsapp, write, work, graph, settings, db_rows
):
    works, settings.META_GRAPH_URL = settings.META_GRAPH_URL, "http://127.0.0.1:1"
    write()
    work()
    assert reply().status == "queued"
    assert reply().due_at > datetime.now(UTC)

    settings.META_GRAPH_URL = works
    db_rows.execute("UPDATE messaging.messages SET due_at = now() WHERE status = 'queued'")
    work()
    assert (reply().status, reply().attempts, len(graph.ledger)) == ("accepted", 2, 1)


def test_retry_after_is_honoured(acme_whatsapp, write, work, graph):
    graph.script.append({"code": 130429, "http": 429, "headers": {"Retry-After": "120"}})
    write()
    work()

    wait = reply().due_at - datetime.now(UTC)
    assert timedelta(seconds=115) < wait <= timedelta(seconds=120 * 1.2)


def test_a_dead_token_parks_the_channel_and_a_new_one_releases_what_waits(
    acme, acme_whatsapp, write, work, graph
):
    graph.script.append({"code": 190, "http": 401})
    write("one")
    work()
    write("two")
    work()
    with operator_scope():
        parked = Channel.objects.get()
    assert (parked.status, parked.status_reason) == (
        "needs_reauth",
        (
            "The access token no longer works: connect the channel again with a new one. "
            "(Graph error 190: (#190) Refused by the stand-in)"
        ),
    )
    assert [status for *_, status in thread_of(acme)] == ["received", "held", "received", "held"]
    assert len(graph.ledger) == 1

    with operator_scope():
        again = Channel.objects.connect(
            acme,
            kind="whatsapp",
            external_id=parked.external_id,
            account_id=parked.account_id,
            access_token="new",
            name="",
        )
    assert again.id == parked.id
    work()
    assert [status for *_, status in thread_of(acme)] == [
        "received",
        "accepted",
        "received",
        "accepted",
    ]
    assert [entry["token"] for entry in graph.ledger] == ["token-of-acme", "new", "new"]


def test_a_refusal_of_the_old_token_does_not_park_a_channel_that_has_a_new_one(
    acme, acme_whatsapp, write, work, graph
):
    write()
    inbound_then_mark = marked(work)
    with operator_scope():
        Channel.objects.connect(
            acme,
            kind="whatsapp",
            external_id=acme_whatsapp.external_id,
            account_id=acme_whatsapp.account_id,
            access_token="new",
            name="",
        )
    graph.script.append({"code": 190, "http": 401})
    outcomes.settle([dispatch.post(inbound_then_mark)])

    with operator_scope():
        assert Channel.objects.get().status == "live"


def test_a_suspended_tenants_queue_is_held_and_goes_on_when_it_is_active_again(
    acme, acme_whatsapp, write, work, graph
):
    write()
    queue_only()
    suspend(acme, "suspended")
    work()
    assert (reply().status, graph.ledger) == ("held", [])

    suspend(acme, "active")
    work()
    assert (reply().status, len(graph.ledger)) == ("accepted", 1)


def test_what_a_suspended_tenant_receives_is_stored_and_never_answered(
    acme, acme_whatsapp, write, work, graph
):
    suspend(acme, "suspended")
    write()
    work()
    suspend(acme, "active")
    work()

    assert thread_of(acme) == [("inbound", "Hello", "received")]


def test_messages_of_a_disconnected_channel_are_cancelled(acme_whatsapp, write, work, graph):
    write()
    queue_only()
    with operator_scope():
        Channel.objects.update(status="disconnected")
    work()

    assert (reply().status, graph.ledger) == ("cancelled", [])


def test_a_window_that_closed_in_the_queue_expires_the_answer(
    acme_whatsapp, write, work, graph, db_rows
):
    write()
    queue_only()
    db_rows.execute(
        "UPDATE messaging.conversations SET window_closes_at = now() - interval '1 second'"
    )
    work()

    assert (reply().status, graph.ledger) == ("expired", [])


def test_answers_of_one_conversation_leave_in_order_and_a_stuck_one_holds_up_only_its_own(
    acme_whatsapp, write, work, graph, db_rows
):
    graph.script.append({"code": 131056})  # the pair is too fast: waits some seconds
    write("first", sender=ADA)
    queue_only()
    work()
    write("second", sender=ADA)
    write("another", sender="4670000009")
    work()
    assert [entry["message"]["to"] for entry in graph.ledger] == [ADA, "4670000009"]

    db_rows.execute("UPDATE messaging.messages SET due_at = now() WHERE status = 'queued'")
    work()
    to_ada = [
        entry["message"]["biz_opaque_callback_data"]
        for entry in graph.ledger
        if entry["message"]["to"] == ADA
    ]
    with operator_scope():
        first, second = Message.objects.filter(direction="outbound", recipient=ADA).order_by("seq")
    assert to_ada == [f"o1:{first.id}:1", f"o1:{first.id}:2", f"o1:{second.id}:1"]


def test_a_process_that_slept_between_mark_and_post_gives_the_message_back_unsent(
    acme_whatsapp, write, work, graph
):
    write()
    ready = marked(work)
    slept = dispatch.Dispatch(
        ready.message, ready.channel, post_before=time.monotonic() - 1, file_id=""
    )
    outcomes.settle([dispatch.post(slept)])

    assert (reply().status, reply().attempts, graph.ledger) == ("queued", 1, [])


@pytest.mark.parametrize(("seconds", "status", "posts"), [(4, "accepted", 1), (6, "queued", 0)])
def test_a_marked_message_is_posted_within_five_seconds_or_given_back(
    acme_whatsapp, write, work, graph, monkeypatch, seconds, status, posts
):
    write()
    ready, clock = marked(work), time.monotonic
    with monkeypatch.context() as later:
        later.setattr(time, "monotonic", lambda: clock() + seconds)
        posted = dispatch.post(ready)
    outcomes.settle([posted])

    assert (reply().status, reply().attempts, len(graph.ledger)) == (status, 1, posts)


def test_a_mark_whose_outcome_never_comes_is_unknown_and_never_sent_again(
    acme_whatsapp, write, work, graph, settings
):
    settings.UNKNOWN_AFTER_SECONDS = 0.01
    write()
    marked(work)  # and the process is killed here
    time.sleep(0.02)
    work()
    work()

    assert (reply().status, reply().needs_attention, graph.ledger) == ("unknown", True, [])


def test_a_late_answer_settles_unknown_and_never_lowers_what_a_status_has_proven(
    acme_whatsapp, write, work, graph
):
    write()
    message = marked(work).message
    for before, outcome, after in (
        ("unknown", "accepted", "accepted"),
        ("unknown", "failed", "failed"),
        ("delivered", "accepted", "delivered"),
        ("delivered", "failed", "delivered"),
    ):
        with operator_scope():
            Message.objects.filter(id=message.id).update(
                status=before, external_id=None, due_at=None
            )
        with router_scope():
            Message.objects.settle(
                [
                    Outcome(
                        message_id=message.id, attempt=1, status=outcome, external_id="wamid.late"
                    )
                ]
            )
        assert (reply().status, reply().external_id) == (after, "wamid.late")


def test_an_outcome_of_an_earlier_attempt_counts_no_more(
    acme_whatsapp, write, work, graph, db_rows
):
    write()
    message = marked(work).message
    db_rows.execute("UPDATE messaging.messages SET attempts = 2 WHERE direction = 'outbound'")
    with router_scope():
        Message.objects.settle(
            [Outcome(message_id=message.id, attempt=1, status="failed", error="late")]
        )

    assert (reply().status, reply().error) == ("sending", "")


def test_a_message_whose_lease_was_lost_is_not_marked(acme_whatsapp, write, work, graph):
    write()
    queue_only()
    mine = uuid7()
    leased = leased_by(mine)
    dispatch.unlease(mine)  # as if another process had it now

    assert dispatch.mark([message.id for message in leased], mine) == []
    assert reply().status == "queued"


def suspend(tenant: Tenant, status: str) -> None:
    with operator_scope():
        Tenant.objects.filter(id=tenant.id).update(status=status)


def test_a_message_released_behind_one_that_is_released_too_keeps_its_place(
    acme, acme_whatsapp, write, work, graph, db_rows
):
    suspend(acme, "active")
    write("first")
    write("second")
    queue_only()
    with operator_scope():
        Message.objects.filter(direction="outbound", seq=2).update(
            status="held", due_at=datetime(9999, 1, 1, tzinfo=UTC)
        )
        Message.objects.filter(status="queued").update(due_at=datetime.now(UTC))
    token = uuid7()
    (second,) = leased_by(token)
    sweeps.run_sweep(sweeps.release)  # the first is due again

    assert (
        dispatch.mark([second.id], token),
        [status for *_, status in thread_of(acme)][1::2],
    ) == ([], ["queued", "queued"])
    work()
    assert [status for *_, status in thread_of(acme)][1::2] == ["accepted", "accepted"]


def test_a_token_that_does_not_open_in_this_process_waits_for_one_with_the_key(
    acme_whatsapp, write, work, graph, settings, db_rows
):
    keys, settings.ENCRYPTION_KEYS = settings.ENCRYPTION_KEYS, {"k9": b"0123456789abcdef" * 2}
    write()
    work()
    assert (reply().status, reply().attempts, graph.ledger) == ("queued", 1, [])

    settings.ENCRYPTION_KEYS = keys
    db_rows.execute("UPDATE messaging.messages SET due_at = now() WHERE status = 'queued'")
    work()
    assert (reply().status, len(graph.ledger)) == ("accepted", 1)
    with operator_scope():
        assert Channel.objects.get().status == "live"


def test_an_answer_that_cannot_be_stored_is_unknown_and_the_others_are_recorded(
    acme, acme_whatsapp, write, work, graph
):
    write("one", sender=ADA)
    work()
    taken = graph.ledger[0]["wamid"]
    write("two", sender="4670000007")
    write("three", sender="4670000008")
    queue_only()
    token = uuid7()
    two, three = dispatch.mark([each.id for each in leased_by(token)], token)
    to_settle_again = outcomes.settle(
        [
            dispatch.result(two, datetime.now(UTC), status="accepted", external_id=taken),
            dispatch.result(three, datetime.now(UTC), status="accepted", external_id="wamid.three"),
        ]
    )

    with operator_scope():
        found = Message.objects.in_bulk([two.message.id, three.message.id])
    assert (found[two.message.id].status, found[two.message.id].external_id) == ("unknown", None)
    assert (found[three.message.id].status, found[three.message.id].external_id) == (
        "accepted",
        "wamid.three",
    )
    assert to_settle_again == []


@pytest.mark.parametrize("how", ["answer", "status"])
def test_a_window_that_the_provider_calls_closed_is_closed(
    acme_whatsapp, write, report, work, graph, how
):
    if how == "answer":
        graph.script.append({"code": 131047})
    write()
    work()
    if how == "status":
        report(
            bodies.status(
                reply().external_id,
                "failed",
                errors=[{"code": 131047, "title": "Re-engagement message"}],
            )
        )
        work()

    with operator_scope():
        assert Conversation.objects.get().window_closes_at <= datetime.now(UTC)
    assert (reply().status, reply().error_code) == ("failed", "131047")


def test_tries_wait_longer_each_time_as_the_provider_asks(
    acme_whatsapp, write, work, graph, db_rows
):
    graph.script.extend([{"code": 131056}] * 3)
    write()
    waits = []
    for _ in range(3):
        work()
        waits.append((reply().due_at - datetime.now(UTC)).total_seconds())
        db_rows.execute("UPDATE messaging.messages SET due_at = now() WHERE status = 'queued'")

    asked = [4, 16, 64]
    assert [
        wait
        for wait, least in zip(waits, asked, strict=True)
        if not least - 1 < wait <= least * 1.2
    ] == []


def test_what_is_worth_one_more_try_fails_at_the_second(acme_whatsapp, write, work, graph, db_rows):
    graph.script.extend([{"code": 135000}] * 3)
    write()
    seen = []
    for _ in range(3):
        work()
        seen.append(reply().status)
        db_rows.execute("UPDATE messaging.messages SET due_at = now() WHERE status = 'queued'")

    assert (seen, len(graph.ledger)) == (["queued", "failed", "failed"], 2)
