"""What was erased does not come back: by a repeated webhook, a replay of ours, or a late status."""

from contextlib import contextmanager

import pytest

from messaging.inbound.leasing import DeliveryLeaser
from messaging.models import Contact, Erasure, Message, MessageStatus, WebhookDelivery
from messaging.privacy import erasing
from messaging.privacy.orders import order
from tenants.scope import operator_scope
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, GRACE
from tests.support.dump import dump, holding
from tests.support.whatsapp import bodies
from tests.support.whatsapp.ada_everywhere import ADA, ADAS, of_ada

pytestmark = pytest.mark.whatsapp


def adas(db_rows) -> dict:
    return holding(dump(db_rows), *ADAS)


def replay_all() -> int:
    with operator_scope():
        ids = list(WebhookDelivery.objects.values_list("id", flat=True))
        return len(WebhookDelivery.objects.process_again(ids))


def test_the_same_webhook_again_is_accepted_and_brings_nothing_back(
    story, adas_body, erased, deliver, work, jobs, graph, db_rows
):
    erased(story)
    graph.ledger.clear()
    statuses = [deliver(adas_body).status_code for _ in range(2)]
    stored = adas(db_rows)
    work()
    jobs()

    assert (statuses, list(stored)) == ([200, 200], ["messaging.webhook_deliveries"])
    assert (adas(db_rows), graph.ledger) == ({}, [])
    with operator_scope():
        assert not Contact.objects.filter(identities__value=ADA).exists()


def test_an_address_book_entry_again_brings_nobody_back(
    acme_whatsapp, deliver, work, jobs, erased, db_rows
):
    contact = {"full_name": "Ada Canary", "phone_number": ADA}
    entry = {"type": "contact", "action": "add", "contact": contact}
    told = {"metadata": {"phone_number_id": ACME_NUMBER}, "state_sync": [entry]}
    body = bodies.webhook(bodies.change(ACME_ACCOUNT, "smb_app_state_sync", told))
    deliver(body)
    work()
    with operator_scope():
        ada = Contact.objects.get().id
    erased(ada)

    deliver(body)
    work()
    jobs()
    assert adas(db_rows) == {}


def test_processing_our_deliveries_again_brings_nothing_back(
    story, erased, work, jobs, graph, db_rows
):
    erased(story)
    with operator_scope():
        messages = Message.objects.count()
    replayed = replay_all()
    work()
    jobs()

    assert (replayed > 0, adas(db_rows)) == (True, {})
    with operator_scope():
        assert Message.objects.count() == messages
        # who has nothing to say any more is not asked
        assert WebhookDelivery.objects.filter(body=b"", processed_at=None).count() == 0


def test_a_mixed_webhook_again_brings_back_the_others_alone(
    acme_whatsapp, batch, deliver, work, jobs, erased, db_rows, graph
):
    body = batch(of_ada(wamid="wamid.ada"), bodies.text("Hi", sender=GRACE, wamid="wamid.grace"))
    work()
    with operator_scope():
        ada = Contact.objects.get(identities__value=ADA).id
    erased(ada)
    deliver(body)
    work()
    jobs()

    assert adas(db_rows) == {}
    with operator_scope():
        inbound = Message.objects.filter(direction="inbound")
        assert list(inbound.values_list("external_id", flat=True)) == ["wamid.grace"]


def test_a_new_message_is_somebody_new(story, erased, batch, work, graph):
    erased(story)
    graph.ledger.clear()
    batch(of_ada("I am back", wamid="wamid.new"))
    work()

    with operator_scope():
        contact = Contact.objects.get(identities__value=ADA)
        texts = Message.objects.filter(conversation__contact=contact, direction="inbound")
        assert list(texts.values_list("text", flat=True)) == ["I am back"]
    assert (contact.id != story, contact.saved_name, len(graph.ledger)) == (True, "", 1)


def test_a_late_status_of_an_erased_message_is_dropped(
    story, erased, report, graph, work, jobs, db_rows
):
    sent = [entry for entry in graph.ledger if entry["message"]["to"] == ADA]
    erased(story)
    for entry in sent:
        report(bodies.status(entry["wamid"], "read", recipient_id=ADA))
    work()
    jobs()

    assert (len(sent) > 0, adas(db_rows)) == (True, {})
    with operator_scope():
        assert MessageStatus.objects.filter(message=None).count() == 0


def test_a_status_that_names_our_message_alone_is_dropped(
    acme_whatsapp, write, work, graph, erased, report, jobs, db_rows
):
    graph.script.append({"cut": True})
    write("canary of ada", sender=ADA, wamid="wamid.ada")
    work()
    with operator_scope():
        Message.objects.filter(direction="outbound").update(
            status="unknown", due_at=None, lease=None, external_id=None
        )
        unknown = Message.objects.get(direction="outbound")
        ada = Contact.objects.get().id
    erased(ada)
    told = {"recipient_id": ADA, "biz_opaque_callback_data": f"o1:{unknown.id}:1"}
    report(bodies.status("wamid.of.the.lost.one", "delivered", **told))
    work()
    jobs()

    assert adas(db_rows) == {}


def test_a_delivery_that_waits_is_waited_for_and_says_nothing(
    story, erased, batch, work, jobs, graph, db_rows
):
    graph.ledger.clear()
    batch(of_ada("canary of ada, still waiting", wamid="wamid.ada.waiting"))
    waiting = erased(story)
    work()
    finished = erasing.erase(waiting.id)

    assert (waiting.status, waiting.waits_for) == ("waiting", "deliveries")
    jobs()
    assert (finished.status, graph.ledger) == ("finished", [])
    assert adas(db_rows) == {}


def test_a_delivery_that_is_recorded_at_the_same_moment_leaves_nothing(
    story, acme, batch, jobs, db_rows, monkeypatch, graph
):
    """It is recorded after the erasure has looked at all deliveries, and before its end."""
    scan = erasing.scan

    def scan_and_receive(*arguments):
        is_clean = scan(*arguments)
        if not received:
            received.append(batch(of_ada("canary of ada, meanwhile", wamid="wamid.ada.late")))
            DeliveryLeaser().process_due()
        return is_clean

    received = []
    monkeypatch.setattr(erasing, "scan", scan_and_receive)
    with operator_scope():
        ordered = order(acme.id, story, by="tests")
    finished = erasing.erase(ordered.id)
    jobs()

    assert (finished.status, len(received)) == ("finished", 1)
    assert adas(db_rows) == {}


def test_what_is_queued_is_cancelled_and_what_is_being_sent_is_waited_for(
    story, erased, acmes, db_rows
):
    conversation = acmes.get("conversations", contact=story).json()["items"][-1]["id"]
    content = {"kind": "text", "body": "canary of ada, queued"}
    for _ in range(2):
        acmes.post("messages", {"conversation": conversation, "content": content})
    with operator_scope():
        queued = Message.objects.filter(status="queued")
        first = queued.earliest("seq")
        lease = {"lease": first.id, "attempts": 1}
        Message.objects.filter(id=first.id).update(status="sending", **lease)

    waiting = erased(story)
    with operator_scope():
        left = list(Message.objects.filter(text__contains="canary").values_list("id", "status"))
        Message.objects.filter(id=first.id).update(status="sent", due_at=None, lease=None)
    finished = erasing.erase(waiting.id)

    assert (waiting.status, waiting.waits_for) == ("waiting", "sending")
    assert left == [(first.id, "sending")]
    assert (finished.status, adas(db_rows)) == ("finished", {})


@contextmanager
def killed_at(monkeypatch, number: int):
    """Let the process of an erasure die at its nth step, as far as a test can: the transaction is
    rolled back, and nothing after it happens.
    """
    steps = []
    step = erasing.step

    class Killed(Exception):
        pass

    @contextmanager
    def dying(erasure_id):
        with step(erasure_id) as erasure:
            yield erasure
            steps.append(erasure)
            if len(steps) == number:
                raise Killed

    with monkeypatch.context() as patched:
        for name in ("erasing", "messages", "files", "deliveries", "portions"):
            patched.setattr(f"messaging.privacy.{name}.step", dying)
        with pytest.raises(Killed):
            yield


@pytest.mark.parametrize("number", [1, 2, 5, 12, 20, 30])
def test_an_erasure_that_was_killed_is_completed_by_the_next_run(
    number, story, acme, jobs, db_rows, monkeypatch
):
    with operator_scope():
        ordered = order(acme.id, story, by="tests")
    with killed_at(monkeypatch, number):
        erasing.erase(ordered.id)
    jobs()

    with operator_scope():
        assert Erasure.objects.get().status == "finished"
    assert adas(db_rows) == {}
