"""What the log tells of people: which of their words have changed, and who turned out to be one."""

import time

import pytest

from messaging.contacts import decisions
from messaging.models import Contact, ContactChange, Message
from messaging.models.outcome import Outcome
from messaging.outbound import outcomes
from messaging.outbound.dispatch import Result
from tenants.scope import operator_scope
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, ADA, GRACE
from tests.support.logged import logged, not_told
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

BSUID = "SE.1001"


@pytest.fixture
def of_people(news):
    """What was logged of people since it was last asked, without whose it is."""

    def of_people():
        told = [(type, dict(data)) for type, data in news() if type.startswith("contact.")]
        return [(type, data.pop("contact_id") and data) for type, data in told]

    return of_people


@pytest.fixture
def ada(acme_whatsapp, write, work, graph, of_people):
    """Ada has written once, which is known."""
    write()
    work()
    of_people()


def only() -> Contact:
    with operator_scope():
        return Contact.objects.get()


@pytest.fixture
def wishes(tells):
    def wishes(word: str, seconds: int = 0, **who: str) -> None:
        wish = {
            "category": "marketing_messages",
            "value": word,
            "timestamp": int(time.time()) + seconds,
            **(who or {"wa_id": ADA}),
        }
        tells("user_preferences", user_preferences=[wish])

    return wishes


def test_another_name_is_told_without_the_name(ada, deliver, work, of_people):
    value = bodies.value(ACME_NUMBER, messages=(bodies.text(),), name="Ada Lovelace")
    for _ in range(2):
        deliver(bodies.webhook(bodies.entry(ACME_ACCOUNT, value)))
        work()

    assert of_people() == [("contact.changed", {"fields": ["name"]})]


def test_another_id_is_told_without_the_id(ada, write, work, of_people):
    for _ in range(2):
        write("I have another id, too", from_user_id=BSUID)
        work()

    assert of_people() == [("contact.changed", {"fields": ["ids"]})]


def test_what_the_business_calls_a_person_is_told(ada, tells, of_people):
    entry = {"type": "contact", "contact": {"full_name": "Ada of Acme", "phone_number": ADA}}
    tells(
        "smb_app_state_sync",
        state_sync=[{**entry, "action": "add", "metadata": {"timestamp": str(int(time.time()))}}],
    )

    assert of_people() == [("contact.changed", {"fields": ["saved_name"]})]


def test_who_wants_no_marketing_is_told_once_and_again_who_wants_it_again(
    ada, wishes, of_people, db_rows
):
    wishes("stop", -50)
    wishes("stop", -40)
    assert of_people() == [("contact.opted_out", {})]
    wishes("resume", -30)
    wishes("resume", -20)
    assert of_people() == [("contact.changed", {"fields": ["marketing"]})]
    wishes("stop", -25)  # told late: a newer one counts
    assert (of_people(), not_told(db_rows)) == ([], [])


def test_who_refuses_marketing_by_refusing_a_message_is_told_once(
    ada, acme_whatsapp, of_people, db_rows
):
    with operator_scope():
        reply = Message.objects.get(direction="outbound")
    refused = Outcome(message_id=reply.id, attempt=1, status="failed", opts_out=True)
    for _ in range(2):
        outcomes.apply_outcomes([Result(refused, acme_whatsapp)])

    assert (of_people(), not_told(db_rows)) == ([("contact.opted_out", {})], [])


def test_who_is_blocked_by_staff_and_unblocked_is_told(ada, of_people, db_rows):
    for decide in (decisions.block, decisions.block, decisions.unblock):
        with operator_scope():
            decide(Contact.objects.all(), by="an operator")

    assert of_people() == [("contact.changed", {"fields": ["blocked"]})] * 2
    assert not_told(db_rows) == []


@pytest.fixture
def two_contacts(acme_whatsapp, write, work, graph, of_people):
    """Ada, who wrote by phone and then by user id; nobody knows yet that she is one person."""
    write("by phone")
    work()
    write("by user id", sender=BSUID)
    work()
    of_people()


def of_merging(db_rows, acme):
    return [row for row in logged(db_rows, acme) if row[0] == "contact.merged"]


def test_two_that_turn_out_to_be_one_are_told_in_the_stream_of_the_one_that_stays(
    two_contacts, acme, write, work, db_rows
):
    write("by both", from_user_id=BSUID)
    work()
    with operator_scope():
        gone = Contact.objects.get(merged_into__isnull=False)

    data = {"contact_id": str(gone.merged_into_id), "merged_contact_id": str(gone.id)}
    kept = gone.merged_into_id
    assert of_merging(db_rows, acme) == [("contact.merged", kept, kept, data)]
    assert not_told(db_rows) == []


def test_what_the_merge_makes_known_of_the_one_that_stays_is_told_of_it(
    two_contacts, acme, wishes, write, work, of_people, db_rows
):
    wishes("stop", -50, user_id=BSUID)
    assert of_people() == [("contact.opted_out", {})]
    write("by both", from_user_id=BSUID)
    work()

    told = of_people()
    assert [type for type, _ in told] == ["contact.opted_out", "contact.merged"]
    assert not_told(db_rows) == []


def test_two_that_staff_join_are_told(acme, acme_whatsapp, write, work, graph, db_rows):
    with operator_scope():
        kept, gone = (Contact.objects.create(tenant=acme) for _ in range(2))
        Contact.objects.filter(id=gone.id).update(blocked_at="2026-01-01T00:00:00Z")
        ContactChange.objects.create(
            tenant=acme, contact=kept, other=gone, what="id_disputed", is_open=True
        )
        decisions.join(ContactChange.objects.all(), by="an operator")

    assert [(type, data) for type, _, _, data in logged(db_rows, acme)[-2:]] == [
        ("contact.changed", {"contact_id": str(kept.id), "fields": ["blocked"]}),
        (
            "contact.merged",
            {"contact_id": str(kept.id), "merged_contact_id": str(gone.id)},
        ),
    ]


def test_an_id_that_the_provider_tells_of_a_recipient_is_told(
    ada, acme, graph, write, work, of_people
):
    graph.script.append({"wa_id": GRACE})
    write("again")
    work()

    assert of_people() == [("contact.changed", {"fields": ["ids"]})]
