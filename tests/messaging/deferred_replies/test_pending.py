"""What staff see of an answer that is being prepared, and of a conversation that waits for a
person.
"""

import io
import re
from datetime import timedelta
from html import unescape
from uuid import UUID

import pytest
from django.core.management import call_command
from django.utils import timezone
from uuid_utils.compat import uuid7

from messaging.models import Conversation, DeferredReply, Message
from tenants.scope import operator_scope
from tests.support.back_office import press, sign_in

pytestmark = pytest.mark.whatsapp

PREPARED = "An answer is being prepared since TIME, at the latest until TIME."
SOON = "The strategy is asked as soon as the contact has written all."
IN_TURN = "The strategy is asked when its turn comes. manage.py status says whether jobs runs."
UNDER_WAY = "The strategy is being asked (attempt 1)."
AGAIN = "The process that asked the strategy has ended: it is asked again."
NOT_SENT = "People have the conversation by now: the answer will not be sent."
TAKE = "Take: a person answers, and nobody is waited for"
GIVE_BACK = "Give the answers back to automation"
LEAVE = "Leave the answers to people: it waits for one"
TOO_LATE = (
    "It is too late for it: the conversation is left to people. manage.py status says whether jobs"
    " runs."
)
AHEAD, AGO = timedelta(seconds=30), timedelta(seconds=-30)
STATES = [
    ({"due_at": AHEAD}, SOON),
    ({"due_at": AGO}, IN_TURN),
    ({"due_at": AHEAD, "lease": uuid7(), "attempts": 1}, UNDER_WAY),
    ({"due_at": AGO, "lease": uuid7(), "attempts": 1}, AGAIN),
    ({"due_at": AHEAD, "attempts": 1}, IN_TURN),
    ({"due_at": AGO, "deadline": AGO}, TOO_LATE),
]


@pytest.fixture
def field(web, db_rows):
    """What stands in a field of a row's page, its times left out; "bubble-pending": at the end of a
    thread.
    """
    session = sign_in(web, is_staff=True, is_superuser=True)

    def field(model: type, name: str) -> str:
        with operator_scope():
            row = model.objects.get(**INBOUND if model is Message else {})
        kind = model._meta.model_name
        page = session.get(f"{web}/admin/messaging/{kind}/{row.id}/change/", timeout=10).text
        after = page.partition(name)[2].partition(">")[2]
        found = re.sub("</?time[^>]*>", "", re.split("</li>|</div>\n", after)[0])
        return without_times(" ".join(unescape(re.sub("<[^>]*>", " ", found)).split()))

    field.session = session
    return field


INBOUND = {"direction": Message.Direction.INBOUND}


def without_times(told: str) -> str:
    return re.sub(r"\d{1,2} \w{3} \d{4}, \d\d:\d\d|\d\d:\d\d", "TIME", told)


def traced() -> list[str]:
    """What `trace` tells of the message, beside its words, its status and its id."""
    with operator_scope():
        message = Message.objects.get(**INBOUND)
    written = io.StringIO()
    call_command("trace", str(message.id), stdout=written)
    told = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", "TIME", written.getvalue())
    return [line.strip() for line in told.splitlines()[3:-1]]


@pytest.mark.parametrize(("state", "step"), STATES, ids=[step[:24] for _, step in STATES])
def test_an_answer_that_is_being_prepared_says_what_happens_next(
    acmes_service, write, work, field, state, step
):
    write("Hello")
    work()
    now = timezone.now()
    values = {
        name: now + value if isinstance(value, timedelta) else value
        for name, value in state.items()
    }
    with operator_scope():
        DeferredReply.objects.update(**values)

    assert field(Conversation, "bubble-pending") == f"{PREPARED} {step}"
    assert (
        field(Message, "field-not_answered_because") == f"Not answered because: {PREPARED} {step}"
    )
    assert traced() == [
        "an answer is being prepared since TIME, at the latest until TIME",
        f"next: {step}",
    ]


def test_an_answer_that_came_stands_in_the_place_of_the_one_that_was_prepared(
    acmes_service, write, work, answer, graph, field
):
    write("Hello")
    work()
    before = field(Conversation, "bubble-pending")
    answer()

    assert (before == "", field(Conversation, "bubble-pending")) == (False, "")
    assert field(Message, "field-not_answered_because") == "Not answered because: -"


def test_it_is_told_on_the_page_with_the_newest_messages_alone(
    acmes_service, write, work, field, web
):
    for words in ("Hello", "Are you there?"):
        write(words)
        work()
    with operator_scope():
        conversation, last = Conversation.objects.get(), Message.objects.latest("seq")
    page = f"{web}/admin/messaging/conversation/{conversation.id}/change/"
    shown = [
        'id="pending"' in field.session.get(f"{page}{place}", timeout=10).text
        for place in ("", f"?at={last.id}", f"?before={last.seq}")
    ]

    assert shown == [True, True, False]


@pytest.fixture
def conversation(acmes_service, write, work, answer) -> UUID:
    """One that the strategy left to people, for a refund."""
    acmes_service.answer = lambda received: (200, {}, b'{"hand_over": "A refund."}')
    write("Hello")
    work()
    answer()
    with operator_scope():
        return Conversation.objects.get().id


def test_a_conversation_that_waits_says_since_when_and_why_until_somebody_takes_it(
    conversation, field, web
):
    waits = field(Conversation, "field-answering")
    press(field.session, web, "messaging/conversation", conversation, TAKE)
    person = field(Conversation, "field-answering")
    press(field.session, web, "messaging/conversation", conversation, GIVE_BACK)

    assert waits == (
        "Who answers: Waits for a person since TIME. The reply strategy asked for a person."
        " A refund."
    )
    assert person == "Who answers: A person"
    assert field(Conversation, "field-answering") == "Who answers: Automation"


@pytest.mark.parametrize("order", [TAKE, LEAVE])
def test_an_answer_that_people_will_give_instead_says_that_it_is_not_sent(
    acmes_service, write, work, field, web, order
):
    write("Hello")
    work()
    with operator_scope():
        conversation = Conversation.objects.get().id
    press(field.session, web, "messaging/conversation", conversation, order)

    told = f"{PREPARED} {NOT_SENT}"
    assert field(Conversation, "bubble-pending") == told
    assert field(Message, "field-not_answered_because") == f"Not answered because: {told}"
    assert traced()[-1] == f"next: {NOT_SENT}"


def test_what_was_left_to_people_says_what_was_so_and_what_to_do_by_who_answers_now(
    conversation, field, web
):
    told = [(field(Message, "field-not_answered_because"), field(Message, "field-next_step"))]
    for order in (TAKE, GIVE_BACK):
        press(field.session, web, "messaging/conversation", conversation, order)
        told.append(
            (field(Message, "field-not_answered_because"), field(Message, "field-next_step"))
        )

    why = "Not answered because: It was left to people: the conversation waited for one."
    assert told == [
        (
            why,
            "Next step: Answer the contact, or give the conversation back to automation on its"
            " page.",
        ),
        (
            why,
            "Next step: A person answers. Automatic replies go on 60 minutes after staff last"
            " wrote, at the end of the tenant's handover hours after somebody took the"
            " conversation, or once it is given back to automation on its page.",
        ),
        (why, "Next step: Automation answers in the conversation again, from what comes next."),
    ]
