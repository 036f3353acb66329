"""An operator blocks a contact, joins two that are one person, and keeps two apart, in a real
browser.
"""

import pytest

from messaging.models import Contact
from tenants.scope import operator_scope
from tests.support.cast import ADA, GRACE

pytestmark = pytest.mark.whatsapp


def contacts() -> list[tuple[bool, bool]]:
    """(blocked, joined with an older one) of each contact, the oldest first."""
    with operator_scope():
        found = Contact.objects.order_by("id")
        return [(each.blocked_at is not None, each.merged_into_id is not None) for each in found]


def test_a_contact_is_blocked_and_not_answered_any_more_until_it_is_unblocked(
    operator, acme_whatsapp, write, work, graph
):
    write("Hello")
    work()
    operator.open("/admin/")
    operator.follow("Contacts")
    operator.station("71-contacts")
    operator.open_row("Ada")
    operator.press("Block")
    assert operator.sees("Nothing is answered or sent to them any more.")
    operator.station("72-block")
    operator.press("Confirm")
    assert operator.sees("1 of 1 contacts is blocked.")
    operator.station("73-blocked")
    write("Are you there?")
    work()
    assert (contacts(), len(graph.ledger)) == ([(True, False)], 1)

    operator.press("Unblock")
    assert operator.sees("1 of 1 contacts is unblocked.")
    assert contacts() == [(False, False)]


def test_two_contacts_that_are_one_person_are_joined(operator, acme_whatsapp, write, work, graph):
    write("I am Ada", sender=ADA)
    write("I have a new number", sender=GRACE)
    work()
    operator.open("/admin/")
    operator.follow("Contacts")
    operator.order("Join these two: they are one person", ADA, GRACE)
    assert operator.sees("2 contacts of Acme")
    operator.station("74-join")
    operator.press("Confirm")
    assert operator.sees("2 of 2 contacts are joined into one.")
    operator.station("75-joined")

    assert contacts() == [(False, False), (False, True)]


def test_two_contacts_with_one_number_are_asked_about_and_kept_apart(
    operator, acme_whatsapp, write, work, graph
):
    write("I am Ada", from_user_id="SE.1")
    work()
    write("I have Ada's old number", from_user_id="SE.2")
    work()
    operator.open("/admin/")
    operator.follow("contact")
    operator.station("76-questions")
    operator.open_row("Acme")
    operator.press("They are two people")
    assert operator.sees("They stay two people, and the dispute is settled for good.")
    assert operator.sees("SE.2 Ada, since")
    operator.station("77-keep-apart")
    operator.press("Confirm")
    assert operator.sees("1 of 1 disputes is settled: two people.")

    assert contacts() == [(False, False), (False, False)]
