"""`trace`: a message is found by any of its ids or by the number as typed, with its way, the reason
and the next step.
"""

import io
import re
import time

import pytest
from django.core.management import CommandError, call_command

from channels_app.models import Channel
from messaging.models import Conversation, Message
from messaging.models.identity import digits_of
from tenants.models import Tenant
from tenants.scope import operator_scope
from tests.support import database, many_people
from tests.support.cast import ADA, GLOBEX_ACCOUNT, GLOBEX_NUMBER, GRACE, REPLY
from tests.support.whatsapp import shared_numbers
from tests.support.whatsapp.shared_threads import echo, echoes, handover, standby, tell, text

pytestmark = pytest.mark.whatsapp

AS_ESCALATION = {"thread_role": {"value": "escalation", "at": "2026-11-28T09:30:00+00:00"}}
MOMENT = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC ?"


@pytest.fixture
def traced(db_rows):
    """What `trace` prints, and the sentence that it ends with where it fails."""

    def traced(*terms: object, **options: object) -> tuple[str, str]:
        written = io.StringIO()
        try:
            call_command("trace", *map(str, terms), stdout=written, **options)
        except CommandError as error:
            return written.getvalue(), str(error)
        return written.getvalue(), ""

    return traced


@pytest.fixture
def trace(traced):
    """The lines of `trace`, without margins, moments and ids."""

    def trace(*terms: object) -> list[str]:
        told, _ = traced(*terms)
        return [
            re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", re.sub(MOMENT, "", line)).strip()
            for line in told.splitlines()
        ]

    return trace


def answered(text: str) -> list[str]:
    return [
        f"-> {text}",
        "received",
        "message ID",
        f"<- {REPLY}",
        "accepted",
        "attempt 1: accepted (HTTP 200)",
        "next: The provider has it and has not yet reported what became of it.",
        "message ID",
    ]


HEAD = "Acme (acme) · WhatsApp +15550100001 · Ada · conversation ID"


def test_a_message_is_found_by_the_providers_id_and_by_ours_with_its_answer(
    acme_whatsapp, write, work, graph, trace
):
    write("Hello", wamid="wamid.hello")
    work()
    with operator_scope():
        ids = list(Message.objects.values_list("id", flat=True))
        conversation = Conversation.objects.get().id

    assert trace("wamid.hello") == [HEAD, *answered("Hello")]
    assert [trace(term) for term in (*ids, conversation)] == [trace("wamid.hello")] * 3


@pytest.mark.parametrize(
    "typed", ["4670000001", "+46 70 000 001", "0046-70/000001", "070-000 001", "(070) 000001"]
)
def test_a_persons_messages_are_found_by_their_number_as_people_type_it(
    acme_whatsapp, write, work, graph, trace, typed
):
    write("Hello", sender=ADA)
    write("Hi", sender=GRACE)
    work()

    assert trace(typed) == [HEAD, *answered("Hello")]


@pytest.mark.parametrize(
    "typed",
    ["070", "4671", "0000012", "Ada", "US.1", "wamid.none", "", "46700000011", "46700000013"],
)
def test_what_nobody_is_known_by_is_said(acme_whatsapp, write, work, graph, traced, typed):
    write("Hello", sender=ADA)
    work()

    assert traced(typed) == (
        "",
        "No message, conversation or person is known by that. Say when it was with --at to see what"
        " came in then.",
    )


def test_the_same_person_at_two_tenants_is_shown_for_each_or_for_the_one_that_is_named(
    acme_whatsapp, globex_whatsapp, write, work, graph, trace
):
    write("Hello")
    work()
    write("Hi Globex", number=GLOBEX_NUMBER, account=GLOBEX_ACCOUNT)
    work()

    both = [line for line in trace(ADA) if line.startswith("->")]
    assert both == ["-> Hi Globex", "-> Hello"]
    assert trace("--tenant", "acme", ADA) == [HEAD, *answered("Hello")]


def test_the_newest_ten_messages_of_a_conversation_are_shown(
    acme_whatsapp, write, work, graph, trace
):
    with operator_scope():
        Tenant.objects.update(auto_reply="")
    write(*[f"number {number}" for number in range(12)])
    work()

    lines = trace(ADA)
    assert lines[1] == "Earlier messages are not shown."
    assert [line for line in lines if line.startswith("->")] == [
        f"-> number {number}" for number in range(2, 12)
    ]


def test_a_message_without_an_answer_says_why_and_what_to_do(
    acme_whatsapp, write, work, graph, trace
):
    with operator_scope():
        Tenant.objects.update(replies_per_hour=0)
    write("Hello")
    work()

    assert trace(ADA)[1:] == [
        "-> Hello",
        "received",
        "not answered: The contact had all automatic replies that the tenant allows in an hour.",
        "next: The tenant's settings allow 0 replies an hour to a contact; 0: none.",
        "message ID",
    ]


@pytest.mark.parametrize(
    ("step", "status", "sentence"),
    [
        (
            {"code": 131026},
            "failed",
            "Mend what the error says, then order “Send again” on the message's page.",
        ),
        (
            {"code": 190, "http": 401},
            "held",
            (
                "Connect the number again; it also comes back by itself when the hourly check finds"
                " that it works. What is still fresh then leaves by itself."
            ),
        ),
        (
            {"then": "close"},
            "unknown",
            (
                "A status of the provider settles it, mostly within seconds. Else ask the contact"
                " whether it came, and settle it on the message's page; “Send again” there may make"
                " it arrive twice."
            ),
        ),
    ],
)
def test_a_reply_that_never_arrived_says_what_to_do(
    acme_whatsapp, write, work, graph, trace, step, status, sentence
):
    graph.script.append(step)
    write("Hello")
    work()
    work()

    lines = trace(ADA)
    assert [line.partition(":")[0] for line in lines if line.startswith(status)] == [status]
    assert [line for line in lines if line.startswith("next")] == [f"next: {sentence}"]


def test_what_people_write_cannot_steer_the_terminal(acme_whatsapp, write, work, graph, traced):
    write("red \x1b[31m and a new line\n  2026-01-01 00:00:00 UTC <- forged")
    work()
    told, _ = traced(ADA)

    assert "\x1b" not in told
    assert "-> red  [31m and a new line   2026-01-01 00:00:00 UTC <- forged" in told


def test_trace_waits_until_the_answer_is_settled_and_says_when_it_is_not(
    acme_whatsapp, write, work, graph, report, traced
):
    write("Hello", wamid="wamid.hello")
    _, waiting = traced("wamid.hello", wait=0.3)
    work()
    _, under_way = traced("wamid.hello", wait=0.3)
    with operator_scope():
        answer = Message.objects.get(direction="outbound")
    report(
        {
            "id": answer.external_id,
            "status": "delivered",
            "timestamp": "1790000000",
            "recipient_id": ADA,
        }
    )
    work()

    assert (
        waiting
        == "No message, conversation or person is known by that. manage.py status tells whether a"
        " worker runs."
    )
    assert under_way == "It is not settled after 0.3 seconds; manage.py status tells what waits."
    assert traced("wamid.hello", wait=30)[1] == ""


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("+46 70-123", "4670123"),
        ("0046 70", "4670"),
        ("(0)70.12", "7012"),
        ("US.13", ""),
        ("٤٦٧٠", ""),
        ("", ""),
        ("+", ""),
    ],
)
def test_the_digits_of_a_number(typed, digits):
    assert digits_of(typed) == digits


def test_numbers_and_names_are_looked_up_in_their_indexes(acme, db_rows):
    database.make_anew(db_rows, "contacts", "contact_identities")
    many_people.add(db_rows, acme.id, 2_000)
    db_rows.execute("VACUUM ANALYZE messaging.contacts, messaging.contact_identities")
    db_rows.execute("SET enable_seqscan = off")
    looks = {
        "identity_by_beginning": (
            "SELECT contact_id FROM messaging.contact_identities WHERE value LIKE '467000012%'"
        ),
        "identity_by_end": (
            "SELECT contact_id FROM messaging.contact_identities WHERE reverse(value) LIKE '1000%'"
        ),
        "contact_by_name": "SELECT name FROM messaging.contacts WHERE upper(name) LIKE 'ADA%'",
    }

    for index, look in looks.items():
        plan = "\n".join(line for (line,) in db_rows.execute(f"EXPLAIN {look}"))
        assert "Index Cond" in plan and index in plan, plan
    db_rows.execute("RESET enable_seqscan")


def test_a_message_that_is_not_answered_because_of_the_threads_owner_says_who_had_it(
    acme, acme_whatsapp, write, work, graph, trace
):
    write("Hello", wamid="wamid.first")
    work()
    with operator_scope():
        ada = Conversation.objects.get()
        Channel.objects.update(health=AS_ESCALATION)
    tell(ada.id, "nobody", "we_released", note="Done", by="grace")
    write("Are you there?", wamid="wamid.second", at=int(time.time()) - 5)
    work()

    assert trace("wamid.second") == [
        HEAD,
        "thread: nobody, since . We released the thread.",
        "-> Are you there?",
        "received",
        "not answered: Nobody had the thread any more, and a reply would have taken it.",
        "the thread then: nobody, since . We released the thread. “Done” Ordered by grace.",
        "next: The channel's settings say whether automatic replies may take threads that nobody"
        " has.",
        "message ID",
    ]


def test_what_another_responder_heard_and_said_and_what_nobody_wrote_stand_in_the_trace(
    acme_whatsapp, deliver, work, graph, trace
):
    taken = handover("control_taken", at=time.time() - 10)
    deliver(shared_numbers.webhook(taken, standby(text("Where is it?"))))
    work()
    deliver(shared_numbers.webhook(echoes(echo("On its way"))))
    work()

    assert trace(ADA) == [
        HEAD,
        "thread: another responder, since . What is written goes to another responder.",
        "nobody from on, if the contact stays silent",
        "-- [thread_owner] Another responder took the conversation.",
        "message ID",
        "-> Where is it?",
        "received",
        "not answered: It was written to another responder.",
        "message ID",
        "<- On its way",
        "by another responder",
        "sent",
        "message ID",
    ]
