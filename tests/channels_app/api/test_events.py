"""What happened is followed through the API: in order, without a gap, by the last event's id."""

import pytest

from channels_app.event_log import sequencer
from channels_app.models import LoggedEvent
from tenants.scope import operator_scope
from tests.support.api import faults_of

pytestmark = pytest.mark.whatsapp


@pytest.fixture
def positions():
    """Give what was logged its place, as the jobs process does."""

    def give() -> None:
        while sequencer.give_positions(1000):
            pass

    return give


def test_a_message_and_its_answer_are_told_in_order_with_ids_alone(
    acmes, acme_whatsapp, write, work, graph, positions
):
    write("A secret", wamid="wamid.ada")
    work()
    positions()

    connected, *events = acmes.items("events")

    assert (connected["type"], connected["data"]["status"]) == ("channel.status", "live")
    assert [(each["type"], each["data"].get("status")) for each in events] == [
        ("contact.created", None),
        ("conversation.opened", None),
        ("message.received", None),
        ("message.status", "accepted"),
    ]
    assert "A secret" not in str(events)
    received = acmes.get(f"messages/{events[2]['data']['message_id']}").json()
    assert received["text"] == "A secret"


def test_a_follower_goes_on_after_the_last_event_that_it_has(
    acmes, acme_whatsapp, write, work, graph, positions
):
    write("First")
    work()
    positions()
    last = acmes.items("events", limit=2)[-1]
    nothing = acmes.get("events", after=last["id"]).json()
    write("Second")
    work()
    positions()

    following = acmes.items("events", after=last["id"])

    assert nothing == {"items": [], "next": None}
    assert [each["type"] for each in following] == ["message.received", "message.status"]


def test_one_type_is_followed_alone(acmes, acme_whatsapp, write, work, graph, positions):
    write("First")
    work()
    positions()

    events = acmes.items("events", type="message.received")

    assert [each["type"] for each in events] == ["message.received"]


def test_what_has_no_place_yet_is_not_told(acmes, acme_whatsapp, write, work, graph):
    write("First")
    work()

    with operator_scope():
        assert LoggedEvent.objects.count() > 0
    assert acmes.items("events") == []


def test_an_event_of_another_tenant_or_of_nobody_is_no_place_to_go_on(
    acmes, globexs, acme_whatsapp, write, work, graph, positions
):
    write("First")
    work()
    positions()
    theirs = acmes.items("events")[0]["id"]

    refused = globexs.get("events", after=theirs)
    nobody = globexs.get("events", after="00000000-0000-0000-0000-000000000000")

    assert (refused.status_code, faults_of(refused)) == (
        400,
        [("after", "No event has this id, or it is kept no longer.")],
    )
    assert faults_of(nobody) == faults_of(refused)


def test_what_is_done_through_the_api_is_told_as_well(acmes, acme_whatsapp, write, work, positions):
    write("First")
    work()
    contact = acmes.items("contacts")[0]["id"]
    conversation = acmes.items("conversations")[0]["id"]
    positions()
    last = acmes.items("events")[-1]["id"]

    for order in ("hand-over", "hand-back", "close", "close", "reopen"):
        acmes.post(f"conversations/{conversation}/{order}")
    acmes.patch(f"contacts/{contact}", {"saved_name": "Ada", "attributes": {"plan": "pro"}})
    acmes.patch(f"contacts/{contact}", {"wants_marketing": False})
    acmes.post(f"conversations/{conversation}/close")
    write("Second")
    work()
    positions()

    told = acmes.items("events", after=last)
    assert [(each["type"], each["data"].get("to", each["data"].get("fields"))) for each in told][
        :8
    ] == [
        ("conversation.handed_over", "people"),
        ("conversation.handed_over", "automation"),
        ("conversation.closed", None),
        ("conversation.opened", None),
        ("contact.changed", ["saved_name", "attributes"]),
        ("contact.opted_out", None),
        ("conversation.closed", None),
        ("conversation.opened", None),
    ]
