"""What is said goes to the id that the contact last wrote from, as long as it is theirs."""

import psycopg
import pytest

from channels_app.content import Template
from messaging.models import ContactIdentity, Conversation
from tenants.scope import operator_scope
from tests.messaging.outbound.addressed import BSUID, addressed
from tests.support import database
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, ADA, GRACE, thread_of
from tests.support.whatsapp import bodies
from tests.support.whatsapp.channel import connect

pytestmark = pytest.mark.whatsapp


def test_who_has_no_number_is_addressed_as_recipient_and_who_wrote_by_phone_by_the_phone(
    quiet, acme_whatsapp, write, say, work, graph
):
    write("by user id", sender=BSUID)
    work()
    with operator_scope():
        conversation_id = Conversation.objects.get().id
    say("one", conversation_id)
    write("by phone", sender=ADA, from_user_id=BSUID)
    work()
    say("two", conversation_id)
    work()

    assert addressed(graph) == [{"recipient": BSUID}, {"to": ADA}]


def test_a_changed_user_id_is_written_to_before_its_owner_writes_again(
    quiet, acme_whatsapp, write, deliver, say, work, graph
):
    write("by user id", sender=BSUID)
    item = {"user_id": {"previous": BSUID, "current": "SE.2002"}, "timestamp": "1790000000"}
    value = {**bodies.value(ACME_NUMBER), "user_id_update": [item]}
    deliver(bodies.webhook(bodies.change(ACME_ACCOUNT, "user_id_update", value)))
    work()
    with operator_scope():
        conversation_id = Conversation.objects.get().id
    say("one", conversation_id)
    work()

    assert addressed(graph) == [{"recipient": "SE.2002"}]


def test_a_number_that_changed_hands_gets_nothing_that_is_for_its_former_owner(
    acme, ada, write, say, work, graph
):
    other = connect(acme, "400000000000003", "300000000000003", "token")
    write("I have a user id", from_user_id="SE.2002")
    write("to your other number", number=other.external_id, account=other.account_id)
    system = {
        "type": "user_changed_number",
        "wa_id": GRACE,
        "body": f"User Ada changed from {ADA} to {GRACE}",
    }
    write("", type="system", system=system)
    work()
    write("I have this number now", from_user_id=BSUID)
    work()
    with operator_scope():
        conversation_id = Conversation.objects.get(channel=other).id
    say("for Ada alone", conversation_id)
    work()

    assert addressed(graph) == [{"to": GRACE}]


def test_who_never_wrote_here_is_not_addressed_by_the_user_id_of_another_account(
    acme, ada, write, deliver, approve, say, work, graph
):
    other = connect(acme, "400000000000003", "300000000000003", "token")
    approve("hello", account_id=other.account_id)
    echo = {**bodies.text("Hi", sender="15550100001"), "to": ADA}
    value = {**bodies.value(other.external_id), "message_echoes": [echo]}
    deliver(bodies.webhook(bodies.change(other.account_id, "smb_message_echoes", value)))
    write("I have a user id now", from_user_id=BSUID)
    work()
    with operator_scope():
        conversation_id = Conversation.objects.get(channel=other).id
    say(Template(name="hello", language="en"), conversation_id)
    work()

    assert addressed(graph) == [{"to": ADA}]


def test_the_number_that_graph_knows_somebody_by_is_theirs_too(ada, write, say, work, graph):
    graph.script.append({"wa_id": "4670009999"})
    say("one", ada)
    work()
    assert ids_of_contacts() == [[("wa_id", ADA), ("wa_id", "4670009999")]]

    write("from the other form of my number", sender="4670009999")
    work()
    say("two", ada)
    work()
    assert addressed(graph) == [{"to": ADA}, {"to": "4670009999"}]


def ids_of_contacts() -> list[list[tuple[str, str]]]:
    with operator_scope():
        rows = ContactIdentity.objects.order_by("contact_id", "id").values_list(
            "contact_id", "kind", "value"
        )
        owners = dict.fromkeys(owner for owner, _, _ in rows)
        return [[(kind, value) for each, kind, value in rows if each == owner] for owner in owners]


def test_whom_somebody_holds_locked_keeps_nobodys_answer_from_being_recorded(
    acme, ada, write, say, work, graph, database_name
):
    graph.script.append({"wa_id": "4670009999"})
    say("one", ada)
    with psycopg.connect(database.superuser_url(database_name)) as other:
        other.execute("SELECT FROM messaging.contacts FOR UPDATE")
        work()
    assert thread_of(acme)[1:] == [("outbound", "one", "accepted")]
    assert ids_of_contacts() == [[("wa_id", ADA)]]

    graph.script.append({"wa_id": "4670009999"})
    say("two", ada)
    work()
    assert ids_of_contacts() == [[("wa_id", ADA), ("wa_id", "4670009999")]]


def test_an_update_that_is_told_again_when_it_is_long_past_brings_no_id_back(
    acme, acme_whatsapp, write, deliver, work, graph
):
    write(sender=BSUID)
    for old, new in ((BSUID, "SE.2002"), ("SE.2002", "SE.3003"), (BSUID, "SE.2002")):
        item = {"user_id": {"previous": old, "current": new}, "timestamp": "1790000000"}
        value = {**bodies.value(ACME_NUMBER), "user_id_update": [item]}
        deliver(bodies.webhook(bodies.change(ACME_ACCOUNT, "user_id_update", value)))
        work()

    with operator_scope():
        ids = list(ContactIdentity.objects.order_by("value").values_list("value", "is_active"))
    assert ids == [(BSUID, False), ("SE.2002", False), ("SE.3003", True)]
