"""After an erasure nothing of the person is in the database or in storage, and everything of others
is as it was.
"""

import json
from uuid import UUID

import pytest
from django.core.files.storage import default_storage

from messaging import sql
from messaging.models import Contact, DeadLetter, Media, Message, WebhookDelivery
from messaging.privacy.catalogue import EXCLUDED, PARTS, REDACTED
from tenants.scope import operator_scope
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, GLOBEX_ACCOUNT, GLOBEX_NUMBER, GRACE
from tests.support.dump import dump, holding, tables
from tests.support.whatsapp import bodies
from tests.support.whatsapp.ada_everywhere import ADA, ADAS, GROUP, of_ada
from whatsapp.webhooks import parser

pytestmark = pytest.mark.whatsapp


def written_otherwise(body: bytes) -> bytes:
    return body.replace(b"wamid.ada", b"\\u0077amid.\\u0061da")


WHERE_ADA_IS = {
    "messaging.contact_changes",
    "messaging.contact_identities",
    "messaging.contacts",
    "messaging.conversation_owner_changes",
    "messaging.conversations",
    "messaging.dead_letters",
    "messaging.idempotency_keys",
    "messaging.message_statuses",
    "messaging.messages",
    "messaging.thread_orders",
    "messaging.webhook_attempts",
    "messaging.webhook_deliveries",
}


def test_a_dump_holds_nothing_of_whoever_was_erased(story, erased, db_rows):
    before = holding(dump(db_rows), *ADAS)
    order = erased(story)

    assert set(before) == WHERE_ADA_IS
    assert (order.status, order.waits_for) == ("finished", "")
    assert holding(dump(db_rows), *ADAS) == {}


def test_the_log_tells_that_the_contact_was_erased_and_nothing_else_of_them(
    story, erased, acmes, jobs, db_rows
):
    erased(story)
    jobs()

    # set aside: the endpoint of the story cannot be reached, and is told later
    assert set(holding(dump(db_rows), str(story))) == {
        "messaging.events",
        "messaging.webhook_set_aside",
    }
    (told,) = acmes.get("events", type="contact.erased").json()["items"]
    assert (told["type"], told["data"]) == ("contact.erased", {"contact_id": str(story)})
    about = [each for each in acmes.get("events").json()["items"] if str(story) in str(each)]
    assert about == [told]


def test_the_order_says_what_was_deleted_of_each_table(story, erased):
    order = erased(story)

    assert order.counts == {
        "webhook_attempts": 1,
        "webhook_set_aside": 1,
        "events": order.counts["events"],
        "idempotency_keys": 1,
        "channel_probes": 1,
        "message_statuses": 5,
        "message_attempts": 5,
        "message_resends": 1,
        "message_settlements": 1,
        "deferred_replies": 1,
        "conversation_owner_changes": 1,
        "thread_orders": 1,
        "messages": 10,
        "messages of others": 1,
        "media": 1,
        "webhook_deliveries": 12,
        "contact_changes": 2,
        "conversations": 2,
        "contact_identities": 2,
        "contacts": 1,
    }


def test_the_file_is_gone_from_storage(story, erased):
    with operator_scope():
        name = Media.objects.get().file.name
    assert default_storage.exists(name)

    erased(story)
    assert not default_storage.exists(name)


def test_everything_of_others_is_as_it_was_but_for_what_they_quote(story, erased, db_rows):
    of_grace = "messaging.contacts", "messaging.contact_identities", "messaging.conversations"
    before = {table: [row for row in dump(db_rows)[table] if GRACE in row] for table in of_grace}
    with operator_scope():
        grace = Contact.objects.get(identities__value=GRACE)
        theirs = Message.objects.filter(conversation__contact=grace).order_by("id")
        said = list(theirs.values_list("id", "text", "status", "seq", "external_id"))
        (quoting,) = theirs.exclude(quoted_external_id="")

    erased(story)
    after = {table: [row for row in dump(db_rows)[table] if GRACE in row] for table in of_grace}
    assert after == before
    with operator_scope():
        assert list(theirs.values_list("id", "text", "status", "seq", "external_id")) == said
        quoting.refresh_from_db()
    assert (quoting.quoted_external_id, quoting.raw["context"]) == (
        "",
        {"from": "erased", "id": "erased"},
    )


def test_a_delivery_of_theirs_alone_loses_its_body_and_a_mixed_one_can_still_be_read(story, erased):
    erased(story)

    with operator_scope():
        bodies_left = {
            bytes(each.body) for each in WebhookDelivery.objects.exclude(redacted_at=None)
        } - {b""}
        assert WebhookDelivery.objects.filter(body=b"").count() > 0
    read = [
        (event.contact_name, event.text, event.external_id, event.quoted_external_id)
        for body in sorted(bodies_left)
        for event in parser.parse(body)
    ]
    assert sorted(read) == [
        ("Grace", "Grace is here", "wamid.grace.1", ""),
        ("Grace", "I agree", "wamid.grace.2", "erased"),
    ]


def test_the_same_person_stays_known_to_another_tenant(
    story, erased, globex_whatsapp, write, work, db_rows
):
    more = {"number": GLOBEX_NUMBER, "account": GLOBEX_ACCOUNT, "wamid": "wamid.globex"}
    write("Hello Globex", sender=ADA, **more)
    work()
    erased(story)

    with operator_scope():
        assert Contact.objects.get(identities__value=ADA).tenant_id == globex_whatsapp.tenant_id
        message = Message.objects.get(external_id="wamid.globex")
        assert message.raw["from"] == ADA
        delivery = WebhookDelivery.objects.get(id=message.delivery_id)
    assert ADA.encode() in bytes(delivery.body)


def test_two_contacts_that_were_joined_are_erased_together(
    acme_whatsapp, batch, work, acmes, erased, jobs, db_rows, graph
):
    batch(of_ada(), bodies.text("canary of ada, too", sender="46709999002"))
    work()
    one, two = (each["id"] for each in acmes.get("contacts").json()["items"])
    acmes.post(f"contacts/{one}/merge", {"contact": two})

    assert erased(two).status == "finished"
    jobs()
    assert holding(dump(db_rows), *ADAS, "46709999002") == {}
    told = acmes.get("events", type="contact.erased").json()["items"]
    assert {each["data"]["contact_id"] for each in told} == {one, two}
    with operator_scope():
        assert (Contact.objects.count(), DeadLetter.objects.count()) == (0, 0)


def test_every_table_is_a_persons_or_says_why_not(db_rows):
    known = [*{part.table for part in PARTS}, *REDACTED, *EXCLUDED]

    assert sorted(known) == sorted(table.split(".")[1] for table in tables(db_rows))


def test_a_body_that_was_cut_is_json_with_nothing_but_the_rest(acme_whatsapp, erased, work, batch):
    batch(of_ada(wamid="wamid.ada"), bodies.text("Hi", sender=GRACE, wamid="wamid.grace"))
    work()
    with operator_scope():
        ada = Contact.objects.get(identities__value=ADA).id
    erased(ada)

    with operator_scope():
        told = json.loads(bytes(WebhookDelivery.objects.get().body))
    (change,) = told["entry"][0]["changes"]
    assert [each["wa_id"] for each in change["value"]["contacts"]] == [GRACE]
    assert [each["id"] for each in change["value"]["messages"]] == ["wamid.grace"]


@pytest.mark.parametrize(
    "written", [lambda body: body, lambda body: body.replace(b"/", b"\\/"), written_otherwise]
)
def test_what_others_quote_is_found_however_their_webhook_writes_it(
    written, acme_whatsapp, batch, deliver, work, erased, db_rows, graph
):
    """As Meta's own JSON writes it, with its slashes escaped; or with any character of it."""
    batch(of_ada("canary of ada", wamid="wamid.ada/1", group_id=GROUP))
    quoting = bodies.text(
        "I agree", sender=GRACE, wamid="wamid.grace", group_id=GROUP, context={"id": "wamid.ada/1"}
    )
    value = bodies.value(ACME_NUMBER, messages=(quoting,))
    deliver(written(bodies.webhook(bodies.entry(ACME_ACCOUNT, value))))
    work()
    with operator_scope():
        ada = Contact.objects.get(identities__value=ADA).id
    finished = erased(ada)

    with operator_scope():
        left = WebhookDelivery.objects.exclude(body=b"").get()
    (event,) = parser.parse(bytes(left.body))
    assert (finished.status, event.text, event.quoted_external_id) == (
        "finished",
        "I agree",
        "erased",
    )


def test_a_webhook_in_another_language_is_not_read_for_every_erasure(
    acme_whatsapp, batch, work, erased, db_rows, graph
):
    """Meta writes every letter that is none of ASCII as an escape: é is \\u00e9."""
    batch(bodies.text("déjà vu, 你好", sender=GRACE, wamid="wamid.grace"))
    batch(of_ada(wamid="wamid.ada"))
    work()
    words = [ADA.encode()]
    with operator_scope():
        rows = sql.run("privacy/deliveries_naming", after=UUID(int=0), at_most=9, words=words)

    assert [row["is_named"] for row in rows] == [False, True]
