"""What Graph's refusals make of a message and of its channel, however their codes are written."""

import time
from datetime import UTC, datetime
from typing import Any

import pytest

from channels_app.models import Channel
from messaging.models import ChannelPace, Conversation, Message
from tenants.scope import operator_scope
from tests.support.cast import ACME_ACCOUNT
from tests.support.whatsapp import bodies
from tests.support.whatsapp.channel import connect
from tests.support.whatsapp.reported import body_of, step_of

pytestmark = [pytest.mark.whatsapp, pytest.mark.usefixtures("all_told")]

NUMBER_GONE = (
    "The phone number id is gone or cannot be reached: the number was removed at Meta, or the token"
    " cannot see it. (Graph error 100: (#100) Refused by the stand-in)"
)
TOKEN = (
    "The access token no longer works: connect the channel again with a new one."
    " (Graph error 102: (#102) Refused by the stand-in)"
)


def status_of(message: Message) -> tuple[str, str]:
    with operator_scope():
        return Message.objects.values_list("status", "error_code").get(id=message.id)


def channel() -> tuple[str, str]:
    with operator_scope():
        return Channel.objects.values_list("status", "status_reason").get()


def is_open() -> bool:
    with operator_scope():
        return Conversation.objects.get().window_closes_at > datetime.now(UTC)


@pytest.mark.parametrize(
    ("step", "code", "reason"),
    [
        pytest.param(
            step_of("graph_100_33_on_send"), "100", NUMBER_GONE, id="the number does not exist"
        ),
        pytest.param({"code": "100", "subcode": "33"}, "100", NUMBER_GONE, id="the same as texts"),
        pytest.param(
            {"code": 102, "subcode": 463, "http": 400},
            "102",
            TOKEN,
            id="the session's key is invalid",
        ),
    ],
)
def test_a_number_that_cannot_send_parks_and_what_is_said_waits_for_its_repair(
    acme, ada, say, work, graph, step, code, reason
):
    graph.script.append(step)
    first = say("Hi", ada)
    work()
    second = say("Still there?", ada)
    work()
    assert (status_of(first), status_of(second), channel()) == (
        ("held", code),
        ("held", ""),
        ("needs_reauth", reason),
    )
    assert len(graph.ledger) == 1

    connect(acme, "400000000000001", ACME_ACCOUNT, "a new token")
    work()
    assert [status_of(each)[0] for each in (first, second)] == ["accepted", "accepted"]


@pytest.mark.parametrize(
    "step", [step_of("graph_613_on_send"), {"code": "80008"}, {"code": 17}, {"code": 341}], ids=str
)
def test_a_rate_limit_of_graphs_slows_the_account_and_the_message_leaves_later(
    acme, ada, say, work, graph, db_rows, step
):
    connect(acme, "400000000000003", ACME_ACCOUNT, "token of its other number")
    graph.script.append(step)
    message = say("Hi", ada)
    work()
    with operator_scope():
        resting = ChannelPace.objects.filter(
            ready_at__gt=datetime.now(UTC), slowed_to__isnull=False
        ).count()
    assert (status_of(message), resting) == (("queued", str(step["code"])), 1)

    db_rows.execute("UPDATE messaging.messages SET due_at = now() WHERE status = 'queued'")
    db_rows.execute("UPDATE messaging.channel_paces SET ready_at = 'epoch'")
    work()
    assert (status_of(message)[0], channel_statuses()) == ("accepted", {"live"})


def channel_statuses() -> set[str]:
    with operator_scope():
        return set(Channel.objects.values_list("status", flat=True))


@pytest.mark.parametrize(
    ("code", "kept"),
    [
        (None, ""),
        ("abc", "abc"),
        ([131047], ""),
        ({}, ""),
        (True, ""),
        ("9" * 5000, "9" * 64),
        (131026.0, "131026"),
    ],
    ids=lambda value: repr(value)[:12],
)
def test_a_refusal_with_an_odd_code_is_a_refusal_and_not_unknown(
    ada, say, work, graph, code: Any, kept
):
    graph.script.append({"code": code})
    message = say("Hi", ada)
    work()

    assert (status_of(message), channel()[0]) == (("failed", kept), "live")


def test_a_refusal_whose_code_is_a_text_closes_the_window(ada, say, work, graph):
    graph.script.append({"code": " 131047 "})
    message = say("Hi", ada)
    work()

    assert (status_of(message), is_open()) == (("failed", "131047"), False)


def test_a_failure_whose_code_is_a_text_closes_the_window(ada, say, work, deliver, graph):
    message = say("Hi", ada)
    work()
    deliver(body_of("status_error_code_as_text", WAMID_OF_OUR_MESSAGE=graph.ledger[0]["wamid"]))
    work()

    assert (status_of(message), is_open()) == (("failed", "131047"), False)


def test_a_failure_whose_code_is_a_text_parks_the_channel(ada, say, work, report, graph):
    message = say("Hi", ada)
    work()
    # after the channel was connected
    failure = {"errors": [{"code": "131031", "title": "Locked"}], "at": time.time() + 5}
    report(bodies.status(graph.ledger[0]["wamid"], "failed", **failure))
    work()

    assert (status_of(message), channel()[0]) == (("failed", "131031"), "restricted")
