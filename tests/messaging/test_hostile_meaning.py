"""Signed, well formed, and meant badly: nothing a body says reaches another tenant, opens a door or
makes us act.
"""

import json

import pytest

from channels_app.models import Channel
from messaging.conversations.thread import thread
from messaging.models import Conversation, Message
from messaging.references import reference
from tenants.models import Tenant
from tenants.scope import operator_scope, tenant_scope
from tests.support.cast import (
    ACME_ACCOUNT,
    ACME_NUMBER,
    ADA,
    GLOBEX_ACCOUNT,
    GLOBEX_NUMBER,
    GRACE,
    REPLY,
    thread_of,
)
from tests.support.outcomes import FINISHED, count, dead_letters, deliveries, messages
from tests.support.whatsapp import bodies
from tests.support.whatsapp.channel import connect

pytestmark = pytest.mark.whatsapp

ANOTHER_ACCOUNT = ("rejected", "The number is connected under another business account.")
NOBODYS = ("unroutable", "No connected channel has this number.")
UNKNOWN_NUMBER = "499999999999999"
ANSWERED = [("inbound", "Hello", "received"), ("outbound", REPLY, "accepted")]


@pytest.mark.parametrize(
    ("number", "account"),
    [
        pytest.param(GLOBEX_NUMBER, ACME_ACCOUNT, id="Globex's number under Acme's account"),
        pytest.param(ACME_NUMBER, GLOBEX_ACCOUNT, id="Acme's number under Globex's account"),
        pytest.param(ACME_NUMBER, "999999999999999", id="Acme's number under nobody's account"),
    ],
)
def test_a_number_under_another_account_is_nobodys_message(
    acme,
    globex,
    acme_whatsapp,
    globex_whatsapp,
    write,
    report,
    work,
    graph,
    db_rows,
    number,
    account,
):
    assert write(number=number, account=account).status_code == 200
    assert (
        report(bodies.status("wamid.x", "read"), number=number, account=account).status_code == 200
    )
    work()

    assert (thread_of(acme), thread_of(globex), count(db_rows, "message_statuses")) == ([], [], 0)
    assert dead_letters(db_rows) == [ANOTHER_ACCOUNT, ANOTHER_ACCOUNT]
    assert deliveries(db_rows) == [(True, "1 rejected"), (True, "1 rejected")]
    assert graph.ledger == []


def test_a_message_to_an_unknown_number_waits_and_is_answered_once_the_number_is_connected(
    acme, write, work, graph, db_rows
):
    assert write(number=UNKNOWN_NUMBER, account=ACME_ACCOUNT).status_code == 200
    work()
    assert (messages(db_rows), dead_letters(db_rows), deliveries(db_rows)) == (
        [],
        [NOBODYS],
        [(True, "1 unroutable")],
    )

    connect(acme, UNKNOWN_NUMBER, ACME_ACCOUNT, "token")
    work()
    work()
    assert thread_of(acme) == ANSWERED
    assert (dead_letters(db_rows), deliveries(db_rows), len(graph.ledger)) == ([], [FINISHED], 1)


def test_what_was_beside_a_message_to_an_unknown_number_is_not_taken_twice(
    acme, acme_whatsapp, deliver, work, graph, db_rows
):
    known = bodies.value(ACME_NUMBER, messages=(bodies.text("Hello"),))
    unknown = bodies.value(UNKNOWN_NUMBER, messages=(bodies.text("and there", sender=GRACE),))
    deliver(bodies.webhook(bodies.entry(ACME_ACCOUNT, known, unknown)))
    work()
    assert thread_of(acme) == ANSWERED

    connect(acme, UNKNOWN_NUMBER, ACME_ACCOUNT, "token")
    work()
    assert thread_of(acme) == [
        *ANSWERED,
        ("inbound", "and there", "received"),
        ("outbound", REPLY, "accepted"),
    ]
    assert [sent["phone_number_id"] for sent in graph.ledger] == [ACME_NUMBER, UNKNOWN_NUMBER]


def test_a_number_connected_under_another_account_gets_none_of_what_waited(
    globex, write, work, graph, db_rows
):
    write(number=UNKNOWN_NUMBER, account=ACME_ACCOUNT)
    work()
    connect(globex, UNKNOWN_NUMBER, GLOBEX_ACCOUNT, "token")
    work()

    assert (thread_of(globex), dead_letters(db_rows), graph.ledger) == ([], [ANOTHER_ACCOUNT], [])


def test_a_suspended_tenants_message_is_stored_and_not_answered(
    acme, acme_whatsapp, write, work, graph, db_rows
):
    write("Hello")
    work()
    with operator_scope():
        Tenant.objects.update(status=Tenant.Status.SUSPENDED)
    assert write("anybody there?").status_code == 200
    work()

    assert thread_of(acme) == [*ANSWERED, ("inbound", "anybody there?", "received")]
    assert (len(graph.ledger), deliveries(db_rows)) == (1, [FINISHED, FINISHED])


def test_a_message_to_a_disconnected_channel_is_kept_aside_and_not_answered(
    acme, acme_whatsapp, write, work, graph, db_rows
):
    with operator_scope():
        Channel.objects.update(status=Channel.Status.DISCONNECTED)
    assert write().status_code == 200
    work()

    assert (thread_of(acme), dead_letters(db_rows), graph.ledger) == ([], [NOBODYS], [])


@pytest.fixture
def answered(acme, acme_whatsapp, globex_whatsapp, write, work, graph):
    """Acme's answer to Ada, accepted by Meta."""
    write("Hello")
    work()
    assert thread_of(acme) == ANSWERED
    with tenant_scope(acme.id):
        return Message.objects.get(direction="outbound")


def test_a_status_with_another_tenants_message_id_has_no_effect(
    acme, answered, report, work, db_rows
):
    report(
        bodies.status(answered.external_id, "read"), number=GLOBEX_NUMBER, account=GLOBEX_ACCOUNT
    )
    work()
    assert thread_of(acme) == ANSWERED
    assert db_rows.execute("SELECT message_id FROM messaging.message_statuses").fetchall() == [
        (None,)
    ]

    report(bodies.status(answered.external_id, "read"))
    work()
    assert thread_of(acme)[1] == ("outbound", REPLY, "read")


def test_a_forged_reference_has_no_effect(acme, answered, report, work, db_rows):
    genuine = reference(answered.id, 1)
    forged = [
        genuine.replace("o1:", "o2:"),
        genuine + "0" * 9,
        "o1:x:1",
        "'; DROP TABLE messages; --",
        "\x00",
        str(answered.id),
    ]
    for index, words in enumerate(forged):
        report(bodies.status(f"wamid.forged{index}", "read", biz_opaque_callback_data=words))
    elsewhere = bodies.status("wamid.of-globex", "read", biz_opaque_callback_data=genuine)
    report(elsewhere, number=GLOBEX_NUMBER, account=GLOBEX_ACCOUNT)
    work()
    assert (thread_of(acme), dead_letters(db_rows)) == (ANSWERED, [])
    assert db_rows.execute(
        "SELECT DISTINCT message_id FROM messaging.message_statuses"
    ).fetchall() == [(None,)]

    report(bodies.status("wamid.unknown", "read", biz_opaque_callback_data=genuine))
    work()
    assert thread_of(acme)[1] == ("outbound", REPLY, "read")


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        pytest.param("reaction", {"message_id": "wamid.of-ada", "emoji": "x"}, id="a reaction"),
        pytest.param(
            "edit",
            {
                "original_message_id": "wamid.of-ada",
                "message": {"type": "text", "text": {"body": "forged"}},
            },
            id="an edit",
        ),
        pytest.param("revoke", {"original_message_id": "wamid.of-ada"}, id="a revocation"),
    ],
)
def test_what_grace_aims_at_adas_message_does_not_touch_it(
    acme, acme_whatsapp, write, deliver, work, graph, kind, content
):
    write("Hello", sender=ADA, wamid="wamid.of-ada")
    work()
    aimed = {**bodies.text(sender=GRACE), "type": kind, kind: content}
    deliver(
        bodies.webhook(bodies.entry(ACME_ACCOUNT, bodies.value(ACME_NUMBER, messages=(aimed,))))
    )
    work()

    with tenant_scope(acme.id):
        adas, graces = Conversation.objects.order_by("created_at")
        shown = [
            (each.text, each.is_edited, each.is_revoked, each.reactions)
            for each in thread(adas, 10)[0]
        ]
        assert shown == [("Hello", False, False, {}), (REPLY, False, False, {})]
        assert [each.message.kind for each in thread(graces, 10)[0]] == [kind]


def test_messages_under_a_field_of_tomorrow_open_no_conversation(
    acme, acme_whatsapp, write, deliver, work, graph, db_rows
):
    write("Hello", sender=ADA)
    work()
    value = {**bodies.value(ACME_NUMBER), "messages": [bodies.text(sender=GRACE)]}
    assert (
        deliver(
            bodies.webhook(bodies.change(ACME_ACCOUNT, "messages_of_tomorrow", value))
        ).status_code
        == 200
    )
    work()

    assert (thread_of(acme), len(graph.ledger), count(db_rows, "conversations")) == (ANSWERED, 1, 1)
    assert (dead_letters(db_rows), deliveries(db_rows)) == ([], [FINISHED, FINISHED])


def test_a_tenant_named_in_the_body_is_not_asked(
    acme, globex, acme_whatsapp, globex_whatsapp, deliver, work, graph
):
    claim = {"tenant_id": str(globex.id), "tenant": "globex", "channel_id": str(globex_whatsapp.id)}
    value = {**bodies.value(ACME_NUMBER, messages=(bodies.text(**claim),)), **claim}
    change = {
        "field": "messages",
        "value": {**value, "metadata": {**value["metadata"], **claim}},
        **claim,
    }
    body = {
        "object": "whatsapp_business_account",
        "entry": [{"id": ACME_ACCOUNT, "changes": [change], **claim}],
        **claim,
    }
    assert deliver(json.dumps(body).encode()).status_code == 200
    work()

    assert (thread_of(acme), thread_of(globex)) == (ANSWERED, [])
    assert [(sent["phone_number_id"], sent["token"]) for sent in graph.ledger] == [
        (ACME_NUMBER, "token-of-acme")
    ]


def test_a_card_with_more_numbers_than_the_server_has_locks_is_one_message_and_stops_nobody(
    acme, acme_whatsapp, deliver, write, work, graph, db_rows
):
    phones = [
        {"phone": f"+{number}", "wa_id": str(number)}
        for number in range(46_000_000_000, 46_000_030_000)
    ]
    card = {"name": {"formatted_name": "Ada"}, "phones": phones, "origin": "contact_request"}
    item = {**bodies.text(), "type": "contacts", "contacts": [card]}
    deliver(bodies.webhook(bodies.entry(ACME_ACCOUNT, bodies.value(ACME_NUMBER, messages=(item,)))))
    write("Hello", sender=GRACE)
    work()

    assert (sorted(messages(db_rows, "text")), deliveries(db_rows)) == (
        ["Ada", "Hello"],
        [FINISHED, FINISHED],
    )
    assert count(db_rows, "contact_identities") == 1 + 2 * 5 + 1


def test_a_status_of_a_recipient_whose_id_cannot_be_stored_counts(
    acme, acme_whatsapp, write, report, work, graph, db_rows
):
    write()
    work()
    report(bodies.status(graph.ledger[0]["wamid"], "read", recipient_user_id="SE.\x001"))
    work()

    assert (dead_letters(db_rows), thread_of(acme)[1]) == ([], ("outbound", REPLY, "read"))
