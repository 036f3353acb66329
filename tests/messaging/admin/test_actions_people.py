"""What staff order for conversations and contacts: each happens once, says so, and leads back to
where it was ordered.
"""

import pytest

from messaging.contacts import decisions
from messaging.models import Contact, ContactChange, Conversation, Message
from tenants.scope import operator_scope
from tests.support.back_office import act, buttons, confirm, press, said, sign_in
from tests.support.cast import ADA, GLOBEX_ACCOUNT, GLOBEX_NUMBER, GRACE
from tests.support.together import at_once

pytestmark = pytest.mark.whatsapp

CONVERSATION, CONTACT = "messaging/conversation", "messaging/contact"
READ = "Mark as read: the contacts see it"
HAND_OVER = "Leave the answers to people: it waits for one"
TAKE = "Take: a person answers, and nobody is waited for"
HAND_BACK = "Give the answers back to automation"
CLOSE = "Close: the contact's next message opens it again"
NOT_TWO = ["Nothing was changed. Choose exactly two contacts of one tenant."]


@pytest.fixture
def staff(web, db_rows):
    return sign_in(web, is_staff=True, is_superuser=True)


@pytest.fixture
def adas(acme_whatsapp, write, work, graph):
    """The id of Ada's conversation with Acme."""
    write(sender=ADA)
    work()
    with operator_scope():
        return Conversation.objects.get().id


def conversation() -> Conversation:
    with operator_scope():
        return Conversation.objects.get()


def test_a_conversation_is_left_to_people_and_given_back(web, staff, adas, write, work, graph):
    answer = press(staff, web, CONVERSATION, adas, HAND_OVER)
    write("Is anybody there?", sender=ADA)
    work()
    answered = len(graph.ledger)

    assert said(answer) == ["1 of 1 conversations is left to people."]
    assert answer.url == f"{web}/admin/{CONVERSATION}/{adas}/change/"
    assert (conversation().waiting_because, answered) == ("order", 1)
    assert buttons(staff, web, CONVERSATION, adas) == [READ, TAKE, HAND_BACK, CLOSE]
    assert said(act(staff, web, CONVERSATION, "hand_over")) == [
        "0 of 1 conversations are left to people. The rest was left to people before."
    ]

    assert said(press(staff, web, CONVERSATION, adas, HAND_BACK)) == [
        "1 of 1 conversations is given back to automation."
    ]
    write("Hello?", sender=ADA)
    work()
    assert (conversation().replies_paused_until, len(graph.ledger)) == (None, 2)
    assert said(act(staff, web, CONVERSATION, "hand_back")) == [
        "0 of 1 conversations are given back to automation. The rest was automation's before."
    ]


def test_a_conversation_is_closed_and_reopened_from_the_list_as_it_was(web, staff, adas):
    closed = act(staff, web, CONVERSATION, "close")
    again = act(staff, web, CONVERSATION, "close")
    status = conversation().status

    assert (said(closed), status) == (["1 of 1 conversations is closed."], "closed")
    assert closed.url == f"{web}/admin/{CONVERSATION}/"
    assert f'<a href="/admin/{CONVERSATION}/{adas}/change/">Open its page</a>' in closed.text
    assert said(again) == ["0 of 1 conversations are closed. The rest was closed before."]
    assert buttons(staff, web, CONVERSATION, adas) == [READ, HAND_OVER, TAKE, "Reopen"]
    assert said(press(staff, web, CONVERSATION, adas, "Reopen")) == [
        "1 of 1 conversations is opened again."
    ]
    assert conversation().status == "open"


@pytest.fixture
def two(acme_whatsapp, write, work, graph):
    """Ada, and Grace, who is Ada with another number."""
    write("I am Ada", sender=ADA)
    work()
    write("Me again", sender=GRACE)
    work()
    with operator_scope():
        return list(Contact.objects.order_by("id").values_list("id", flat=True))


def merged() -> list[tuple]:
    with operator_scope():
        return list(Contact.objects.order_by("id").values_list("id", "merged_into_id"))


def test_two_contacts_that_are_one_person_are_joined_once(web, staff, two, all_told):
    question = act(staff, web, CONTACT, "join_two")
    before = merged()
    answer = confirm(staff, question)
    second = confirm(staff, question)
    ada, grace = two

    assert "<bdi>2 contacts of Acme</bdi>" in question.text
    assert before == [(ada, None), (grace, None)]
    assert said(answer) == ["2 of 2 contacts are joined into one."]
    assert said(second) == [
        "0 of 2 contacts are joined into one. One of the two was joined with another contact"
        " before."
    ]
    assert merged() == [(ada, None), (grace, ada)]
    with operator_scope():
        assert Message.objects.filter(conversation__contact=ada).count() == 4
        assert list(ContactChange.objects.filter(what="merged").values_list("by", flat=True)) == [
            "grace"
        ]


def test_three_are_not_joined_nor_one_of_each_of_two_tenants(
    web, staff, two, globex_whatsapp, write, work
):
    write(sender=ADA, number=GLOBEX_NUMBER, account=GLOBEX_ACCOUNT)
    work()
    three = act(staff, web, CONTACT, "join_two")
    address = f"{web}/admin/{CONTACT}/"
    with operator_scope():
        globexs = Contact.objects.get(tenant__slug="globex").id
    form = {"action": "join_two", "index": "0", "csrfmiddlewaretoken": staff.cookies["csrftoken"]}
    form |= {"_selected_action": [str(two[0]), str(globexs)], "confirmed": "yes"}
    of_two = staff.post(address, data=form, headers={"Referer": address}, timeout=10)

    assert (said(three), said(of_two)) == (NOT_TWO, NOT_TWO)
    assert {into for _, into in merged()} == {None}


def test_two_operators_at_once_join_them_once(two, all_told):
    def join(_: int) -> list:
        with operator_scope():
            return decisions.join_two(Contact.objects.filter(id__in=two), by="grace")

    assert sorted(at_once(join, times=3, threads=3)) == [[], [], two]
