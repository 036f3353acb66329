""" "My message did not arrive": `trace` with a number and a time tells for each way that a message
can go astray what became of it, and the next step.
"""

import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from channels_app.models import Channel
from messaging.models import ChannelPace, Message, WebhookDelivery
from tenants.models import Tenant
from tenants.scope import operator_scope
from tests.support.cast import ADA, GLOBEX_ACCOUNT, GLOBEX_NUMBER, GRACE
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

ID = r"[0-9a-f]{8}-[0-9a-f-]{27}"
MOMENT = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC"
NOT_KNOWN = "No message, conversation or person is known by that."
REFUSED = (
    "next: A webhook that was refused is not kept, and its provider sends it again: the log of web"
    " says “was refused” or “could not be stored”."
)


@pytest.fixture
def trace(db_rows):
    """The lines of `trace --at` without margins, moments and ids, its error last."""

    def trace(term: str = ADA, *, at: datetime | None = None) -> list[str]:
        written, said = io.StringIO(), []
        try:
            call_command("trace", term, at=at or timezone.now(), stdout=written)
        except CommandError as error:
            said = [str(error)]
        told = re.sub(ID, "ID", re.sub(MOMENT, "TIME", written.getvalue()))
        return [*(line.strip() for line in told.splitlines()), *said]

    return trace


def came(total: int, named: int) -> str:
    return f"Webhooks between TIME and TIME: {total}; {named} of them name it."


def step(lines: list[str]) -> list[str]:
    return [line for line in lines if line.startswith("next: ")]


def test_one_that_never_reached_us_says_that_nothing_came_and_where_to_look(
    acme_whatsapp, write, work, graph, trace
):
    write("Hello", sender=GRACE)
    work()
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    later = timezone.now() + timedelta(hours=2)

    assert trace() == [
        came(1, 0),
        "next: Others came, so the address is right. manage.py check_channels tells whether the"
        " number's account passes its messages on; ask also which number they wrote to.",
        REFUSED,
        NOT_KNOWN,
    ]
    assert trace(at=later) == [
        came(0, 0),
        "next: Nothing came from anybody: docs/troubleshooting.md, “No message comes in”.",
        REFUSED,
        NOT_KNOWN,
    ]
    assert trace(at=long_ago) == [
        came(0, 0),
        "next: Webhooks of that time are not kept any more, or none had come yet.",
        REFUSED,
        NOT_KNOWN,
    ]


def test_one_with_a_refused_signature_leads_to_the_log_that_names_the_refusal(
    acme_whatsapp, deliver, trace, caplog
):
    body = bodies.webhook(bodies.entry("1", bodies.value("2", messages=(bodies.text("Hello"),))))
    assert deliver(body, secret="the-secret-of-another-app").status_code == 403

    assert trace()[-2:] == [REFUSED, NOT_KNOWN]
    assert [each for each in caplog.messages if "was refused" in each] != []


def test_one_that_is_stored_and_not_recorded_yet_asks_for_a_worker(acme_whatsapp, write, trace):
    write("Hello", wamid="wamid.a/b")
    expected = [
        came(1, 1),
        "TIME stored, not yet recorded",
        "next: manage.py status tells whether a worker runs: if none does, start one.",
        "delivery ID",
        NOT_KNOWN,
    ]

    assert [trace(), trace("wamid.a/b"), trace("+46 70 000 001")] == [expected] * 3


def test_one_that_cannot_be_recorded_says_how_often_it_was_tried(acme_whatsapp, write, trace):
    write("Hello")
    with operator_scope():
        WebhookDelivery.objects.update(attempts=3)

    assert trace()[1:3] == [
        "TIME stored, and not recorded in 3 attempts",
        "next: The worker's log names the delivery and why it fails; it is tried again by itself.",
    ]


def test_one_to_a_number_that_nobody_has_connected_says_which(
    acme_whatsapp, write, work, graph, trace
):
    write("Hello", number=GLOBEX_NUMBER, account=GLOBEX_ACCOUNT)
    work()

    assert trace() == [
        came(1, 1),
        "TIME set aside (unroutable): No connected channel has this number.",
        f"next: Connect the number {GLOBEX_NUMBER}: what waits for it is then processed by itself.",
        "delivery ID",
        NOT_KNOWN,
    ]


def test_one_that_was_rejected_names_the_order_that_processes_it_again(
    acme_whatsapp, write, work, graph, trace
):
    write("Hello", account=GLOBEX_ACCOUNT)
    work()

    assert trace()[1:3] == [
        "TIME set aside (rejected): The number is connected under another business account.",
        "next: Mend what the reason says, then: manage.py replay_deliveries ID",
    ]


def test_one_that_is_recorded_is_shown_with_those_around_it(
    acme_whatsapp, write, work, graph, trace, db_rows
):
    with operator_scope():
        Tenant.objects.update(auto_reply="")
    write(*[f"number {number}" for number in range(20)])
    work()
    db_rows.execute(
        "UPDATE messaging.messages SET created_at = timestamptz '2026-11-30 08:00+00'"
        " + substr(text, 8)::int * interval '1 minute'"
    )
    lines = trace(at=datetime(2026, 11, 30, 8, 9, 30, tzinfo=UTC))

    assert [line for line in lines if "->" in line] == [
        f"TIME -> number {number}" for number in range(5, 15)
    ]
    assert lines[1] == "Earlier messages are not shown."


@pytest.fixture
def queued(acme_whatsapp, write, graph, work, ada, say):
    """What Acme says to Ada, not sent yet."""
    return say("Hi", ada)


def test_one_that_waits_for_its_turn_says_so(queued, trace):
    assert step(trace()) == [
        "next: Set a reply: manage.py set_auto_reply --tenant acme TEXT",
        "next: It leaves when its turn comes. manage.py status says whether a worker runs.",
    ]


@pytest.mark.parametrize(
    ("slowed_to", "sentence"),
    [
        (None, "The number sends at its pace, and goes on at TIME."),
        (
            5.0,
            "The provider asked for fewer messages: the number rests until TIME, and goes on more"
            " slowly.",
        ),
    ],
)
def test_one_that_is_paced_says_until_when(queued, trace, slowed_to, sentence):
    with operator_scope():
        ChannelPace.objects.create(
            tenant=queued.tenant,
            channel=queued.channel,
            ready_at=timezone.now() + timedelta(minutes=5),
            slowed_to=slowed_to,
        )

    assert step(trace())[-1] == f"next: {sentence}"


def test_one_that_is_tried_again_says_when(queued, trace):
    with operator_scope():
        Message.objects.filter(id=queued.id).update(
            attempts=1, due_at=timezone.now() + timedelta(minutes=5)
        )

    assert step(trace())[-1] == (
        "next: The last attempt was refused for now; it is tried again at TIME."
    )


def test_one_behind_another_names_that_one(queued, say, ada, trace):
    say("And another thing", ada)

    assert step(trace())[-1] == (
        "next: It leaves after message ID, which stands before it in its conversation: trace that"
        " one."
    )


@pytest.mark.parametrize(
    ("model", "changed", "sentence"),
    [
        (
            Tenant,
            {"status": "suspended"},
            "Set the tenant active. What is still fresh then leaves by itself.",
        ),
        (
            Channel,
            {"status": "needs_reauth", "recovers_by": "reconnect", "parked_at": timezone.now()},
            "Connect the number again. What is still fresh then leaves by itself.",
        ),
    ],
)
def test_one_that_may_not_leave_says_what_to_mend(queued, work, trace, model, changed, sentence):
    with operator_scope():
        model.objects.update(**changed)
    before = step(trace())[-1]
    work()

    assert [before, step(trace())[-1]] == [f"next: {sentence}"] * 2


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (
            "sending",
            "The provider is being asked. Without an answer it counts as unknown within two"
            " minutes.",
        ),
        ("accepted", "The provider has it and has not yet reported what became of it."),
        (
            "sent",
            "The provider has sent it; the contact's phone has not yet reported that it is there.",
        ),
        (
            "expired",
            "Order “Send again” on the message's page if it is still worth sending. The contact"
            " must have written within the last 24 hours.",
        ),
    ],
)
def test_one_that_is_under_way_or_came_too_late_says_what_is_known(queued, trace, status, sentence):
    with operator_scope():
        Message.objects.filter(id=queued.id).update(status=status, lease=queued.id)

    assert step(trace())[-1] == f"next: {sentence}"


def test_what_is_no_time_is_refused_with_how_to_write_one(db_rows, capsys):
    for typed in ("yesterday", "2026-13-01 08:15", ""):
        with pytest.raises(CommandError) as refusal:
            call_command("trace", ADA, f"--at={typed}")
        assert str(refusal.value) == (
            f"Error: argument --at: “{typed}” is no time. Write one as 2026-11-30T08:15+01:00, or"
            " as “2026-11-30 08:15”, which is UTC."
        )
