"""With MASK_NUMBERS no list shows a whole number, and people are found by theirs all the same."""

import pytest

from messaging.models import Contact, ContactChange
from tenants.scope import operator_scope
from tests.support.back_office import act, sign_in
from tests.support.cast import ADA, GRACE

pytestmark = pytest.mark.whatsapp

LISTS = ["messaging/contact", "messaging/conversation", "messaging/message"]
CHANGES = "messaging/contactchange"


@pytest.fixture
def staff(web, db_rows):
    return sign_in(web, is_staff=True, is_superuser=True)


@pytest.fixture
def dispute(acme, ada) -> ContactChange:
    """Ada's number was Grace's before, and nobody knows whose it is now."""
    with operator_scope():
        return ContactChange.objects.create(
            tenant=acme,
            contact=Contact.objects.get(),
            what=ContactChange.What.ID_DISPUTED,
            kind="wa_id",
            old=GRACE,
            new=ADA,
            is_open=True,
        )


@pytest.mark.parametrize("listing", LISTS)
def test_a_list_shows_the_beginning_and_the_end_of_a_number(listing, web, staff, ada, settings):
    whole = staff.get(f"{web}/admin/{listing}/", params={"q": ADA}, timeout=10).text
    settings.MASK_NUMBERS = True
    masked = staff.get(f"{web}/admin/{listing}/", params={"q": f"+{ADA[:4]} {ADA[4:]}"}, timeout=10)

    assert (f"+{ADA}" in whole, "+46 *** *** 01" in whole) == (True, False)
    assert (f"+{ADA}" in masked.text, "+46 *** *** 01" in masked.text) == (False, True)


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("", {ADA}),
        ("export/", {ADA}),
        ("{id}/change/", {ADA, GRACE}),
    ],
)
def test_what_became_of_a_contact_shows_no_whole_number(page, shown, web, staff, dispute, settings):
    address = f"{web}/admin/{CHANGES}/{page.format(id=dispute.id)}"
    whole = staff.get(address, timeout=10).text
    settings.MASK_NUMBERS = True
    masked = staff.get(address, timeout=10).text

    assert {number for number in (ADA, GRACE) if number in whole} == shown
    assert {number for number in (ADA, GRACE) if number in masked} == set()
    assert {number for number in (ADA, GRACE) if mask(number) in masked} == shown


def test_the_question_about_a_dispute_shows_no_whole_number(web, staff, dispute, settings):
    whole = act(staff, web, CHANGES, "join").text
    settings.MASK_NUMBERS = True
    masked = act(staff, web, CHANGES, "join").text

    assert (ADA in whole, mask(ADA) in whole) == (True, False)
    assert (ADA in masked, mask(ADA) in masked) == (False, True)


def mask(number: str) -> str:
    return f"+{number[:2]} *** *** {number[-2:]}"
