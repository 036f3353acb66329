"""Who works for a tenant, in a real browser: an operator gives a membership and takes it, an owner
invites somebody and removes a colleague.
"""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select

from tenants.models import User
from tenants.scope import auth_scope
from tests.support.members import employ, invited, role_of
from tests.support.processes import eventually

pytestmark = pytest.mark.whatsapp


def test_somebody_gets_and_loses_a_membership_on_the_tenants_page(operator, acme):
    with auth_scope():
        grace = User.objects.create_user("grace")
    operator.open("/admin/")
    operator.follow("Tenants")
    operator.open_row("Acme")
    operator.follow("Add another Membership")
    operator.find_among("grace")
    role = operator.driver.find_element(By.CSS_SELECTOR, "[name$='-0-role']")
    Select(role).select_by_value("agent")
    operator.station("85-membership")
    operator.press("Save and continue")
    assert operator.sees("was changed successfully")
    given = role_of(grace)

    operator.driver.find_element(By.CSS_SELECTOR, "[name$='-0-DELETE']").click()
    operator.press("Save")
    assert operator.sees("was changed successfully")
    assert (given, role_of(grace)) == ("agent", None)


def test_an_owner_invites_somebody_and_removes_a_colleague(ada, acme, mailbox):
    grace = employ("grace", acme)
    ada.open("/staff/acme/members/")
    ada.write("email", "hedy@acme.example")
    ada.press("Send the invitation")
    assert ada.sees("An invitation is on its way to hedy@acme.example.")
    ada.station("86-invited")
    ada.unfold("Remove")
    ada.press("Remove grace")
    assert eventually(lambda: "grace" not in ada.text)
    ada.station("87-removed")

    assert (invited(acme), role_of(grace)) == ([("hedy@acme.example", "agent", True)], None)
