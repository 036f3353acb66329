"""What the log tells of messages: each that came, and each status that somebody else cares for."""

import json
from collections import Counter
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from uuid_utils.compat import uuid7

from channels_app.models import Channel
from messaging.inbound.leasing import DeliveryLeaser
from messaging.maintenance import sweeps
from messaging.models import Conversation, Message, Resend
from messaging.outbound import dispatch, outcomes
from tenants.scope import operator_scope
from tests.messaging.outbound.leased import leased_by, marked
from tests.support.cast import ADA, GRACE
from tests.support.logged import logged, not_told
from tests.support.poison import POISON
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

NUMBER_OF_ACME = "15550100001"
LONG_AGO = 1_790_000_000


def statuses(told) -> list[str]:
    return [data["status"] for type, data in told if type in ("message.status", "message.failed")]


def types(told) -> list[str]:
    return [type for type, _ in told]


def newest() -> Message:
    with operator_scope():
        return Message.objects.latest("id")


def test_a_first_message_tells_of_a_contact_a_conversation_and_itself(
    acme, acme_whatsapp, write, news, db_rows
):
    news()
    write("Is it in stock?")
    DeliveryLeaser().process_due()
    with operator_scope():
        conversation = Conversation.objects.get()
        message = Message.objects.get(direction="inbound")
    contact_id, channel_id = str(conversation.contact_id), str(acme_whatsapp.id)
    place = {"conversation_id": str(conversation.id), "channel_id": channel_id}

    assert news() == [
        ("contact.created", {"contact_id": contact_id}),
        ("conversation.opened", {**place, "contact_id": contact_id}),
        (
            "message.received",
            {**place, "message_id": str(message.id), "contact_id": contact_id, "kind": "text"},
        ),
    ]
    assert [row[1:3] for row in logged(db_rows, acme)[-3:]] == [
        (conversation.contact_id, conversation.contact_id),
        (conversation.id, conversation.id),
        (message.id, conversation.id),
    ]


def test_every_later_message_tells_of_itself_alone_whatever_its_kind(
    acme_whatsapp, write, work, graph, news
):
    write(wamid="wamid.first")
    work()
    news()
    write("again")
    write(type="reaction", reaction={"message_id": "wamid.first", "emoji": "👍"})
    write(type="hologram")
    DeliveryLeaser().process_due()

    told = news()
    assert types(told) == ["message.received"] * 3
    assert [data["kind"] for _, data in told] == ["text", "reaction", "hologram"]


def test_a_message_that_is_delivered_twice_is_told_once(acme_whatsapp, write, work, graph, news):
    for _ in range(2):
        write(wamid="wamid.same")
        work()

    assert types(news()).count("message.received") == 1


def test_a_reply_tells_of_each_status_once_and_never_backwards(
    acme_whatsapp, write, work, graph, report, news
):
    write()
    work()
    wamid = graph.ledger[0]["wamid"]
    for word in ("sent", "delivered", "sent", "delivered", "read"):
        report(bodies.status(wamid, word))
        work()

    told = news()
    assert statuses(told) == ["accepted", "sent", "delivered", "read"]
    with operator_scope():
        reply = Message.objects.get(direction="outbound")
    assert told[-1] == (
        "message.status",
        {
            "message_id": str(reply.id),
            "conversation_id": str(reply.conversation_id),
            "channel_id": str(acme_whatsapp.id),
            "status": "read",
        },
    )


def test_a_failure_tells_the_code_and_our_own_words(
    acme_whatsapp, write, work, graph, report, news
):
    write()
    work()
    news()
    errors = [{"code": 131026, "title": "Undeliverable", "message": "to +4670000001"}]
    report(bodies.status(graph.ledger[0]["wamid"], "failed", errors=errors))
    work()

    ((type, data),) = news()
    error = newest().error
    assert (type, data["status"], data["error_code"]) == ("message.failed", "failed", "131026")
    assert data["error"] == error.partition(" (")[0] != error


def test_a_status_that_came_before_its_message_was_known_is_told_with_the_outcome(
    acme_whatsapp, write, work, graph, report, news
):
    write()
    posted = dispatch.post(marked(work))
    report(bodies.status(posted.outcome.external_id, "delivered"))
    DeliveryLeaser().process_due()
    news()
    with CaptureQueriesContext(connection) as queries:
        outcomes.settle([posted])

    assert (statuses(news()), appends(queries)) == (["accepted", "delivered"], 1)


def appends(queries) -> int:
    """How many statements append to the log."""
    return sum('INSERT INTO "events"' in each["sql"] for each in queries)


def test_a_message_that_is_held_and_released_tells_both_and_not_that_it_waits(
    acme_whatsapp, write, work, graph, news
):
    graph.script.append({"code": 190, "http": 401})
    write()
    work()
    told = news()
    assert [data["status"] for type, data in told if type == "channel.status"] == [
        "live",
        "needs_reauth",
    ]
    assert statuses(told) == ["held"]

    with operator_scope():
        Channel.objects.connect(
            acme_whatsapp.tenant, **of(acme_whatsapp), access_token="new", name=""
        )
    work()
    assert [(type, data["status"]) for type, data in news()] == [
        ("channel.status", "live"),
        ("message.status", "accepted"),
    ]


def of(channel: Channel) -> dict[str, str]:
    return {name: getattr(channel, name) for name in ("kind", "external_id", "account_id")}


def test_a_message_whose_answer_never_comes_is_unknown_and_tells_what_settles_it(
    acme_whatsapp, write, work, graph, report, news, db_rows
):
    write()
    posted = dispatch.post(marked(work))
    db_rows.execute("UPDATE messaging.messages SET due_at = now() WHERE status = 'sending'")
    sweeps.run_sweep(outcomes.give_up_waiting)
    assert statuses(news()) == ["unknown"]

    outcomes.settle([posted])
    assert statuses(news()) == ["accepted"]


def test_an_outcome_that_leaves_a_message_as_it_is_is_no_news(
    acme_whatsapp, write, work, graph, news
):
    write()
    posted = dispatch.post(marked(work))
    unknown = dispatch.Result(replace(posted.outcome, status="unknown"), posted.channel)
    for _ in range(2):
        outcomes.settle([unknown])
    assert statuses(news()) == ["unknown"]

    for _ in range(2):
        outcomes.settle([posted])
    assert statuses(news()) == ["accepted"]


def test_a_status_that_raced_with_its_messages_outcome_is_told_by_the_sweep(
    acme_whatsapp, write, work, graph, report, news, db_rows
):
    write()
    posted = dispatch.post(marked(work))
    report(bodies.status(posted.outcome.external_id, "delivered"))
    DeliveryLeaser().process_due()
    db_rows.execute(
        "UPDATE messaging.messages SET external_id = %s WHERE direction = 'outbound'",
        [posted.outcome.external_id],
    )
    news()
    sweeps.run_sweep(sweeps.match_statuses)

    assert statuses(news()) == ["delivered"]


def test_a_message_that_is_ordered_again_tells_how_it_ends_each_time(
    acme_whatsapp, write, work, graph, news
):
    graph.script += [{"code": 131026}, {"code": 131026}]
    write()
    work()
    reply = newest()
    for _ in range(2):
        with operator_scope():
            Resend.objects.order([reply.id], by="an operator")
        work()

    assert statuses(news()) == ["failed", "failed", "accepted"]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ("UPDATE messaging.channels SET status = 'disconnected'", "cancelled"),
        ("UPDATE messaging.contacts SET blocked_at = now()", "cancelled"),
        ("UPDATE messaging.messages SET expires_at = now()", "expired"),
        ("UPDATE messaging.tenants SET status = 'suspended'", "held"),
    ],
)
def test_a_message_that_may_not_leave_tells_what_became_of_it(
    acme_whatsapp, write, work, graph, news, db_rows, change, status
):
    write()
    DeliveryLeaser().process_due()
    db_rows.execute(change)
    work()

    assert statuses(news()) == [status]


def test_what_staff_write_in_the_phone_app_is_told_as_sent(
    acme_whatsapp, tells, write, work, graph, report, news
):
    echo = {**bodies.text("On its way!", sender=NUMBER_OF_ACME, wamid="wamid.echo"), "to": ADA}
    tells("smb_message_echoes", message_echoes=[echo])
    report(bodies.status("wamid.echo", "delivered"))
    work()

    told = news()
    assert types(told)[1:4] == ["contact.created", "conversation.opened", "message.status"]
    assert statuses(told) == ["sent", "delivered"]


def test_what_is_shared_of_the_phones_history_is_no_news_but_its_people_are(
    acme_whatsapp, tells, news, db_rows
):
    items = [
        {
            **bodies.text(text, sender=sender, at=LONG_AGO),
            "history_context": {"status": "READ"},
        }
        for text, sender in (("Hello?", ADA), ("Hello!", NUMBER_OF_ACME))
    ]
    thread = {"id": ADA, "messages": items}
    tells("history", history=[{"metadata": {"phase": 0}, "threads": [thread]}])

    assert types(news()) == ["channel.status", "contact.created", "conversation.opened"]
    with operator_scope():
        assert Message.objects.filter(is_history=True).count() == 2


def test_what_could_not_be_recorded_was_never_told(acme_whatsapp, write, work, news, db_rows):
    db_rows.execute(POISON)
    try:
        write("poison")
        write("sound", sender="4670000009")
        work()
    finally:
        db_rows.execute("DROP FUNCTION messaging.refuse_poison() CASCADE")

    assert types(news()).count("message.received") == 1
    assert not_told(db_rows) == []


@pytest.mark.parametrize("amount", [2, 150])
def test_a_batch_appends_once_whatever_is_in_it(
    acme_whatsapp, write, work, graph, report, news, amount
):
    write("the first", wamid="wamid.first")
    work()
    for index in range(amount):
        write(f"message {index}", sender=f"49{index:06}")
    write("again")
    report(bodies.status(graph.ledger[0]["wamid"], "delivered"))
    news()
    with CaptureQueriesContext(connection) as queries:
        DeliveryLeaser().process_due()

    assert appends(queries) == 1
    assert Counter(types(news())) == {
        "contact.created": amount,
        "conversation.opened": amount,
        "message.received": amount + 1,
        "message.status": 1,
    }


def test_outcomes_append_once_whatever_their_number(acme_whatsapp, write, work, graph, news):
    for index in range(20):
        write(sender=f"49{index:06}")
    DeliveryLeaser().process_due()
    token = uuid7()
    ready = dispatch.mark([message.id for message in leased_by(token)], token)
    news()
    posted = [dispatch.post(each) for each in ready]
    with CaptureQueriesContext(connection) as queries:
        outcomes.settle(posted)

    assert (len(posted) > 1, appends(queries)) == (True, 1)
    assert statuses(news()) == ["accepted"] * len(posted)


def test_nothing_that_was_said_nobodys_number_and_no_token_is_in_the_log(both, db_rows):
    secrets = ["secret", "another id", "Thank you", ADA, GRACE, "SE.", "Ada", "token", "wamid"]
    rows = db_rows.execute("SELECT data FROM messaging.events").fetchall()
    said = json.dumps(rows)

    assert db_rows.execute(
        "SELECT count(*) FROM messaging.messages WHERE text LIKE '%secret%'"
    ).fetchone() != (0,)
    assert ([each for each in secrets if each in said], len(rows) > 20) == ([], True)


def test_of_all_that_became_of_two_tenants_the_log_says_what_it_is_now(both, db_rows):
    assert not_told(db_rows) == []
