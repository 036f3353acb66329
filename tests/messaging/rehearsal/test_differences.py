"""Whatever today's code or strategy would record in another way is named, and nothing beside it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone

from channels_app import providers
from channels_app.events import Event, InboundMessage, StatusUpdate
from messaging.models import Message, MessageStatus, new_messages
from messaging.models.unanswered import Unanswered
from messaging.replies import NoReply
from tenants.scope import operator_scope
from tests.support.cast import ADA, GLOBEX_ACCOUNT, GLOBEX_NUMBER, GRACE, REPLY
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

STRATEGY = f"{__name__}.Loud"
QUIET = f"{__name__}.Quiet"


class Loud:
    def reply_to(self, message: Message) -> str:
        return "THANK YOU"


class Quiet:
    def reply_to(self, message: Message) -> NoReply:
        return NoReply(Unanswered.DECLINED)


@pytest.fixture
def since(acme_whatsapp, globex_whatsapp, write, report, work, graph, restore) -> Any:
    """Ada has written three times to Acme, Grace once to Globex; the replies were delivered."""
    began = timezone.now()
    for number in range(3):
        write(f"Hello {number}", wamid=f"wamid.ada.{number}")
        work()
    write("Hello", sender=GRACE, number=GLOBEX_NUMBER, account=GLOBEX_ACCOUNT, wamid="wamid.grace")
    work()
    report(*(bodies.status(each["wamid"], "delivered") for each in graph.ledger[:3]))
    work()
    restore()
    return began


Change = Callable[[Event], Event | None]


@pytest.fixture
def parse_otherwise(monkeypatch: pytest.MonkeyPatch) -> Callable[[Change], None]:
    """Let WhatsApp's parser of today read events in another way; None: not at all."""
    provider = type(providers.get("whatsapp"))
    parse = provider.parse

    def parse_otherwise(change: Change) -> None:
        def changed(self: Any, body: bytes, address: str) -> Iterator[Event]:
            return (event for each in parse(self, body, address) if (event := change(each)))

        monkeypatch.setattr(provider, "parse", changed)

    return parse_otherwise


def id_of(wamid: str) -> str:
    with operator_scope():
        return str(Message.objects.get(external_id=wamid).id)


def test_the_same_code_finds_no_difference(since, rehearse):
    done = rehearse(since)

    assert (done.code, done.differing, done.report["deliveries"]) == (0, {}, 5)


def test_each_reply_of_another_strategy_is_named(since, rehearse):
    done = rehearse(since, strategy=STRATEGY, texts=True)

    assert (done.code, done.differing) == (1, {"replies": 4})
    replies = {each["message"]: each["columns"]["text"] for each in done.shown("replies")}
    wamids = ("wamid.ada.0", "wamid.ada.1", "wamid.ada.2", "wamid.grace")
    assert replies == {id_of(wamid): [REPLY, "THANK YOU"] for wamid in wamids}


def test_a_strategy_that_says_nothing_loses_the_replies_and_their_statuses(since, rehearse):
    done = rehearse(since, strategy=QUIET)

    assert (done.code, done.differing) == (1, {"replies": 4, "statuses": 3})
    assert done.shown("replies")[0]["columns"]["unanswered"] == ["", "declined"]


def test_a_message_that_is_read_in_another_way_is_named(since, rehearse, parse_otherwise):
    def shout(event: Event) -> Event:
        is_meant = isinstance(event, InboundMessage) and event.text == "Hello 1"
        return replace(event, text="HELLO 1!") if is_meant else event

    parse_otherwise(shout)
    done = rehearse(since)

    (named,) = done.shown("messages")
    assert (done.code, done.differing) == (1, {"messages": 1})
    assert (named["message"], named["is"]) == (id_of("wamid.ada.1"), "changed")
    assert named["columns"] == {"text": ["7 characters", "8 characters"]}


def test_a_message_that_is_lost_is_named_with_its_reply(since, rehearse, parse_otherwise):
    def lose(event: Event) -> Event | None:
        is_meant = isinstance(event, InboundMessage) and event.text == "Hello 1"
        return None if is_meant else event

    parse_otherwise(lose)
    done = rehearse(since)

    assert (done.code, done.differing) == (1, {"messages": 1, "replies": 1, "statuses": 1})
    assert [each["is"] for each in done.shown("messages")] == ["missing"]


def test_a_name_that_is_not_read_any_more_is_named(since, rehearse, parse_otherwise):
    parse_otherwise(
        lambda event: (
            replace(event, contact_name="") if isinstance(event, InboundMessage) else event
        )
    )
    done = rehearse(since)

    assert (done.code, done.differing) == (1, {"contacts": 2})
    assert done.shown("contacts")[0]["columns"] == {"name": ["3 characters", ""]}


def test_a_status_that_is_not_read_any_more_is_named_with_its_message(
    since, rehearse, parse_otherwise
):
    parse_otherwise(lambda event: None if isinstance(event, StatusUpdate) else event)
    done = rehearse(since)

    assert (done.code, done.differing) == (1, {"replies": 3, "statuses": 3})
    assert done.shown("replies")[0]["columns"] == {"status": ["delivered", "accepted"]}


def test_a_column_that_is_recorded_in_another_way_is_named(since, rehearse, monkeypatch):
    monkeypatch.setattr(
        new_messages, "SAID", tuple(name for name in new_messages.SAID if name != "preview")
    )
    done = rehearse(since)

    assert (done.code, done.differing) == (1, {"messages": 4})
    assert done.shown("messages")[0]["columns"] == {"preview": ["7 characters", ""]}


def test_a_column_of_statuses_that_is_recorded_in_another_way_is_named(
    since, rehearse, monkeypatch
):
    of = MessageStatus.of

    def without_moment(*args: Any) -> MessageStatus:
        status = of(*args)
        status.occurred_at = status.occurred_at.replace(year=2020)
        return status

    monkeypatch.setattr(MessageStatus, "of", without_moment)

    assert rehearse(since).differing == {"statuses": 3}


def test_one_tenants_differences_are_told_alone(since, rehearse):
    done = rehearse(since, strategy=STRATEGY, tenant="globex")

    assert (done.code, done.differing) == (1, {"replies": 1})
    assert [each["message"] for each in done.shown("replies")] == [id_of("wamid.grace")]


def test_as_many_are_shown_as_are_asked_for_and_all_are_counted(since, rehearse):
    done = rehearse(since, strategy=STRATEGY, most=1)

    assert (done.differing, len(done.shown("replies"))) == ({"replies": 4}, 1)


def test_nothing_that_people_said_is_told_unless_it_is_asked_for(since, rehearse):
    with_texts = rehearse(since, strategy=STRATEGY, texts=True, json=False).report
    without = rehearse(since, strategy=STRATEGY, json=False).report

    assert [word in with_texts for word in (REPLY, "THANK YOU")] == [True, True]
    assert [word in without for word in (REPLY, "THANK YOU", "Hello", ADA, "wamid")] == [False] * 5
    assert without.splitlines()[0].endswith("4 of 4 replies would differ.")
