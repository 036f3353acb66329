"""Orders to export and erase: by the API, and in the back-office."""

import pytest

from messaging.models import Contact, Erasure
from tenants.models import ApiKey, AuditEntry
from tenants.scope import operator_scope
from tests.support.api import Caller, new_key
from tests.support.back_office import confirm, press, said, sign_in
from tests.support.dump import dump, holding
from tests.support.whatsapp.ada_everywhere import ADA, ADAS, ADAS_NAME

pytestmark = pytest.mark.whatsapp

CONTACT = "messaging/contact"
EXPORT = "Save everything that is kept about them to a file"
ERASE = "Erase: delete everything of theirs"


def erase(staff, web, contact_id, note: str):
    return confirm(staff, press(staff, web, CONTACT, contact_id, ERASE), note=note)


def test_the_api_takes_the_order_and_tells_when_it_is_done(acmes, story, jobs, db_rows):
    ordered = acmes.post(f"contacts/{story}/erase")
    again = acmes.post(f"contacts/{story}/erase")
    jobs()
    done = acmes.get(f"contacts/{story}/erase").json()
    after = acmes.post(f"contacts/{story}/erase")

    assert (ordered.status_code, ordered.json()["status"]) == (202, "ordered")
    assert again.json() == ordered.json()
    assert (done["id"], done["status"], done["rows"]["messages"]) == (
        ordered.json()["id"],
        "finished",
        10,
    )
    assert (after.status_code, after.json()) == (202, done)
    assert acmes.get(f"contacts/{story}").status_code == 404
    assert holding(dump(db_rows), *ADAS) == {}


def test_the_order_says_which_key_gave_it(acmes, acme, story, db_rows):
    acmes.post(f"contacts/{story}/erase")

    with operator_scope():
        assert Erasure.objects.get().by == f"key {ApiKey.objects.get(tenant=acme).id}"


def test_the_api_exports_what_is_there_and_404_what_is_not(acmes, globexs, story):
    told = acmes.get(f"contacts/{story}/export").json()

    assert (told["format"], told["contact"]) == ("contact-export/1", str(story))
    assert told["tables"]["contact_identities"][0]["value"] == ADA
    strangers = [
        globexs.get(f"contacts/{story}/export"),
        globexs.get(f"contacts/{story}/erase"),
        globexs.post(f"contacts/{story}/erase"),
    ]
    assert [answer.status_code for answer in strangers] == [404] * 3
    with operator_scope():
        assert Erasure.objects.count() == 0


def test_a_key_needs_the_scope_of_its_own_for_each(web, acme, story):
    reader = Caller(web, new_key(acme, ["contacts:read", "contacts:write"]))

    answers = [reader.get(f"contacts/{story}/export"), reader.post(f"contacts/{story}/erase")]
    assert [answer.status_code for answer in answers] == [403, 403]


@pytest.fixture
def staff(web, db_rows):
    return sign_in(web, is_staff=True, is_superuser=True)


def test_staff_erase_whom_they_name_and_the_log_names_nobody(web, staff, story, jobs, db_rows):
    wrong = erase(staff, web, story, "Somebody else")
    with operator_scope():
        assert Erasure.objects.count() == 0
    right = erase(staff, web, story, "+46 709 999 001")
    jobs()

    assert said(wrong) == [
        "0 of 1 contacts are ordered to be erased. What was typed is neither their number nor"
        " their name."
    ]
    assert said(right) == ["1 of 1 contacts is ordered to be erased."]
    assert holding(dump(db_rows), *ADAS) == {}
    with operator_scope():
        (entry,) = AuditEntry.objects.filter(action="order")
        assert (entry.object_ids, entry.detail) == (
            [str(story)],
            {"order": "Ordered to be erased."},
        )
        assert not Contact.objects.filter(id=story).exists()


def test_staff_save_everything_of_a_contact_to_a_file(web, staff, story):
    answer = press(staff, web, CONTACT, story, EXPORT)

    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.content[:2] == b"PK"


def test_a_name_is_as_good_as_a_number(web, staff, story):
    erase(staff, web, story, ADAS_NAME)
    with operator_scope():
        assert Erasure.objects.get().contact_id == story
