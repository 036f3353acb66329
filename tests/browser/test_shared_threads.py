"""An operator passes, takes and releases a thread of a number that a second responder shares, in a
real browser.
"""

import pytest

from tests.browser.operator import Operator
from tests.support.cast import ADA
from tests.support.whatsapp.shared_threads import asked

pytestmark = pytest.mark.whatsapp


def order(operator: Operator, button: str, consequence: str) -> None:
    operator.press(button)
    assert operator.sees(consequence)
    operator.press("Confirm")


def test_a_thread_is_passed_on_taken_back_and_released(operator, desk, acme, work, jobs, graph):
    desk.primary, desk.escalation = {"chat": "us"}, "us"
    desk.own(ADA, "other")
    desk.passes(ADA, "She asks for a refund.")
    desk.person_writes(ADA, "Is anybody there?")
    work()

    operator.open("/admin/")
    operator.follow("Conversations")
    operator.open_row(ADA)
    assert operator.sees("The thread was passed to us.")
    operator.station("61-ours")
    operator.press("Pass the thread on")
    assert operator.sees("The other responder of the channel answers then.")
    operator.fill("A note for the other responder, if you like", "She wants a refund.")
    operator.station("62-pass")
    operator.press("Confirm")
    assert operator.sees("1 of 1 threads is to be passed on.")
    jobs()
    desk.writes(ADA, "Your refund is on its way.")
    work()

    operator.driver.refresh()
    assert operator.sees("Your refund is on its way.")
    operator.station("63-theirs")
    order(operator, "Take the thread", "Whoever answers there now is cut off")
    assert operator.sees("1 of 1 threads is to be taken.")
    jobs()

    operator.driver.refresh()
    assert operator.sees("We took the thread.")
    order(operator, "Release the thread", "Nobody has them then")
    assert operator.sees("1 of 1 threads is to be released.")
    jobs()

    operator.driver.refresh()
    assert operator.sees("We released the thread.")
    operator.station("64-nobodys")
    assert asked(graph) == [
        ("pass", ADA, "She wants a refund."),
        ("take", ADA, ""),
        ("release", ADA, ""),
    ]
