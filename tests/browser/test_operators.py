"""What an operator does on a bad day, in a real browser, from signing in on: a message that failed
is sent again, a channel that broke is mended, a message that could not be recorded is processed
again.
"""

from collections.abc import Iterator

import psycopg
import pytest

from tests.support.cast import REPLY, thread_of
from tests.support.poison import POISON
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

NO_TOKEN = {"code": 190, "http": 401}
REFUSED = {"code": 131026, "http": 400}


@pytest.fixture
def poison(db_rows: psycopg.Connection) -> Iterator[None]:
    db_rows.execute(POISON)
    yield
    db_rows.execute("DROP FUNCTION IF EXISTS messaging.refuse_poison() CASCADE")


def test_a_message_that_failed_is_found_understood_sent_again_and_seen_delivered(
    olga, acme, acme_whatsapp, write, report, work, graph
):
    graph.script.append(REFUSED)
    write("Is it in stock?")
    work()

    olga.open("/admin/")
    olga.station("0-sign-in")
    olga.give_password()
    assert olga.sees("Enter a code")
    olga.station("0-second-factor")
    olga.give_code(olga.app.next())
    olga.station("1-home")
    olga.follow("Messages that failed")
    assert olga.sees("Needs attention")
    olga.station("3-messages-in-need")
    olga.open_row("Failed")
    assert olga.sees("Mend what the error says")
    olga.station("4-why-it-failed")
    olga.press("Send again")
    assert olga.sees("whatever its age")
    olga.station("5-send-again")
    olga.press("Confirm")
    assert olga.sees("1 of 1 messages is sent again.")
    olga.station("6-sent-again")

    work()
    report(bodies.status(graph.ledger[-1]["wamid"], "delivered"))
    work()
    olga.open("/admin/")
    olga.follow("Conversations")
    olga.open_row("Ada")
    assert olga.sees(REPLY)
    assert olga.sees("delivered")
    olga.station("7-delivered")
    assert thread_of(acme) == [
        ("inbound", "Is it in stock?", "received"),
        ("outbound", REPLY, "delivered"),
    ]


def test_a_channel_whose_token_is_refused_is_found_and_mended_with_a_new_one(
    operator, acme, acme_whatsapp, write, work, jobs, graph
):
    graph.script.append(NO_TOKEN)
    write("Hello")
    work()

    operator.open("/admin/")
    operator.follow("Channels")
    assert operator.sees("Needs reconnecting")
    operator.station("11-channels")
    operator.open_row("Needs reconnecting")
    assert operator.sees("The access token no longer works")
    operator.station("12-broken")
    operator.fill("Access token", "EAAG-a-new-one")
    operator.press("Save and continue")
    assert operator.sees("The provider is being asked")
    operator.station("13-asked")
    jobs()
    operator.driver.refresh()
    operator.station("14-mended")
    assert operator.field("Status").get_attribute("value") == "live"

    work()
    assert thread_of(acme)[-1] == ("outbound", REPLY, "accepted")
    assert graph.ledger[-1]["token"] == "EAAG-a-new-one"


def test_a_message_that_could_not_be_recorded_is_found_and_processed_again(
    operator, acme, acme_whatsapp, poison, write, work, graph, db_rows
):
    write("good", "poison")
    work()
    assert thread_of(acme) == [("inbound", "good", "received"), ("outbound", REPLY, "accepted")]

    operator.open("/admin/")
    operator.follow("Webhook deliver")
    operator.station("21-deliveries")
    operator.open_row("rejected")
    assert operator.sees("It could not be recorded (22000).")
    operator.station("22-rejected")
    db_rows.execute("DROP FUNCTION messaging.refuse_poison() CASCADE")
    operator.press("Process again")
    assert operator.sees("read anew")
    operator.station("23-process-again")
    operator.press("Confirm")
    assert operator.sees("1 of 1 deliveries is processed again.")
    operator.station("24-processed")

    work()
    operator.open("/admin/")
    operator.follow("Messages")
    assert operator.sees("poison")
    operator.station("25-recorded")
    assert thread_of(acme)[2:] == [
        ("inbound", "poison", "received"),
        ("outbound", REPLY, "accepted"),
    ]
