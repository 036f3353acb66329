"""With MASK_NUMBERS no list shows a whole number, and people are found by theirs all the same."""

import pytest

from tests.support.back_office import sign_in
from tests.support.cast import ADA

pytestmark = pytest.mark.whatsapp

LISTS = ["messaging/contact", "messaging/conversation", "messaging/message"]


@pytest.fixture
def staff(web, db_rows):
    return sign_in(web, is_staff=True, is_superuser=True)


@pytest.mark.parametrize("listing", LISTS)
def test_a_list_shows_the_beginning_and_the_end_of_a_number(listing, web, staff, ada, settings):
    whole = staff.get(f"{web}/admin/{listing}/", params={"q": ADA}, timeout=10).text
    settings.MASK_NUMBERS = True
    masked = staff.get(f"{web}/admin/{listing}/", params={"q": f"+{ADA[:4]} {ADA[4:]}"}, timeout=10)

    assert (f"+{ADA}" in whole, "+46 *** *** 01" in whole) == (True, False)
    assert (f"+{ADA}" in masked.text, "+46 *** *** 01" in masked.text) == (False, True)
