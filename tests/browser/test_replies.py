"""An operator chooses who answers, sees an answer that is being prepared, and takes a conversation
that waits for a person, in a real browser.
"""

import pytest

from messaging.deferred_replies.answerer import Answerer
from messaging.models import ReplyChoice
from tenants.scope import operator_scope
from tests.support.replies import choose, served

pytestmark = pytest.mark.whatsapp

PLATFORMS = "The text of the channel, or else of the tenant"


@pytest.fixture
def service(settings, acme):
    """A service that answers for Acme, and leaves what it is asked to people."""
    answer = (200, {}, b'{"hand_over": "Asks for a refund."}')
    with served(settings, lambda received: answer) as service:
        choose(acme, "service", url=service.url)
        yield service


def test_office_hours_are_chosen_for_a_tenant_corrected_and_taken_back(
    operator, acme, acme_whatsapp
):
    operator.open("/admin/")
    operator.follow("Tenants")
    operator.open_row("Acme")
    assert operator.sees(f"Automatic replies: {PLATFORMS}")
    operator.follow("Settings and other strategies")
    operator.choose("Strategy", "By office hours")
    operator.press("Show its settings")
    operator.fill("Time zone", "Malmo")
    operator.fill("Text while closed", "We are closed. We open at nine.")
    operator.station("121-office-hours")
    operator.press("Save: it answers from the next message on")
    assert operator.sees("There is no time zone of this name. Write one as Europe/Stockholm.")
    operator.station("122-wrong-setting")
    operator.fill("Time zone", "Europe/Stockholm")
    operator.press("Save: it answers from the next message on")
    assert operator.sees("Saved. It answers from the next message on.")
    operator.station("123-chosen")
    stored = settings_stored()

    operator.press("Answer as the platform")
    assert operator.sees(f"Taken back. “{PLATFORMS}” answers from the next message on.")
    operator.open("/admin/")
    operator.follow("Channels")
    operator.open_row("400000000000001")
    assert operator.sees(f"Automatic replies: {PLATFORMS}")
    operator.station("124-taken-back")
    assert stored == [("Europe/Stockholm", "We are closed. We open at nine.")]
    assert settings_stored() == []


def settings_stored() -> list[tuple[str, str]]:
    with operator_scope():
        chosen = [choice.settings for choice in ReplyChoice.objects.all()]
    return [(each["zone"], each["while_closed"]) for each in chosen]


def test_an_answer_that_is_being_prepared_stands_where_it_will_be(
    operator, service, acme_whatsapp, write, work
):
    write("Where is my order?")
    work()
    operator.open("/admin/")
    operator.follow("Conversations")
    operator.open_row("Ada")

    assert operator.sees("An answer is being prepared since")
    operator.station("125-being-prepared")
    operator.follow("An answer is being prepared since")
    assert operator.ask("return location.hash.startsWith('#m-')")


def ask_the_service() -> None:
    answerer = Answerer()
    while answerer.work():
        answerer.next_look = 0.0
    answerer.stop(0)


def test_a_conversation_that_waits_is_found_taken_and_handed_back(
    operator, service, acme_whatsapp, write, work
):
    write("I want my money back")
    work()
    ask_the_service()
    operator.open("/admin/")
    operator.follow("Conversations that wait for a person: 1")
    operator.follow("The reply strategy asked for a person.")
    operator.station("126-waiting")
    operator.open_row("Ada")
    assert operator.sees("Asks for a refund.")
    operator.station("127-waits-for-a-person")
    operator.press("Take: a person answers, and nobody is waited for")
    assert operator.sees("1 of 1 conversations is taken.")
    operator.station("128-taken")
    operator.press("Give the answers back to automation")
    assert operator.sees("1 of 1 conversations is given back to automation.")
    operator.station("129-handed-back")
