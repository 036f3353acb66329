"""Whose an item is, in every place where an id of a person may stand: by the form of the id,
whatever the place is for.
"""

from collections.abc import Callable
from typing import Any

import pytest

from channels_app.events import Event, Rejected
from tests.support.whatsapp.expected import DIALLED, said, webhook
from whatsapp.webhooks.parser import parse
from whatsapp.webhooks.person_ids import recipient_of

pytestmark = pytest.mark.whatsapp

BSUID, PARENT, NUMBER = (
    ("bsuid", "CO.1001"),
    ("parent_bsuid", "CO.ENT.3001"),
    ("wa_id", "573000010011"),
)
BESIDE = ("bsuid", "CO.7007")
GROUP = "120363025246125244"
NOBODY = "The item names no contact."


def message(**ids: Any) -> bytes:
    return webhook(
        contacts=[], messages=[{**said("text", text={"body": "a"}), "from": None, **ids}]
    )


def contact(**ids: Any) -> bytes:
    """The only message names nobody, its only contact does."""
    return webhook(
        contacts=[{"profile": {"name": "Nora"}, **ids}], messages=[said("text", sender=None)]
    )


def echo(**ids: Any) -> bytes:
    return webhook(
        "smb_message_echoes", contacts=[], message_echoes=[said("text", sender=DIALLED, **ids)]
    )


def history(id: Any = None, **ids: Any) -> bytes:
    chunk = {
        "metadata": {"phase": 0},
        "threads": [{"id": id, "messages": [{**said("text"), "from": None, **ids}]}],
    }
    return webhook("history", contacts=[], history=[chunk])


def preference(**ids: Any) -> bytes:
    item = {"category": "marketing_messages", "value": "stop", "timestamp": 1_790_000_000, **ids}
    return webhook("user_preferences", contacts=[], user_preferences=[item])


def update(**ids: Any) -> bytes:
    item = {key: {"current": value} if "user_id" in key else value for key, value in ids.items()}
    return webhook(
        "user_id_update", contacts=[], user_id_update=[{"timestamp": "1790000000", **item}]
    )


def notice(**ids: Any) -> bytes:
    return webhook(
        contacts=[],
        messages=[said("system", sender=None, system={"type": "user_changed_user_id", **ids})],
    )


PLACES: dict[str, tuple[Callable[..., bytes], list[str]]] = {
    "message": (message, ["from", "from_user_id", "from_parent_user_id"]),
    "contact": (contact, ["wa_id", "user_id", "parent_user_id"]),
    "echo": (echo, ["to", "to_user_id", "to_parent_user_id"]),
    "history": (history, ["from", "from_user_id", "from_parent_user_id", "id"]),
    "preference": (preference, ["wa_id", "user_id", "parent_user_id"]),
    "update": (update, ["wa_id", "user_id", "parent_user_id"]),
    "notice": (notice, ["wa_id", "new_wa_id", "user_id", "parent_user_id"]),
}
EVERYWHERE = [
    pytest.param(build, key, id=f"{name} {key}")
    for name, (build, keys) in PLACES.items()
    for key in keys
]
NO_IDS = [
    *(
        "",
        "unknown",
        "573 000 010011",
        "CO.10 01",
        "co.1001",
        "Y29ycHVzX2dyb3Vw",
        "4" * 513,
        "\x00",
    ),
    None,
    [],
    {},
    [BSUID[1]],
    5.5,
    True,
    0,
]


def only(body: bytes) -> Event:
    (event,) = parse(body)
    return event


@pytest.mark.parametrize(("build", "key"), EVERYWHERE)
@pytest.mark.parametrize("person", [BSUID, PARENT, NUMBER], ids=["BSUID", "parent", "number"])
def test_an_id_is_what_its_form_says_wherever_it_stands(build, key, person):
    value = person[1]
    events = [
        only(build(**{key: each}))
        for each in (value, f"\u200e{value}\u2069", f" \u00a0{value}\ufeff\n")
    ]

    assert [event.contact_ids for event in events] == [(person,)] * 3
    assert {event.reply_to for event in events if hasattr(event, "reply_to")} <= {value}


@pytest.mark.parametrize(("build", "key"), EVERYWHERE)
@pytest.mark.parametrize("value", NO_IDS, ids=ascii)
def test_what_is_no_id_is_ignored_beside_one_and_refused_alone(build, key, value):
    other = next(
        each for name, (b, keys) in PLACES.items() if b is build for each in keys if each != key
    )
    beside, alone = only(build(**{key: value, other: BESIDE[1]})), only(build(**{key: value}))

    assert beside.contact_ids == (BESIDE,)
    assert getattr(beside, "reply_to", BESIDE[1]) == BESIDE[1]
    assert (type(alone), alone.reason) == (Rejected, NOBODY)


@pytest.mark.parametrize("value", NO_IDS, ids=ascii)
def test_an_item_of_nobody_touches_none_of_its_neighbours(value):
    good = [
        said("text", wamid=f"wamid.{sender}", sender=sender, text={"body": "a"})
        for sender in (NUMBER[1], "573000010012")
    ]
    events = list(
        parse(webhook(contacts=[], messages=[good[0], said("text", sender=value), good[1]]))
    )

    assert [getattr(event, "contact_ids", None) for event in events] == [
        (NUMBER,),
        None,
        (("wa_id", "573000010012"),),
    ]
    assert events[1].raw == said("text", sender=value)


def test_an_answer_goes_to_what_the_message_came_from_in_its_clean_form():
    came_from = [
        message(**{"from": "\u202a573000010011\u202c", "from_user_id": BSUID[1]}),
        message(**{"from": BSUID[1], "from_user_id": NUMBER[1]}),
        message(**{"from": "unknown", "from_user_id": "\u200eCO.1001"}),
        message(**{"from": {}, "from_user_id": [], "from_parent_user_id": PARENT[1]}),
        message(**{"from": 573000010011}),
        message(**{"from": "+573000010011"}),
    ]

    replies = [only(body).reply_to for body in came_from]
    assert replies == [
        "573000010011",
        "CO.1001",
        "CO.1001",
        "CO.ENT.3001",
        "573000010011",
        "573000010011",
    ]


def test_a_contact_is_found_by_its_ids_whatever_marks_and_places_they_have():
    contacts = [
        {"profile": {"name": "Omar"}, "wa_id": "573000010099"},
        {"profile": {"name": "Nora"}, "wa_id": "\u200eCO.1001"},
    ]
    item = said("text", sender="573000010011", from_user_id="CO.1001\u200f")
    event = only(webhook(contacts=contacts, messages=[item]))

    assert (event.contact_name, event.contact_ids) == ("Nora", (BSUID, NUMBER))


def test_messages_of_one_person_are_one_persons_whatever_marks_their_ids_have():
    items = [
        said("text", wamid=each, sender=sender)
        for each, sender in (("wamid.1", "573000010011"), ("wamid.2", "\u200e573000010011"))
    ]
    events = parse(webhook(contacts=[{"wa_id": "573000010099"}], messages=items))

    assert [event.contact_ids for event in events] == [(NUMBER, ("wa_id", "573000010099"))] * 2


@pytest.mark.parametrize(
    ("status", "recipients", "participant"),
    [
        (
            {"recipient_id": "\u200e573000010011", "recipient_user_id": " CO.1001"},
            (BSUID, NUMBER),
            "",
        ),
        ({"recipient_id": BSUID[1], "recipient_user_id": NUMBER[1]}, (BSUID, NUMBER), ""),
        ({"recipient_user_id": PARENT[1]}, (PARENT,), ""),
        (
            {
                "recipient_id": "unknown",
                "recipient_user_id": {},
                "recipient_parent_user_id": PARENT[1],
            },
            (PARENT,),
            "",
        ),
        ({"recipient_id": ["573000010011"]}, (), ""),
        (
            {
                "recipient_id": GROUP,
                "recipient_type": "group",
                "recipient_participant_id": "\u200e573000010011",
            },
            (),
            NUMBER[1],
        ),
        (
            {
                "recipient_type": "group",
                "recipient_participant_id": NUMBER[1],
                "recipient_participant_user_id": {},
            },
            (),
            NUMBER[1],
        ),
        ({"recipient_type": "group", "recipient_participant_id": "a lid"}, (), "a lid"),
        ({"recipient_type": "group", "recipient_participant_id": [7]}, (), ""),
    ],
)
def test_a_status_names_its_recipient_by_the_forms_of_its_ids(status, recipients, participant):
    event = only(webhook(contacts=[], statuses=[{"id": "wamid.out", "status": "read", **status}]))

    assert (event.recipient_ids, event.participant) == (recipients, participant)


@pytest.mark.parametrize(
    ("contact", "expected"),
    [
        ({"input": "+573000010011", "wa_id": "573000010011"}, ()),
        ({"wa_id": "\u200e573000010011\u200e"}, ()),
        ({"wa_id": "\u200e573000010012"}, (("wa_id", "573000010012"),)),
        ({"wa_id": "CO.1001", "user_id": "573000010011"}, (BSUID,)),
        ({"user_id": "CO.ENT.3001"}, (PARENT,)),
        ({"user_id": "CO.1001", "parent_user_id": "CO.ENT.3001"}, (BSUID, PARENT)),
        ({"wa_id": "unknown", "user_id": ["CO.1001"]}, ()),
    ],
)
def test_graphs_answer_to_a_send_names_the_recipient_by_the_forms_of_its_ids(contact, expected):
    answers = [
        recipient_of({"contacts": [contact]}, to) for to in ("573000010011", "+573000010011")
    ]

    assert answers == [expected, expected]


@pytest.mark.parametrize(
    "body",
    [
        echo(to=GROUP, group_id=GROUP),
        echo(to=GROUP, recipient_type="group"),
        history(id=GROUP, group_id=GROUP),
        echo(to="Y29ycHVzX2dyb3Vw"),
    ],
    ids=[
        "echo in a group",
        "echo to a group",
        "thread of a group",
        "echo to what only a group is called",
    ],
)
def test_a_group_is_nobody(body):
    assert only(body).reason == NOBODY


def test_the_sender_of_a_groups_message_is_who_wrote_it():
    event = only(message(**{"from": NUMBER[1], "group_id": GROUP}))

    assert (event.contact_ids, event.reply_to, event.group_external_id) == (
        (NUMBER,),
        NUMBER[1],
        GROUP,
    )


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("+57 (300) 001-0011", NUMBER),
        ("\u202a+57 300 001 0011\u202c", NUMBER),
        (573000010011, NUMBER),
        ("CO.1001", BSUID),
    ],
)
def test_a_number_of_the_address_book_is_read_as_people_write_it(number, expected):
    item = {
        "type": "contact",
        "contact": {"phone_number": number, "full_name": "Nora"},
        "action": "add",
    }

    assert only(webhook("smb_app_state_sync", contacts=[], state_sync=[item])).contact_ids == (
        expected,
    )


def test_whose_history_it_is_is_told_whatever_marks_its_ids_have():
    metadata = {"phone_number_id": "400000000000001"}
    items = [
        said("text", sender="\u200e573000010011"),
        said("text", wamid="wamid.2", sender=DIALLED),
    ]
    chunk = {"threads": [{"id": "573000010011\u200f", "messages": items}]}
    events = list(parse(webhook("history", contacts=[], metadata=metadata, history=[chunk])))

    assert [(event.is_outbound, event.contact_ids) for event in events] == [
        (False, (NUMBER,)),
        (True, (NUMBER,)),
    ]
