"""A message of unknown outcome is settled by a person's word: once, kept, and moved by what the
provider reports later as ever.
"""

import re
import threading

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connections

from messaging.models import Message, Settlement
from messaging.outbound import settling
from tenants.scope import auth_scope, operator_scope
from tests.support.back_office import buttons, confirm, press, said, sign_in
from tests.support.processes import eventually
from tests.support.together import at_once
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

PAGE = "messaging/message"
AGAIN = "Send again what failed, expired or is unknown (it may arrive twice)"
ARRIVED = "Settle what is unknown: it arrived"
DID_NOT = "Settle what is unknown: it did not arrive"
WAITS_FOR_A_LOCK = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'"""


@pytest.fixture
def staff(web, db_rows):
    return sign_in(web, is_staff=True, is_superuser=True)


@pytest.fixture
def unknown(acme_whatsapp, write, work, graph):
    """The id of a reply that Meta accepted, without our ever hearing of it."""
    graph.script.append({"then": "close"})
    write()
    work()
    return reply().id


@pytest.fixture
def tell(unknown, graph, report, work):
    """Meta reports of the reply after all."""

    def tell(word: str) -> None:
        sent = graph.ledger[0]
        ours = sent["message"]["biz_opaque_callback_data"]
        report(bodies.status(sent["wamid"], word, biz_opaque_callback_data=ours))
        work()

    return tell


def reply() -> Message:
    with operator_scope():
        return Message.objects.get(direction="outbound")


def settle(id: object, *, has_arrived: bool, by: str = "grace") -> list:
    with operator_scope():
        return settling.settle_unknown([id], has_arrived=has_arrived, by=by)


def settlements() -> list[tuple[str, str]]:
    with operator_scope():
        return list(Settlement.objects.values_list("status", "ordered_by"))


@pytest.mark.parametrize(
    ("words", "status", "error", "done"),
    [
        (ARRIVED, "sent", "", "settled: sent"),
        (
            DID_NOT,
            "failed",
            "Somebody who asked found that it did not arrive.",
            "settled: failed",
        ),
    ],
)
def test_staff_settle_it_from_its_page_and_the_order_is_kept(
    web, staff, unknown, all_told, words, status, error, done
):
    assert buttons(staff, web, PAGE, unknown) == [AGAIN, ARRIVED, DID_NOT]
    question = press(staff, web, PAGE, unknown, words)
    before = reply().status
    answer = confirm(staff, question)
    second = confirm(staff, question)

    assert (before, "A status that its provider reports later" in question.text) == (
        "unknown",
        True,
    )
    assert said(answer) == [f"1 of 1 messages is {done}."]
    assert said(second) == [
        f"0 of 1 messages are {done}. The rest is not unknown, or was settled before."
    ]
    assert answer.url == f"{web}/admin/{PAGE}/{unknown}/change/"
    assert (reply().status, reply().error, settlements()) == (status, error, [(status, "grace")])
    assert buttons(staff, web, PAGE, unknown) == [AGAIN]
    with auth_scope():
        assert list(LogEntry.objects.values_list("change_message", flat=True)) == [
            f"{done.capitalize()}."
        ]


@pytest.mark.parametrize(
    ("has_arrived", "told", "status"),
    [
        (True, "sent", "sent"),
        (True, "delivered", "delivered"),
        (True, "failed", "failed"),
        (False, "sent", "failed"),
        (False, "delivered", "delivered"),
    ],
)
def test_what_the_provider_reports_later_still_counts(
    unknown, tell, all_told, has_arrived, told, status
):
    settle(unknown, has_arrived=has_arrived)
    tell(told)

    assert reply().status == status


def test_what_did_not_arrive_may_be_sent_again(web, staff, unknown, work, graph):
    settle(unknown, has_arrived=False)
    confirm(staff, press(staff, web, PAGE, unknown, AGAIN))
    work()

    assert (reply().status, len(graph.ledger)) == ("accepted", 2)


def test_two_operators_at_once_settle_it_once(unknown, all_told):
    words = [True, False, True, False]
    found = at_once(
        lambda n: settle(unknown, has_arrived=words[n], by=f"operator {n}"), times=4, threads=4
    )

    assert sorted(found) == [[], [], [], [unknown]]
    assert len(settlements()) == 1


def test_a_status_that_is_being_recorded_goes_before_a_persons_word(unknown, other, db_rows):
    """The word waits for the status's lock, and then finds nothing to settle."""
    other.execute("UPDATE messaging.messages SET status = 'delivered' WHERE id = %s", [unknown])
    found = []

    def run() -> None:
        found.append(settle(unknown, has_arrived=False))
        connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    assert eventually(lambda: db_rows.execute(WAITS_FOR_A_LOCK).fetchone() == (1,))
    other.commit()
    thread.join()

    assert (found, reply().status, settlements()) == ([[]], "delivered", [])


def test_whichever_of_a_status_and_a_persons_word_comes_first_the_status_stands(
    unknown, tell, all_told
):
    works = [lambda: tell("delivered"), lambda: settle(unknown, has_arrived=False)]
    at_once(lambda n: works[n](), times=2, threads=2)

    assert reply().status == "delivered"


@pytest.mark.parametrize("button", ["Confirm", "No, take me back"])
def test_sending_again_from_a_bubble_leads_back_to_that_bubble(web, staff, unknown, button):
    thread = f"/admin/messaging/conversation/{reply().conversation_id}/change/"
    page = staff.get(f"{web}{thread}", timeout=10).text
    form = page.split('id="send-again"')[1].split("</form>")[0]
    fields = dict(re.findall(r'<input [^>]*name="([^"]+)" value="([^"]*)"', form))
    (pressed,) = re.findall(r'form="send-again" name="(\w+)" value="([^"]+)"', page)
    answer = staff.post(
        f"{web}/admin/{PAGE}/",
        data=fields | dict([pressed]),
        headers={"Referer": f"{web}{thread}"},
        timeout=10,
    )
    bubble = f"{thread}?at={unknown}#m-{unknown}"

    if button == "Confirm":
        back = confirm(staff, answer)
        assert (back.url, said(back)) == (f"{web}{bubble}", ["1 of 1 messages is sent again."])
    else:
        assert re.findall(rf'<a href="([^"]*)"[^>]*>{button}', answer.text) == [bubble]
