"""An operator who connects a business of theirs is signed in no longer than in the back-office."""

from datetime import timedelta

import pytest

from tests.support.back_office import sign_in
from tests.support.members import employ
from tests.support.sessions import is_in_after

pytestmark = pytest.mark.whatsapp

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(("pause", "is_in"), [(29 * MINUTE, True), (31 * MINUTE, False)])
def test_an_operators_session_ends_as_soon_where_they_connect_a_business_of_theirs(
    pause, is_in, acme, web, db_rows
):
    operator = sign_in(web, is_staff=True, is_superuser=True)
    employ("grace", acme, "owner")

    assert is_in_after(operator, f"{web}/connect/whatsapp/", pause) is is_in
