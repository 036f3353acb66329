"""Who has a conversation's thread, where others answer on the number, too: read, ordered about, and
written into all the same.
"""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from channels_app import providers
from channels_app.models import Channel
from messaging.models import Conversation, Message
from tenants.scope import operator_scope
from tests.support.api import Caller, faults_of, new_key
from tests.support.cast import ADA
from tests.support.whatsapp.shared_threads import asked, tell

pytestmark = pytest.mark.whatsapp

HELLO = {"kind": "text", "body": "Hello Ada"}
NOT_OURS = (
    "Another responder has the thread. Take the thread first, or say that the message is to be sent"
    " all the same: it takes the thread, or the provider refuses it."
)
AN_HOUR_AGO, A_DAY_AGO = (
    f"{timezone.now() - timedelta(hours=hours):%Y-%m-%dT%H:%M:%SZ}" for hours in (1, 24)
)
AS_ESCALATION = {"thread_role": {"value": "escalation", "at": "2026-11-28T09:30:00+00:00"}}
WORDS = ("owner", "told_by", "told")


def words_of(thread: dict) -> tuple:
    return tuple(thread[word] for word in WORDS)


def thread_of(caller: Caller, conversation) -> dict:
    return caller.get(f"conversations/{conversation}/thread").json()


def test_a_thread_on_a_number_that_nobody_shares_has_no_owner(acmes, ada):
    assert acmes.get(f"conversations/{ada}").json()["thread"] is None
    assert thread_of(acmes, ada) == {
        "thread": None,
        "writing": "Nobody else is known to answer on this channel: what is written is sent.",
        "history": [],
        "orders": [],
    }


def test_a_thread_of_another_says_so_in_the_conversation_and_in_the_list(acmes, ada):
    tell(ada, "other", "standby")

    (listed,) = acmes.items("conversations")
    thread = acmes.get(f"conversations/{ada}").json()["thread"]

    assert words_of(thread) == ("other", "standby", "What is written goes to another responder.")
    assert thread["until"] > thread["since"]
    assert listed["thread"] == thread == thread_of(acmes, ada)["thread"]


def test_a_thread_whose_contact_is_silent_for_a_day_is_nobodys(acmes, ada):
    tell(ada, "other", "taken")
    with operator_scope():
        Conversation.objects.update(owner_since=A_DAY_AGO, owner_until=AN_HOUR_AGO)
        Channel.objects.update(health=AS_ESCALATION)

    told = thread_of(acmes, ada)

    silent = "The contact was silent for so long that nobody has the thread any more."
    assert told["thread"] == {
        "owner": "nobody",
        "since": AN_HOUR_AGO,
        "told_by": "idle",
        "told": silent,
        "until": None,
    }
    assert told["writing"] == (
        "Nobody has the thread: what is written is sent and takes it, as we are the escalation"
        " partner."
    )


@pytest.mark.parametrize(
    ("owner", "told_by", "writing"),
    [
        ("us", "message", "The thread is ours: what is written is sent."),
        (
            "other",
            "refused",
            "Another responder has the thread: a template is sent, and anything else is refused"
            " here unless it says take_thread. Then it takes the thread, or the provider refuses"
            " it.",
        ),
        (
            "nobody",
            "we_released",
            "Nobody has the thread: what is written is sent, and the provider decides whether it"
            " takes the thread.",
        ),
    ],
)
def test_the_thread_says_what_writing_will_do(acmes, ada, owner, told_by, writing):
    tell(ada, owner, told_by)

    assert thread_of(acmes, ada)["writing"] == writing


def test_the_history_has_the_newest_word_first_with_its_note_and_who_ordered_it(acmes, ada):
    tell(ada, "us", "passed", ago=timedelta(minutes=3), note="Wants her money back")
    tell(ada, "other", "standby", ago=timedelta(minutes=2))
    tell(ada, "nobody", "we_released", ago=timedelta(minutes=1), by="grace")

    history = thread_of(acmes, ada)["history"]

    assert [(each["told_by"], each["note"], each["by"]) for each in history] == [
        ("we_released", "", "grace"),
        ("standby", "", ""),
        ("passed", "Wants her money back", ""),
    ]


@pytest.mark.parametrize(
    ("owner", "told_by", "action", "body", "order", "then"),
    [
        ("us", "message", "pass", {"note": "A refund"}, ("pass", ADA, "A refund"), "other"),
        ("us", "message", "pass", None, ("pass", ADA, ""), "other"),
        ("us", "message", "release", None, ("release", ADA, ""), "nobody"),
        ("other", "standby", "take", {"note": "Ours"}, ("take", ADA, "Ours"), "us"),
    ],
)
def test_an_order_is_asked_of_the_provider_and_changes_the_owner(
    acmes, ada, graph, desk, jobs, owner, told_by, action, body, order, then
):
    tell(ada, owner, told_by)
    desk.own(ADA, owner)
    desk.escalation = "us"

    ordered = acmes.post(f"conversations/{ada}/thread/{action}", body)
    jobs()

    given = ordered.json()
    assert (ordered.status_code, given["action"], given["status"]) == (202, action, "queued")
    assert asked(graph) == [order]
    told = thread_of(acmes, ada)
    (kept,) = told["orders"]
    assert (kept["id"], kept["status"], kept["by"]) == (given["id"], "done", "the API")
    assert (told["thread"]["owner"], told["history"][0]["by"]) == (then, "the API")


def test_an_order_that_the_provider_refuses_says_why(acmes, ada, desk, jobs):
    tell(ada, "other", "standby")
    desk.own(ADA, "other")
    acmes.post(f"conversations/{ada}/thread/take", {})
    jobs()

    told = thread_of(acmes, ada)

    (order,) = told["orders"]
    assert (order["status"], order["error_code"]) == ("failed", "100")
    assert order["error"].startswith("Another responder has this conversation")
    assert words_of(told["thread"])[:2] == ("other", "standby")


@pytest.mark.parametrize(
    ("owner", "told_by", "action", "code"),
    [
        ("other", "standby", "pass", "not_thread_owner"),
        ("other", "standby", "release", "not_thread_owner"),
        ("us", "passed", "take", "already_thread_owner"),
    ],
)
def test_what_cannot_be_ordered_now_is_refused_with_a_code(
    acmes, ada, owner, told_by, action, code
):
    tell(ada, owner, told_by)

    refused = acmes.post(f"conversations/{ada}/thread/{action}", {})

    assert (refused.status_code, refused.json()["code"]) == (409, code)
    assert [pointer for pointer, _ in faults_of(refused)] == [""]
    assert thread_of(acmes, ada)["orders"] == []


def test_two_orders_about_a_thread_do_not_run_at_once(acmes, ada):
    tell(ada, "other", "standby")
    acmes.post(f"conversations/{ada}/thread/take", {})

    second = acmes.post(f"conversations/{ada}/thread/take", {})

    assert (second.status_code, second.json()["code"]) == (409, "thread_order_under_way")


def test_where_the_provider_takes_no_orders_none_is_given(acmes, ada, monkeypatch):
    monkeypatch.delattr(type(providers.get("whatsapp")), "take_thread", raising=False)

    refused = acmes.post(f"conversations/{ada}/thread/take", {})

    assert (refused.status_code, refused.json()["code"]) == (409, "no_thread_control")


def test_a_note_of_more_than_2000_characters_is_refused_where_it_stands(acmes, ada):
    tell(ada, "other", "standby")

    refused = acmes.post(f"conversations/{ada}/thread/take", {"note": "x" * 2001})

    assert (refused.status_code, [pointer for pointer, _ in faults_of(refused)]) == (422, ["/note"])


def test_an_order_that_is_repeated_with_its_key_is_given_once(acmes, ada, graph, desk, jobs):
    tell(ada, "other", "standby")
    desk.own(ADA, "other")
    desk.escalation = "us"
    path = f"conversations/{ada}/thread/take"

    first = acmes.post(path, {}, Idempotency_Key="take 7")
    jobs()
    again = acmes.post(path, {}, Idempotency_Key="take 7")

    assert (again.status_code, again.json()) == (202, first.json())
    assert asked(graph) == [("take", ADA, "")]


def test_reading_and_ordering_need_their_scopes(web, acme, acmes, ada):
    reader = Caller(web, new_key(acme, ["conversations:read"]))
    sender = Caller(web, new_key(acme, ["messages:write"]))

    assert reader.get(f"conversations/{ada}/thread").status_code == 200
    assert reader.post(f"conversations/{ada}/thread/take", {}).status_code == 403
    assert sender.get(f"conversations/{ada}/thread").status_code == 403


def test_a_message_on_anothers_thread_is_refused_unless_it_is_to_take_it(acmes, ada, work, graph):
    tell(ada, "other", "standby")
    body = {"conversation": str(ada), "content": HELLO}

    refused = acmes.post("messages", body)
    sent = acmes.post("messages", {**body, "take_thread": True})
    work()

    assert (refused.status_code, refused.json()["code"]) == (409, "not_thread_owner")
    assert faults_of(refused) == [("", NOT_OURS)]
    assert (sent.status_code, len(graph.ledger)) == (202, 1)
    assert words_of(thread_of(acmes, ada)["thread"]) == ("us", "we_took", "We took the thread.")


def test_take_thread_is_true_or_false(acmes, ada):
    refused = acmes.post(
        "messages", {"conversation": str(ada), "content": HELLO, "take_thread": "yes"}
    )

    assert (refused.status_code, [place for place, _ in faults_of(refused)]) == (
        422,
        ["/take_thread"],
    )


def test_a_channel_says_since_when_it_is_shared_and_which_of_the_responders_we_are(
    acmes, ada, acme_whatsapp
):
    before = acmes.get(f"channels/{acme_whatsapp.id}").json()
    tell(ada, "other", "standby")
    with operator_scope():
        Channel.objects.update(health=AS_ESCALATION)
        shared_at = Channel.objects.get().shared_at

    told = acmes.get(f"channels/{acme_whatsapp.id}").json()

    assert (before["shared_at"], before["thread_role"]) == (None, "")
    assert (datetime.fromisoformat(told["shared_at"]), told["thread_role"]) == (
        shared_at,
        "escalation",
    )


def test_whether_automatic_replies_take_threads_of_nobody_is_set_by_the_business(
    acmes, acme_whatsapp
):
    before = acmes.get(f"channels/{acme_whatsapp.id}").json()["takes_idle_threads"]
    told = acmes.patch(f"channels/{acme_whatsapp.id}", {"takes_idle_threads": True}).json()

    assert (before, told["takes_idle_threads"]) == (False, True)


def test_what_another_responder_wrote_and_what_nobody_wrote_say_so(acmes, ada):
    (message,) = acmes.items("messages")
    told = []
    for origin in ("standby", "responder", "notice"):
        with operator_scope():
            Message.objects.update(origin=origin)
        told.append(acmes.get(f"messages/{message['id']}").json()["origin"])

    assert told == ["standby", "responder", "notice"]
