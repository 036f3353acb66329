"""Who has a thread from now on, as Meta reports it; what is not built as its page says is never
ours.
"""

import json

import pytest

from channels_app.events import ChannelUpdate, OwnerSource, ThreadNotice, ThreadOwner
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, ADA
from tests.support.whatsapp import bodies
from tests.support.whatsapp.shared_numbers import AT, OURS, handover, standby, webhook
from whatsapp.webhooks.parser import parse

pytestmark = pytest.mark.whatsapp

UNCLEAR = "Meta reported a change of who has the conversation, in a form that is not known"
NOBODYS = (
    "Meta reported that a conversation has another owner, in a form that does not tell whose"
    " conversation it is."
)


def read(value):
    (event,) = parse(webhook(("messaging_handovers", value)))
    return event


def told(event):
    return event.owner, event.told_by, event.text


def test_a_thread_that_is_passed_is_ours_with_what_was_said_of_it():
    event = read(handover())

    assert type(event) is ThreadNotice
    assert told(event) == ("us", "passed", "The conversation was passed to us.")
    assert (event.kind, event.note, event.preview) == (
        "thread_owner",
        "Ada asks for a refund.",
        event.text,
    )
    assert event.contact_ids == (("bsuid", "SE.1001"), ("wa_id", ADA))
    assert (event.account_id, event.channel_external_id, event.channel_number) == (
        ACME_ACCOUNT,
        ACME_NUMBER,
        "15550100001",
    )
    assert (event.sent_at.timestamp(), event.raw) == (AT, handover())


def test_a_thread_that_is_taken_is_another_responders():
    assert told(read(handover("control_taken"))) == (
        "other",
        "taken",
        "Another responder took the conversation.",
    )


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (handover("control_released"), f"{UNCLEAR} (type: control_released)."),
        (handover(type=None), f"{UNCLEAR}."),
        (handover(type=["control_passed"]), f"{UNCLEAR}."),
        (handover(type="p" * 41), f"{UNCLEAR}."),
        (handover(type="<b>4670</b>"), f"{UNCLEAR}."),
        (handover(control_taken={}), f"{UNCLEAR} (type: control_passed)."),
        (handover(control_passed="us"), f"{UNCLEAR} (type: control_passed)."),
        (handover(type="control_taken"), f"{UNCLEAR} (type: control_taken)."),
    ],
    ids=[
        "a type of tomorrow",
        "no type",
        "a type that is no word",
        "a long type",
        "a type with markup",
        "both changes",
        "a change that is no object",
        "another change than its type says",
    ],
)
def test_any_other_change_is_another_responders_and_says_that_it_is_not_known(value, sentence):
    assert told(read(value)) == (ThreadOwner.OTHER, OwnerSource.UNCLEAR, sentence)


@pytest.mark.parametrize(
    ("notification", "words"),
    [
        (
            {"previous_role": "ai_agent", "new_role": "escalation partner"},
            " (previous role: AI agent, new role: escalation partner)",
        ),
        ({"previous_owner": {"role": "PRIMARY"}}, " (previous owner: PRIMARY)"),
        (
            {"previous_owner_role": "ai_agent", "new_owner_role": "human_desk"},
            " (previous owner: AI agent, new owner: human desk)",
        ),
        ({"role": "4670123"}, ""),
        ({"role": ["primary"]}, ""),
        ({"role": "p" * 41}, ""),
        ({"ro/le": "primary", "Role of +46": "primary"}, ""),
        ({"metadata": {"role": "primary"}}, ""),
        ({f"role_{letter}": "a" for letter in "abcdef"}, None),
    ],
    ids=range(9),
)
def test_roles_that_are_plain_words_stand_in_the_sentence_whatever_their_keys_are(
    notification, words
):
    four = " (role a: a, role b: a, role c: a, role d: a)"
    event = read(handover(control_passed=notification))

    assert (event.owner, event.text) == (
        "us",
        f"The conversation was passed to us{four if words is None else words}.",
    )


@pytest.mark.parametrize(
    ("metadata", "note"),
    [
        ("Call her", "Call her"),
        ({"order": 7, "é": ["b"]}, '{"order":7,"é":["b"]}'),
        ("x" * 3000, "x" * 2000),
        ({"long": "x" * 3000}, '{"long":"' + "x" * 1991),
        (None, ""),
        (7, ""),
        ("a\x00b", "a\ufffdb"),
        ("\ud800", "\ufffd"),
    ],
    ids=range(8),
)
def test_the_note_is_what_the_previous_owner_wrote(metadata, note):
    assert read(handover(control_passed={"metadata": metadata})).note == note


@pytest.mark.parametrize(
    ("timestamp", "seconds"),
    [(str(AT), AT), (AT, AT), (AT * 1000 + 999, AT), ("yesterday", None), (None, None)],
)
def test_the_moment_is_read_in_seconds_and_in_milliseconds(timestamp, seconds):
    sent_at = read(handover(timestamp=timestamp)).sent_at

    assert (sent_at and sent_at.timestamp()) == seconds


def test_our_number_is_read_where_other_fields_have_it_too():
    event = read(handover(recipient=None, metadata=OURS))

    assert (event.channel_external_id, event.owner) == (ACME_NUMBER, "us")


@pytest.mark.parametrize(
    ("sender", "ids"),
    [
        ({"phone_number": "+46 70 123 45 67"}, (("wa_id", "46701234567"),)),
        ({"user_id": "SE.1001"}, (("bsuid", "SE.1001"),)),
        ({"wa_id": ADA, "name": "Ada"}, (("wa_id", ADA),)),
        (ADA, (("wa_id", ADA),)),
    ],
)
def test_the_person_is_read_by_the_forms_of_their_ids(sender, ids):
    assert read(handover(sender=sender)).contact_ids == ids


@pytest.mark.parametrize(
    "value",
    [
        handover(sender=None),
        handover(sender={"name": "Ada"}),
        handover(sender=None, **{"from": ADA}),
        {"recipient": OURS},
        {"recipient": OURS, "handovers": [7, "x"]},
    ],
    ids=["no sender", "a sender without ids", "a renamed key", "nothing", "a list of nothing"],
)
def test_a_handover_of_nobody_is_news_of_the_number(value):
    event = read(value)

    assert (type(event), event.kind, event.summary) == (
        ChannelUpdate,
        "messaging_handovers",
        NOBODYS,
    )
    assert (event.channel_external_id, event.is_shared, event.raw) == (ACME_NUMBER, True, value)


def test_a_handover_that_names_no_number_is_news_of_the_account():
    event = read(handover(recipient=None))

    assert (type(event), event.account_id, event.channel_external_id, event.is_shared) == (
        ChannelUpdate,
        ACME_ACCOUNT,
        "",
        True,
    )


def test_several_handovers_may_come_as_a_list():
    items = [handover(recipient=None), handover("control_taken", recipient=None), {}]
    value = {"messaging_product": "whatsapp", "recipient": OURS, "handovers": items}
    events = list(parse(webhook(("messaging_handovers", value))))

    assert [getattr(event, "told_by", None) for event in events] == ["passed", "taken", None]
    assert {event.channel_external_id for event in events} == {ACME_NUMBER}
    assert [type(event) for event in events[2:]] == [ChannelUpdate]


def test_the_same_handover_has_the_same_id_and_any_other_has_another():
    value = handover()
    again = dict(reversed(json.loads(json.dumps(value)).items()))
    others = [
        handover("control_taken"),
        handover(timestamp=str(AT + 1)),
        handover(sender={"phone_number": ADA}),
        handover(recipient={**OURS, "phone_number_id": "400000000000002"}),
        handover(control_passed={"metadata": "Ada asks for a refund!"}),
        handover(new=None, news=1),
        handover(type="x" * 5000),
        handover(timestamp="9" * 5000),
    ]
    ids = [read(each).external_id for each in (value, again, *others)]

    assert ids[0] == ids[1]
    assert len(set(ids)) == 1 + len(others)
    assert max(map(len, ids)) < 120
    assert ids[0].startswith(f"handover:control_passed:{AT}:")


def test_what_stands_beside_a_handover_is_read_whatever_it_is():
    text = bodies.text("Hello", wamid="wamid.1")
    poison = [handover(sender=[]), handover(recipient={"phone_number_id": "\x00"}), {"type": {}}]
    changes = [("messaging_handovers", each) for each in (*poison, handover())]
    events = list(parse(webhook(*changes, ("messages", standby(messages=[text])))))

    assert [type(event).__name__ for event in events] == [
        "ChannelUpdate",
        "ChannelUpdate",
        "ChannelUpdate",
        "ThreadNotice",
        "InboundMessage",
    ]
