"""Contacts: read by their address, described, blocked, opted out, merged."""

import pytest

from messaging.models import ContactChange, Conversation
from tenants.scope import operator_scope
from tests.support.api import faults_of
from tests.support.cast import ADA, GRACE

pytestmark = pytest.mark.whatsapp


@pytest.fixture
def ada_contact(acmes, ada) -> str:
    return acmes.get("contacts", address=ADA).json()["items"][0]["id"]


def test_a_contact_is_found_by_their_number(acmes, ada_contact):
    assert acmes.get(f"contacts/{ada_contact}").json()["identities"] == [
        {"kind": "wa_id", "value": ADA, "is_active": True}
    ]
    assert acmes.get("contacts", address=GRACE).json()["items"] == []


def test_what_the_business_says_of_a_contact_is_kept_and_the_rest_stays(acmes, ada_contact):
    acmes.patch(f"contacts/{ada_contact}", {"saved_name": "Ada L.", "attributes": {"plan": "pro"}})
    response = acmes.patch(f"contacts/{ada_contact}", {"attributes": {"seats": "3"}})

    told = response.json()
    assert (told["saved_name"], told["attributes"]) == ("Ada L.", {"seats": "3"})
    assert acmes.get(f"contacts/{ada_contact}").json() == told


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"saved_name": "x" * 257}, "/saved_name"),
        ({"saved_name": None}, "/saved_name"),
        ({"name": "Ada"}, "/name"),
        ({"attributes": {"": "x"}}, "/attributes/"),
        ({"attributes": {"a/b~": "x" * 501}}, "/attributes/a~1b~0"),
        ({"attributes": {f"n{n}": "x" for n in range(51)}}, "/attributes"),
        ({"attributes": {"a": {"b": 1}}}, "/attributes/a"),
        ({"attributes": []}, "/attributes"),
        ({"is_blocked": "perhaps"}, "/is_blocked"),
    ],
)
def test_what_cannot_be_said_of_a_contact_is_pointed_at(acmes, ada_contact, change, pointer):
    refused = acmes.patch(f"contacts/{ada_contact}", change)

    assert (refused.status_code, [place for place, _ in faults_of(refused)]) == (422, [pointer])


def test_a_blocked_contact_is_not_written_to_until_they_are_unblocked(acmes, ada, ada_contact):
    body = {"conversation": str(ada), "content": {"kind": "text", "body": "Hello"}}
    acmes.patch(f"contacts/{ada_contact}", {"is_blocked": True})

    refused = acmes.post("messages", body)
    acmes.patch(f"contacts/{ada_contact}", {"is_blocked": False})

    assert (refused.status_code, refused.json()["code"]) == (409, "contact_blocked")
    assert acmes.post("messages", body).status_code == 202
    with operator_scope():
        changes = ContactChange.objects.order_by("id").values_list("what", "by")
        assert list(changes) == [("blocked", "the API"), ("unblocked", "the API")]


def test_an_opt_out_is_noted_once(acmes, ada_contact):
    for _ in range(2):
        told = acmes.patch(f"contacts/{ada_contact}", {"wants_marketing": False}).json()

    assert told["marketing_opted_out_at"] is not None
    with operator_scope():
        assert [each.what for each in ContactChange.objects.all()] == ["marketing_stopped"]
    again = acmes.patch(f"contacts/{ada_contact}", {"wants_marketing": True}).json()
    assert again["marketing_opted_out_at"] is None


def test_two_contacts_that_are_one_person_are_merged(acmes, ada, ada_contact, write, work):
    write("It is me", sender=GRACE)
    work()
    grace = acmes.get("contacts", address=GRACE).json()["items"][0]["id"]

    kept = acmes.post(f"contacts/{ada_contact}/merge", {"contact": grace}).json()

    assert kept["id"] == ada_contact
    assert {each["value"] for each in kept["identities"]} == {ADA, GRACE}
    assert acmes.get(f"contacts/{grace}").json()["merged_into"] == ada_contact
    assert [each["id"] for each in acmes.items("contacts")] == [ada_contact]
    assert len(acmes.items("messages", conversation=str(ada))) == 2
    again = acmes.post(f"contacts/{ada_contact}/merge", {"contact": grace})
    assert (again.status_code, again.json()["id"]) == (200, ada_contact)


def test_what_the_business_says_of_two_contacts_that_are_merged_is_kept_and_told(
    acmes, ada, ada_contact, write, work, db_rows
):
    write("It is me", sender=GRACE)
    work()
    grace = acmes.get("contacts", address=GRACE).json()["items"][0]["id"]
    acmes.patch(f"contacts/{ada_contact}", {"attributes": {"plan": "pro"}})
    acmes.patch(f"contacts/{grace}", {"attributes": {"plan": "free", "seats": "3"}})

    kept = acmes.post(f"contacts/{ada_contact}/merge", {"contact": grace}).json()

    assert kept["attributes"] == {"plan": "pro", "seats": "3"}
    assert acmes.get(f"contacts/{ada_contact}").json() == kept
    told = """SELECT data -> 'fields' FROM messaging.events
              WHERE type = 'contact.changed' AND subject_id = %s ORDER BY number"""
    assert db_rows.execute(told, [ada_contact]).fetchall() == [(["attributes"],)] * 2


def test_a_contact_is_not_merged_with_itself(acmes, ada_contact):
    response = acmes.post(f"contacts/{ada_contact}/merge", {"contact": ada_contact})

    assert (response.status_code, response.json()["merged_into"]) == (200, None)
    with operator_scope():
        assert Conversation.objects.filter(merged_into=None).count() == 1
