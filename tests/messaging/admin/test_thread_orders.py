"""Who has a thread, in the back-office: read on its conversation's page, and ordered there."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

from channels_app.models import Channel
from messaging.models import Message, ThreadOrder
from tenants.scope import auth_scope, operator_scope
from tests.support.back_office import buttons, confirm, press, said, sign_in
from tests.support.cast import ADA
from tests.support.forms import post
from tests.support.whatsapp.shared_threads import asked, tell

pytestmark = pytest.mark.whatsapp

CONVERSATION = "messaging/conversation"
READ = "Mark as read: the contacts see it"
HAND_OVER = "Leave the answers to people: it waits for one"
TAKE = "Take: a person answers, and nobody is waited for"
CLOSE = "Close: the contact's next message opens it again"
ALWAYS = [READ, HAND_OVER, TAKE, CLOSE]
PASS = "Pass the thread on to the other responder"
RELEASE = "Release the thread: nobody has it then"
TAKE = "Take the thread: we answer then"
MOMENT = r"\d{1,2} \w{3} \d{4}, \d\d:\d\d"


@pytest.fixture
def staff(web, db_rows):
    return sign_in(web, is_staff=True, is_superuser=True)


@pytest.fixture
def shown(web, staff, ada):
    """What a field of the conversation's page says, line by line, without its moments."""

    def shown(name: str) -> list[str]:
        page = staff.get(f"{web}/admin/{CONVERSATION}/{ada}/change/", timeout=10).text
        field = page.split(f'field-{name}">')[1].split('<div class="readonly">')[1]
        lines = re.split(r"</p>|</tr>", re.split("</div>", field)[0])
        words = (re.sub(f"<[^>]*>|{MOMENT}", " ", each) for each in lines)
        return [told for each in words if (told := " ".join(unescape(each).split()))]

    return shown


@pytest.mark.parametrize(
    ("owner", "told_by", "offered"),
    [
        ("us", "message", [*ALWAYS, PASS, RELEASE]),
        ("other", "standby", [*ALWAYS, TAKE]),
        ("nobody", "we_released", [*ALWAYS, TAKE]),
    ],
)
def test_the_page_has_a_button_for_each_order_that_is_possible_now(
    web, staff, ada, owner, told_by, offered
):
    tell(ada, owner, told_by)

    assert buttons(staff, web, CONVERSATION, ada) == offered


def test_on_a_number_that_nobody_shares_nothing_of_it_is_shown(web, staff, ada):
    page = staff.get(f"{web}/admin/{CONVERSATION}/{ada}/change/", timeout=10).text

    assert buttons(staff, web, CONVERSATION, ada) == ALWAYS
    assert re.findall(r"field-(owner_now|owners|orders)", page) == []


def test_the_page_says_who_has_the_thread_until_when_and_what_writing_will_do(ada, shown):
    tell(ada, "other", "taken")

    assert shown("owner_now") == [
        "Another responder , since . Another responder took the thread.",
        "If the contact stays silent, nobody has it from on.",
        "Another responder has the thread: a template is sent, and anything else is refused here"
        " unless it says take_thread. Then it takes the thread, or the provider refuses it.",
    ]


def test_the_history_says_what_was_told_with_its_note_and_who_ordered_it(ada, shown):
    tell(ada, "us", "passed", ago=timedelta(minutes=2), note="<b>A refund</b>")
    tell(ada, "nobody", "we_released", by="grace")

    assert shown("owners") == [
        "Nobody We released the thread. Ordered by grace",
        "We The thread was passed to us. “ <b>A refund</b> ”",
    ]


def test_staff_pass_a_thread_on_with_a_note_after_they_were_asked(
    web, staff, ada, graph, desk, shown, jobs
):
    tell(ada, "us", "message")
    desk.own(ADA, "us")
    page = press(staff, web, CONVERSATION, ada, PASS)
    before = shown("orders")
    answer = confirm(staff, page, note="A refund.\r\nShe has waited.")
    queued = shown("orders")
    jobs()

    assert "What the contact writes no longer comes to us" in page.text
    assert before == ["Nothing was ordered."]
    assert said(answer) == ["1 of 1 threads is to be passed on."]
    assert queued == ["Pass the thread on “ A refund. She has waited. ” Ordered by grace Queued"]
    assert asked(graph) == [("pass", ADA, "A refund.\nShe has waited.")]
    assert shown("orders") == [
        "Pass the thread on “ A refund. She has waited. ” Ordered by grace Done"
    ]
    assert shown("owners")[0] == (
        "Another responder We passed the thread on. “ A refund. She has waited. ” Ordered by grace"
    )


@pytest.mark.parametrize(
    ("owner", "told_by", "words", "has_note", "done", "order"),
    [
        ("us", "message", RELEASE, False, "released", ("release", ADA, "")),
        ("other", "standby", TAKE, True, "taken", ("take", ADA, "")),
    ],
)
def test_staff_release_and_take_threads(
    web, staff, ada, graph, desk, jobs, owner, told_by, words, has_note, done, order
):
    tell(ada, owner, told_by)
    desk.own(ADA, owner)
    desk.escalation = "us"
    page = press(staff, web, CONVERSATION, ada, words)
    answer = confirm(staff, page)
    jobs()

    assert ('<textarea name="note"' in page.text) == has_note
    assert (said(answer), asked(graph)) == ([f"1 of 1 threads is to be {done}."], [order])


def test_what_is_no_longer_possible_says_why(web, staff, ada):
    tell(ada, "us", "message")
    page = press(staff, web, CONVERSATION, ada, PASS)
    tell(ada, "other", "taken")

    assert said(confirm(staff, page)) == [
        f"+{ADA} Ada: The thread is not ours: take it first.",
        "0 of 1 threads are to be passed on. Why not, is said above.",
    ]


def test_who_may_only_look_orders_nothing(web, ada):
    session = sign_in(web, is_staff=True)
    with auth_scope():
        get_user_model().objects.get().user_permissions.set(
            Permission.objects.filter(codename="view_conversation")
        )
    tell(ada, "other", "standby")
    form = {"action": "take_thread", "_selected_action": [str(ada)], "index": "0"}
    form |= {"confirmed": "yes", "csrfmiddlewaretoken": session.cookies["csrftoken"]}
    address = f"{web}/admin/{CONVERSATION}/"
    session.post(address, data=form, headers={"Referer": address}, timeout=10)

    assert buttons(session, web, CONVERSATION, ada) == []
    with operator_scope():
        assert not ThreadOrder.objects.exists()


@pytest.mark.parametrize("origin", ["standby", "responder", "notice"])
def test_what_is_not_ours_is_not_offered_to_be_sent_again(web, staff, ada, origin):
    with operator_scope():
        id = Message.objects.get().id
    before = buttons(staff, web, "messaging/message", id)
    with operator_scope():
        Message.objects.update(origin=origin)

    again = "Send again what failed, expired or is unknown (it may arrive twice)"
    assert (before, buttons(staff, web, "messaging/message", id)) == ([again], [])


def test_the_channels_page_says_that_it_is_shared_and_sets_what_replies_may_take(
    web, staff, ada, acme_whatsapp
):
    tell(ada, "other", "standby")
    address = f"{web}/admin/channels/channel/{acme_whatsapp.id}/change/"
    before = staff.get(address, timeout=10).text
    post(staff, address, takes_idle_threads="on")

    assert re.findall(r'field-role">.*?readonly">(.*?)</div>', before, re.DOTALL) == ["not known"]
    with operator_scope():
        channel = Channel.objects.get()
    assert (channel.takes_idle_threads, channel.shared_at is not None) == (True, True)


@pytest.mark.parametrize(("wanted", "count"), [("yes", 1), ("no", 0)])
def test_channels_that_are_shared_are_found(web, staff, ada, wanted, count):
    tell(ada, "other", "standby")

    page = staff.get(f"{web}/admin/channels/channel/?shared={wanted}", timeout=10).text

    assert page.count('class="action-select"') == count
