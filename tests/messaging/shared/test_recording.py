"""What comes to another responder stands in the thread, and is neither answered, nor counted, nor
told as ours.
"""

import time
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from channels_app.event_log import LoggedEvent
from channels_app.models import Channel
from messaging.conversations import read_receipts
from messaging.models import Contact, Conversation, Message, MessageStatus
from tenants.scope import operator_scope, tenant_scope
from tests.support.cast import ACME_NUMBER, ADA, REPLY
from tests.support.outcomes import dead_letters
from tests.support.whatsapp import bodies
from tests.support.whatsapp.shared_threads import (
    echo,
    echoes,
    handover,
    history,
    messages,
    owner,
    standby,
    text,
    thread,
)

pytestmark = pytest.mark.whatsapp

AN_HOUR = 3600


def events() -> list[tuple[str, dict]]:
    """(type, words that are no ids) of what was logged of Ada, in order."""
    with operator_scope():
        of_ada = LoggedEvent.objects.exclude(type="channel.status")
        rows = of_ada.order_by("number").values_list("type", "data")
        return [
            (type, {name: value for name, value in data.items() if not name.endswith("_id")})
            for type, data in rows
        ]


def conversation() -> Conversation:
    with operator_scope():
        return Conversation.objects.get()


def shared_at() -> datetime | None:
    with operator_scope():
        return Channel.objects.get().shared_at


def test_what_another_responder_gets_and_says_stands_in_the_thread_unanswered(tell, graph):
    tell(standby(text("Where is my order?")), echoes(echo("On its way.")))

    assert thread() == [
        ("standby", "Where is my order?", "standby"),
        ("responder", "On its way.", ""),
    ]
    assert owner() == ("other", "standby")
    assert history() == [("other", "standby", "")]
    assert graph.ledger == []


def test_it_opens_no_conversation_no_window_and_is_not_unread(tell, acme):
    tell(standby(text("Where is my order?")))

    row = conversation()
    assert (row.status, row.window_closes_at, row.last_inbound_at) == ("closed", None, None)
    with tenant_scope(acme.id):
        assert read_receipts.to_be_read(row.id) is None


def test_the_event_log_tells_the_new_owner_and_none_of_the_messages(tell):
    tell(standby(text("Where is my order?")), echoes(echo("On its way.")))

    assert events() == [
        ("contact.created", {}),
        ("conversation.owner_changed", {"owner": "other", "told_by": "standby"}),
    ]


def test_a_message_that_comes_to_us_is_answered_and_makes_the_thread_ours(tell, graph):
    tell(standby(text("Where is my order?", at=time.time() - 60)))
    tell(messages(text("Hello?")))

    assert thread() == [
        ("standby", "Where is my order?", "standby"),
        ("contact", "Hello?", ""),
        ("automatic", REPLY, ""),
    ]
    assert owner() == ("us", "message")
    assert history() == [("other", "standby", ""), ("us", "message", "")]
    row = conversation()
    assert (row.status, row.window_closes_at is not None) == ("open", True)
    assert [each[0] for each in events()][:4] == [
        "contact.created",
        "conversation.owner_changed",
        "conversation.opened",
        "message.received",
    ]


def test_an_older_message_to_us_that_comes_late_is_not_answered_on_anothers_thread(tell, graph):
    tell(standby(text("And now?")))
    tell(messages(text("Hello", at=time.time() - 30)))

    assert thread() == [("standby", "And now?", "standby"), ("contact", "Hello", "not_ours")]
    assert owner() == ("other", "standby")
    assert graph.ledger == []


def test_a_number_with_one_responder_has_no_owners(tell):
    tell(messages(text("Hello")))

    assert (owner(), history(), shared_at()) == (("", ""), [], None)


def test_the_first_standby_webhook_shows_that_the_number_is_shared(tell):
    before = timezone.now()
    tell(standby(text("Hello")))

    assert before - timedelta(minutes=1) < shared_at() <= timezone.now()


def test_that_a_number_is_shared_is_learned_once(tell):
    tell(standby(text("Hello")))
    first = shared_at()
    tell(standby(text("Hello again")))

    assert shared_at() == first


def test_before_the_number_was_known_to_be_shared_the_contacts_message_made_the_thread_ours(tell):
    tell(messages(text("Hello")))
    tell(standby(text("An older one", at=time.time() - AN_HOUR)))

    assert owner() == ("us", "message")


@pytest.mark.parametrize("first_field", ["messages", "standby"])
def test_the_same_message_on_both_fields_is_one_message_of_ours(tell, graph, first_field):
    item = text("Hello", wamid="wamid.both")
    changes = {"messages": messages(item), "standby": standby(item)}
    tell(changes.pop(first_field))
    (other,) = changes.values()
    tell(other)

    assert thread() == [("contact", "Hello", ""), ("automatic", REPLY, "")]
    assert len(graph.ledger) == 1
    assert conversation().window_closes_at is not None


def test_the_same_message_on_both_fields_of_one_webhook_is_one_message_of_ours(tell, graph):
    item = text("Hello", wamid="wamid.both")
    tell(standby(item), messages(item))

    assert thread() == [("contact", "Hello", ""), ("automatic", REPLY, "")]
    assert shared_at() is not None


def test_a_message_that_comes_to_us_after_standby_keeps_its_id(tell):
    item = text("Hello", wamid="wamid.both")
    tell(standby(item))
    with operator_scope():
        before = Message.objects.get(external_id="wamid.both").id
    tell(messages(item))

    with operator_scope():
        assert Message.objects.get(external_id="wamid.both").id == before


def test_a_repeated_webhook_changes_nothing(tell, graph):
    change = standby(text("Hello", wamid="wamid.1"))
    passed = handover("control_passed")
    for each in (change, change, passed, passed):
        tell(each)

    assert [origin for origin, _, _ in thread()] == ["standby", "notice"]
    assert history() == [("other", "standby", ""), ("us", "passed", "Ada asks for a refund.")]


def test_a_handover_stands_in_the_thread_with_its_note_and_opens_the_conversation(tell, graph):
    tell(handover("control_passed"))

    assert thread() == [("notice", "The conversation was passed to us.", "kind")]
    assert history() == [("us", "passed", "Ada asks for a refund.")]
    assert (owner(), conversation().status) == (("us", "passed"), "open")
    assert [each[0] for each in events()] == [
        "contact.created",
        "conversation.opened",
        "conversation.owner_changed",
    ]
    assert graph.ledger == []


def test_a_thread_that_was_taken_is_anothers(tell, graph):
    tell(messages(text("Hello", at=time.time() - 10)))
    tell(handover("control_taken"))

    assert owner() == ("other", "taken")
    assert history()[-1] == ("other", "taken", "Ada asks for a refund.")


def test_an_unknown_change_of_the_owner_is_shown_and_ends_automatic_replies(tell, graph):
    tell(handover("control_borrowed"))
    tell(messages(text("Hello", at=time.time() - 10)))

    assert owner() == ("other", "unclear")
    assert thread()[-1] == ("contact", "Hello", "not_ours")
    assert graph.ledger == []


def test_a_call_stands_in_the_thread_and_is_nothing_more(tell, graph):
    call = {
        "id": "wacid.1",
        "from": "4670000001",
        "event": "terminate",
        "direction": "USER_INITIATED",
        "timestamp": str(int(time.time())),
        "status": "COMPLETED",
        "duration": 200,
    }
    _, value = messages()
    tell(("calls", {**value, "calls": [call]}))

    assert [(origin, unanswered) for origin, _, unanswered in thread()] == [("notice", "kind")]
    row = conversation()
    assert (row.status, row.window_closes_at, owner()) == ("closed", None, ("", ""))
    assert [each[0] for each in events()] == ["contact.created"]


def test_statuses_of_what_another_responder_sent_move_its_ticks_and_tell_nobody(tell):
    tell(echoes(echo("On its way.", id="wamid.theirs")))
    told_before = events()
    read = {"id": "wamid.theirs", "status": "read", "timestamp": str(int(time.time()))}
    _, value = messages()
    tell(("standby", {**value, "statuses": [read]}))

    with operator_scope():
        assert Message.objects.get().status == "read"
    assert events() == told_before


def test_a_failure_of_anothers_message_is_kept_and_needs_nobodys_attention(tell):
    tell(echoes(echo("On its way.", id="wamid.theirs")))
    failed = {
        "id": "wamid.theirs",
        "status": "failed",
        "timestamp": str(int(time.time())),
        "errors": [{"code": 131031, "title": "Business account locked"}],
    }
    _, value = messages()
    tell(("standby", {**value, "statuses": [failed]}))

    with operator_scope():
        message = Message.objects.get()
        assert (message.status, message.needs_attention) == ("sent", False)
        assert MessageStatus.objects.get().error_code == "131031"
        assert Channel.objects.get().status == "live"


def test_standby_of_a_group_says_nothing_of_an_owner(tell):
    tell(standby(text("Hello all", group_id="group-1")))

    assert (owner(), history()) == (("", ""), [])


def test_a_merge_keeps_the_newest_owner_and_the_whole_history(tell, acme):
    tell(standby(text("Hello", at=time.time() - 60)))
    tell(("messages", bodies.value(ACME_NUMBER, messages=(text("I am Ada", sender="SE.ada"),))))
    with operator_scope():
        assert Contact.objects.count() == 2
    tell(messages({**text("Both are me", sender="SE.ada"), "from": ADA}))

    with operator_scope():
        kept = Conversation.objects.get(merged_into=None)
        told = list(kept.owner_changes.order_by("occurred_at").values_list("told_by", flat=True))
    assert (kept.owner, kept.owner_told_by, told) == ("us", "message", ["standby", "message"])


def test_what_cannot_be_read_on_standby_costs_its_neighbours_nothing(tell, db_rows):
    tell(standby("no object", text("Hello"), {"id": 7}))

    assert [origin for origin, _, _ in thread()] == ["standby"]
    assert len(dead_letters(db_rows)) == 2
