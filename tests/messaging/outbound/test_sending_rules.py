"""The rules of sending, once in meaning: one table, asked in the three places that decide.

A message is validated when staff or a client queue it (outbound/validation.py, window.py), decided
again right before its POST (sql/messages/mark_messages.sql), and automatic replies are decided when
a message comes in (replies/automatic.py). A situation that a place cannot meet has None there.
"""

from dataclasses import dataclass

import pytest

from channels_app.content import Content, Fault, FaultCode, Template, Text
from messaging.models import Message
from tenants.scope import operator_scope
from tests.support.cast import REPLY
from tests.support.pointers import told

pytestmark = pytest.mark.whatsapp

TEXT, PROMOTION = Text(body="Hi"), Template(name="promotion", language="en")
SENT, QUEUED_AND_SENT = ("accepted", ""), ()
CLOSED = Fault(
    "The contact wrote more than 24 hours ago, or never: only a template may be sent.",
    code=FaultCode.WINDOW_CLOSED,
)
IS_DISCONNECTED = Fault(
    "The channel is disconnected: connect it again to write.", code=FaultCode.CHANNEL_DISCONNECTED
)
IS_BLOCKED = Fault("The contact is blocked: unblock them to write.", code=FaultCode.CONTACT_BLOCKED)
NO_MARKETING = Fault("The contact wants no marketing.", code=FaultCode.MARKETING_OPTED_OUT)
IS_GROUP = Fault(
    "It was written in a group, which cannot be answered yet.", code=FaultCode.IS_GROUP
)
TOO_OLD = ("expired", "It was too old to be sent, or the window to answer had closed.")


@dataclass(frozen=True)
class Rule:
    """`situation`: statements that bring it about, in a conversation where everything is well.

    `refused`: the faults for whoever queues `content` then. `marked`: (status, error) of
    `content` that was queued before. `unanswered`: why a text that comes in then gets no automatic
    reply; empty: it gets one, which becomes `replied`.
    """

    situation: tuple[str, ...]
    content: Content
    refused: tuple[Fault, ...] | None
    marked: tuple[str, str] | None
    unanswered: str | None
    replied: str = "accepted"


NOTHING: tuple[str, ...] = ()
DISCONNECTED = ("UPDATE messaging.channels SET status = 'disconnected'",)
PARKED = ("UPDATE messaging.channels SET status = 'needs_reauth', recovers_by = 'reconnect'",)
SUSPENDED = ("UPDATE messaging.tenants SET status = 'suspended'",)
BLOCKED = ("UPDATE messaging.contacts SET blocked_at = now()",)
OPTED_OUT = ("UPDATE messaging.contacts SET marketing_opted_out_at = now()",)
WINDOW_CLOSED = ("UPDATE messaging.conversations SET window_closes_at = now() - interval '1 s'",)
NEVER_OPENED = ("UPDATE messaging.conversations SET window_closes_at = NULL",)
A_GROUP = ("UPDATE messaging.conversations SET group_external_id = 'group-1'",)
EXPIRED = ("UPDATE messaging.messages SET expires_at = now() WHERE direction = 'outbound'",)
RULES = {
    "all is well": Rule(NOTHING, TEXT, QUEUED_AND_SENT, SENT, ""),
    "disconnected": Rule(
        DISCONNECTED,
        TEXT,
        (IS_DISCONNECTED,),
        ("cancelled", "The channel was disconnected before it was sent."),
        None,  # nothing is routed to it
    ),
    "parked": Rule(
        PARKED,
        TEXT,
        QUEUED_AND_SENT,
        ("held", "It waits until the channel is repaired or the tenant active."),
        "",
        replied="held",
    ),
    "suspended": Rule(
        SUSPENDED,
        TEXT,
        QUEUED_AND_SENT,
        ("held", "It waits until the channel is repaired or the tenant active."),
        "suspended",
    ),
    "blocked": Rule(
        BLOCKED,
        TEXT,
        (IS_BLOCKED,),
        ("cancelled", "The contact is blocked."),
        "blocked",
    ),
    "a template to a blocked contact": Rule(
        BLOCKED,
        PROMOTION,
        (IS_BLOCKED,),
        ("cancelled", "The contact is blocked."),
        "blocked",
    ),
    "marketing to who wants none": Rule(
        OPTED_OUT,
        PROMOTION,
        (NO_MARKETING,),
        ("cancelled", "The contact wants no marketing."),
        "",
    ),
    "a text to who wants no marketing": Rule(OPTED_OUT, TEXT, QUEUED_AND_SENT, SENT, ""),
    # a message that comes in opens the window again
    "a text, window closed": Rule(WINDOW_CLOSED, TEXT, (CLOSED,), TOO_OLD, ""),
    "a template, window closed": Rule(WINDOW_CLOSED, PROMOTION, QUEUED_AND_SENT, SENT, ""),
    "a text, window never opened": Rule(NEVER_OPENED, TEXT, (CLOSED,), TOO_OLD, ""),
    "a template, window never opened": Rule(NEVER_OPENED, PROMOTION, QUEUED_AND_SENT, SENT, ""),
    "a group": Rule(
        A_GROUP,
        TEXT,
        (IS_GROUP,),
        None,  # nothing is queued for one
        "group",
    ),
    "not worth sending any more": Rule(EXPIRED, TEXT, None, TOO_OLD, None),
    "blocked, and the window closed": Rule(
        (*BLOCKED, *WINDOW_CLOSED),
        TEXT,
        (IS_BLOCKED, CLOSED),
        ("cancelled", "The contact is blocked."),
        "blocked",
    ),
    "parked, and the window closed": Rule(
        (*PARKED, *WINDOW_CLOSED), TEXT, (CLOSED,), TOO_OLD, "", replied="held"
    ),
    "suspended and disconnected": Rule(
        (*SUSPENDED, *DISCONNECTED),
        TEXT,
        (IS_DISCONNECTED,),
        ("cancelled", "The channel was disconnected before it was sent."),
        None,
    ),
}


def of(place: str) -> pytest.MarkDecorator:
    """The rules that this place can meet."""
    known = {name: rule for name, rule in RULES.items() if getattr(rule, place) is not None}
    return pytest.mark.parametrize("rule", known.values(), ids=known.keys())


@pytest.fixture(autouse=True)
def promotion(approve):
    approve("promotion", {"type": "BODY", "text": "News"}, category="MARKETING")


@pytest.fixture
def become(db_rows):
    def become(rule: Rule) -> None:
        for statement in rule.situation:
            db_rows.execute(statement)

    return become


def newest(**of: str) -> Message:
    with operator_scope():
        return Message.objects.filter(**of).order_by("-seq")[0]


@of("refused")
def test_who_queues_a_message_is_told_at_once_what_stands_against_it(
    rule, ada, say, faults, become
):
    become(rule)

    said = faults(rule.content, ada) if rule.refused else say(rule.content, ada) and ()

    assert told(said) == told(rule.refused)


@of("marked")
def test_what_changed_since_a_message_was_queued_is_decided_right_before_its_post(
    rule, ada, say, become, work, graph
):
    say(rule.content, ada)
    become(rule)
    work()

    message = newest(direction="outbound")
    assert (message.status, message.error) == rule.marked
    assert (len(graph.ledger), message.attempts) == ((1, 1) if rule.marked == SENT else (0, 0))


@of("unanswered")
def test_a_message_that_comes_in_is_answered_or_keeps_the_reason_why_not(
    rule, ada, acme, become, write, work, graph, db_rows
):
    become(rule)
    db_rows.execute("UPDATE messaging.tenants SET auto_reply = %s", [REPLY])
    group = {"group_id": "group-1"} if rule.situation == A_GROUP else {}
    write("And now?", wamid="wamid.now", **group)
    work()

    assert newest(direction="inbound", external_id="wamid.now").unanswered == rule.unanswered
    with operator_scope():
        answers = Message.objects.filter(in_reply_to__external_id="wamid.now")
        statuses = list(answers.values_list("status", flat=True))
    assert statuses == ([] if rule.unanswered else [rule.replied])
