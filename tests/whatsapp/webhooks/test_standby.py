"""What happens on other responders' threads is shown, and asks for nothing."""

import dataclasses

import pytest

from channels_app.events import ChannelUpdate, Rejected, StandbyMessage, StatusUpdate
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, ADA
from tests.support.whatsapp import bodies
from tests.support.whatsapp.shared_numbers import AT, echo, standby, webhook
from whatsapp.webhooks.parser import parse

pytestmark = pytest.mark.whatsapp

PLAIN = {field.name: field.default for field in dataclasses.fields(StatusUpdate)}
EFFECTS = ("closes_window", "opts_out", "is_anothers", "parks", "recovers_by")


def events_of(**lists):
    return list(parse(webhook(("standby", standby(**lists)))))


def test_a_message_of_the_person_is_as_on_messages_and_ours_to_read_alone():
    item = bodies.text("Hello", wamid="wamid.1", at=AT, from_user_id="SE.1001")
    (event,) = events_of(messages=[item])
    (received,) = parse(webhook(("messages", standby(messages=[item]))))

    assert type(event) is StandbyMessage
    assert event.is_outbound is False
    names = {field.name for field in dataclasses.fields(event)} - {"is_outbound"}
    assert {name: getattr(event, name) for name in names} == {
        name: getattr(received, name) for name in names
    }
    assert (event.contact_name, event.text, event.external_id) == ("Ada", "Hello", "wamid.1")


def test_an_echo_is_what_the_other_responder_said_to_the_person():
    (event,) = events_of(message_echoes=[echo("How can I help?", id="wamid.2")])

    assert type(event) is StandbyMessage
    assert (event.is_outbound, event.text, event.contact_ids, event.contact_name) == (
        True,
        "How can I help?",
        (("wa_id", ADA),),
        "Ada",
    )
    assert (event.account_id, event.channel_external_id) == (ACME_ACCOUNT, ACME_NUMBER)


@pytest.mark.parametrize("code", [131047, 131050, 131031, 190, 100])
def test_a_status_moves_its_message_and_nothing_else(code):
    error = {"code": code, "error_subcode": 2494191, "title": "T", "details": "D"}
    item = bodies.status("wamid.2", "failed", errors=[error])
    (event,) = events_of(statuses=[item])

    assert (event.status, event.error_code, event.error) == ("failed", str(code), "T: D")
    assert {name: getattr(event, name) for name in EFFECTS} == {
        name: PLAIN[name] for name in EFFECTS
    }


@pytest.mark.parametrize("code", [190, 131031, 131045, 99999, None, "abc"])
def test_an_error_is_listed_and_parks_nothing(code):
    (event,) = events_of(errors=[{"code": code, "title": "Something"}])

    assert (event.kind, event.severity, event.parks, event.is_shared) == (
        "errors",
        "warning",
        "",
        True,
    )
    assert event.summary.startswith("Meta reports of another responder's conversation: ")
    assert event.summary.endswith("Something.")


def test_a_type_of_tomorrow_is_kept_under_its_own_name():
    item = {**bodies.text(), "type": "hologram", "hologram": {"body": "Look"}}
    (event,) = events_of(messages=[item])

    assert (type(event), event.kind, event.raw["hologram"]) == (
        StandbyMessage,
        "hologram",
        {"body": "Look"},
    )


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"metadata": {"phone_number_id": ACME_NUMBER}},
        standby(),
        standby(new_messages=[bodies.text()]),
        standby(events={"a": 1}),
    ],
    ids=["empty", "number", "no list", "a list of tomorrow", "an object of tomorrow"],
)
def test_a_change_without_a_known_list_is_listed_whole(value):
    (event,) = parse(webhook(("standby", value)))

    assert (type(event), event.kind, event.is_shared, event.raw) == (
        ChannelUpdate,
        "standby",
        True,
        value,
    )
    assert event.summary == (
        "Meta reported something of a conversation that another responder has, in a form that is"
        " not known."
    )


def test_the_number_is_read_where_handovers_have_it_too():
    value = {"recipient": {"phone_number_id": ACME_NUMBER}, "messages": [bodies.text()]}
    (event,) = parse(webhook(("standby", value)))

    assert (type(event), event.channel_external_id) == (StandbyMessage, ACME_NUMBER)


def test_what_stands_beside_the_known_lists_is_listed_beside_their_items():
    value = standby(messages=[bodies.text()], reactions=[{"emoji": "x"}])
    message, update = parse(webhook(("standby", value)))

    assert (type(message), type(update), update.raw) == (StandbyMessage, ChannelUpdate, value)


def test_a_word_beside_the_known_lists_says_nothing():
    assert len(events_of(messages=[bodies.text()], thread_owner="ai_agent", empty=[])) == 1


def test_what_is_broken_touches_none_of_its_neighbours():
    value = standby(
        messages=[bodies.text("a"), 7, {**bodies.text(), "id": 7}, bodies.text("b")], statuses=None
    )
    events = list(parse(webhook(("standby", value), ("messages", standby(messages=[])))))

    assert [type(event) for event in events] == [
        StandbyMessage,
        Rejected,
        Rejected,
        StandbyMessage,
        Rejected,
    ]
