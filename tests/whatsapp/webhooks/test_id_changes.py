"""What is read of a changed id: which was the old one, which is the new one, whose it is and where
an answer goes.
"""

from typing import Any

import pytest

from channels_app.events import InboundMessage, Rejected
from tests.support.whatsapp.expected import became, identity, said, told, webhook
from whatsapp.webhooks.parser import parse

pytestmark = pytest.mark.whatsapp

OLD, NEW, OTHER = ("wa_id", "573000010011"), ("wa_id", "573000010012"), ("wa_id", "573000010013")
B1, B2, B3 = ("bsuid", "CO.1001"), ("bsuid", "CO.1002"), ("bsuid", "CO.1003")
P1, P2 = ("parent_bsuid", "CO.ENT.3001"), ("parent_bsuid", "CO.ENT.3002")
MOVED, BECAME, ROSE = became(OLD, NEW), became(B1, B2), became(P1, P2)
NUMBER, OLDER, PERSON = "user_changed_number", "customer_changed_number", "user_changed_user_id"
WORDS = f"User Ada changed from {OLD[1]} to {NEW[1]}"
RENAMED = f"User Ada changed from {B1[1]} to {B2[1]}"


def read(kind: str, system: dict[str, Any], **own: Any) -> Any:
    """The event of a system message; `own`: what it says of its sender itself, `from_` for
    `from`.
    """
    item = said("system", sender=own.pop("from_", None), system={"type": kind, **system}, **own)
    (event,) = parse(webhook(contacts=[], messages=[item]))
    return event


def outcome(event: InboundMessage) -> tuple:
    return event.contact_ids, event.replacements, event.reply_to


# what it is, the system object, the message beside it, and (whose, what has changed, where an
# answer goes)
EVIDENCE = {
    "typed keys, from nobody": (
        PERSON,
        {"user_id": B2[1], "previous_user_id": B1[1]},
        {},
        ((B2,), (BECAME,), B2[1]),
    ),
    "typed keys, from the old id": (
        PERSON,
        {"user_id": B2[1], "previous_user_id": B1[1]},
        {"from_user_id": B1[1]},
        ((B1,), (BECAME,), B2[1]),
    ),
    "typed keys, from the new id": (
        PERSON,
        {"user_id": B2[1], "previous_user_id": B1[1]},
        {"from_user_id": B2[1]},
        ((B2,), (BECAME,), B2[1]),
    ),
    "typed keys, and a number that stays": (
        PERSON,
        {"user_id": B2[1], "previous_user_id": B1[1]},
        {"from_": OLD[1]},
        ((OLD,), (BECAME,), OLD[1]),
    ),
    "typed keys before a third id in from and words": (
        PERSON,
        {
            "user_id": B2[1],
            "previous_user_id": B1[1],
            "body": f"User Ada changed from {B3[1]} to {B2[1]}",
        },
        {"from_user_id": B2[1]},
        ((B2,), (BECAME,), B2[1]),
    ),
    "from before the words": (
        PERSON,
        {"user_id": B2[1], "body": f"User Ada changed from {B3[1]} to {B2[1]}"},
        {"from_user_id": B1[1]},
        ((B1,), (BECAME,), B2[1]),
    ),
    "words, where from is the new id already": (
        PERSON,
        {"user_id": B2[1], "body": RENAMED},
        {"from_user_id": B2[1]},
        ((B2,), (BECAME,), B2[1]),
    ),
    "words alone": (PERSON, {"body": RENAMED}, {}, ((B2,), (BECAME,), B2[1])),
    "from the new id, and no word of the old": (
        PERSON,
        {"user_id": B2[1], "body": "x"},
        {"from_user_id": B2[1]},
        ((B2,), (), B2[1]),
    ),
    "an id that stays is no change": (
        PERSON,
        {"user_id": B1[1], "previous_user_id": B1[1]},
        {"from_user_id": B1[1]},
        ((B1,), (), B1[1]),
    ),
    "the old id alone": (PERSON, {"previous_user_id": B1[1]}, {}, ((B1,), (), B1[1])),
    "both parents": (
        PERSON,
        {
            "user_id": B2[1],
            "parent_user_id": P2[1],
            "previous_user_id": B1[1],
            "previous_parent_user_id": P1[1],
        },
        {"from_user_id": B1[1]},
        ((B1,), (BECAME, ROSE), B2[1]),
    ),
    "the parent alone": (
        PERSON,
        {"parent_user_id": P2[1], "previous_parent_user_id": P1[1]},
        {},
        ((P2,), (ROSE,), P2[1]),
    ),
    "the parent, from the old one": (
        PERSON,
        {"user_id": B1[1], "parent_user_id": P2[1]},
        {"from_user_id": B1[1], "from_parent_user_id": P1[1]},
        ((B1, P1), (ROSE,), B1[1]),
    ),
    "the parent, from the new one": (
        PERSON,
        {"user_id": B1[1], "parent_user_id": P2[1], "previous_parent_user_id": P1[1]},
        {"from_user_id": B1[1], "from_parent_user_id": P2[1]},
        ((B1, P2), (ROSE,), B1[1]),
    ),
    "a parent that is new": (
        PERSON,
        {"user_id": B2[1], "previous_user_id": B1[1], "parent_user_id": P2[1]},
        {"from_user_id": B1[1]},
        ((B1, P2), (BECAME,), B2[1]),
    ),
    "number and BSUIDs at once": (
        NUMBER,
        {
            "wa_id": NEW[1],
            "user_id": B2[1],
            "parent_user_id": P2[1],
            "previous_user_id": B1[1],
            "previous_parent_user_id": P1[1],
        },
        {"from_": OLD[1]},
        ((OLD,), (MOVED, BECAME, ROSE), NEW[1]),
    ),
    "number and BSUIDs, all from the new": (
        NUMBER,
        {"wa_id": NEW[1], "user_id": B2[1], "previous_user_id": B1[1], "body": WORDS},
        {"from_": NEW[1], "from_user_id": B2[1]},
        ((B2, NEW), (MOVED, BECAME), NEW[1]),
    ),
    "number of a BSUID that stays": (
        NUMBER,
        {"wa_id": NEW[1], "user_id": B1[1], "previous_user_id": B1[1]},
        {"from_": OLD[1]},
        ((B1, OLD), (MOVED,), NEW[1]),
    ),
    "number, and a BSUID whose old one nobody names": (
        NUMBER,
        {"wa_id": NEW[1], "user_id": B2[1]},
        {"from_": OLD[1]},
        ((B2, OLD), (MOVED,), NEW[1]),
    ),
    "number of webhooks v11, a text": (
        NUMBER,
        {"new_wa_id": NEW[1]},
        {"from_": OLD[1]},
        ((OLD,), (MOVED,), NEW[1]),
    ),
    "number of webhooks v11, a number": (
        NUMBER,
        {"new_wa_id": int(NEW[1])},
        {"from_": int(OLD[1])},
        ((OLD,), (MOVED,), NEW[1]),
    ),
    "number in the key of today, beside an empty old one": (
        NUMBER,
        {"wa_id": NEW[1], "new_wa_id": "", "customer": "", "identity": "", "body": WORDS},
        {"from_": OLD[1]},
        ((OLD,), (MOVED,), NEW[1]),
    ),
    "number by its old spelling": (
        OLDER,
        {"wa_id": NEW[1]},
        {"from_": OLD[1]},
        ((OLD,), (MOVED,), NEW[1]),
    ),
    "number by its old spelling and its old keys": (
        OLDER,
        {"new_wa_id": NEW[1], "customer": OLD[1], "identity": "Rc/eg9Rl0JA="},
        {},
        ((NEW,), (MOVED,), NEW[1]),
    ),
    "the customer before, from the new number": (
        OLDER,
        {"wa_id": NEW[1], "customer": OLD[1]},
        {"from_": NEW[1]},
        ((NEW,), (MOVED,), NEW[1]),
    ),
    "the customer before, from another form of that number": (
        OLDER,
        {"wa_id": NEW[1], "customer": OLD[1]},
        {"from_": OTHER[1]},
        ((OTHER,), (MOVED,), NEW[1]),
    ),
    "words with a full stop": (
        PERSON,
        {"body": f"{RENAMED}."},
        {"from_user_id": B2[1]},
        ((B2,), (BECAME,), B2[1]),
    ),
    "number in words alone, from nobody": (OLDER, {"body": WORDS}, {}, ((NEW,), (MOVED,), NEW[1])),
    "BSUIDs where numbers are expected": (
        NUMBER,
        {"wa_id": B2[1]},
        {"from_": B1[1]},
        ((B1,), (BECAME,), B2[1]),
    ),
    "parents where BSUIDs are expected": (
        PERSON,
        {"user_id": P2[1], "previous_user_id": P1[1]},
        {},
        ((P2,), (ROSE,), P2[1]),
    ),
    "a number where a BSUID is expected": (
        NUMBER,
        {"user_id": NEW[1]},
        {"from_user_id": OLD[1]},
        ((OLD,), (MOVED,), NEW[1]),
    ),
    "nothing that is an id": (
        NUMBER,
        {
            "wa_id": "unknown",
            "new_wa_id": {},
            "user_id": [B2[1]],
            "previous_user_id": True,
            "body": "changed from here to there",
        },
        {"from_": OLD[1]},
        ((OLD,), (), OLD[1]),
    ),
    "another identity, from its customer": (
        "customer_identity_changed",
        {"customer": OLD[1], "identity": "Rc/eg9Rl0JA="},
        {},
        ((OLD,), (), OLD[1]),
    ),
}


@pytest.mark.parametrize("name", EVIDENCE)
def test_a_notice_is_read_by_its_best_evidence(name):
    kind, system, own, expected = EVIDENCE[name]

    assert outcome(read(kind, system, **own)) == expected


@pytest.mark.parametrize(
    "body",
    [
        WORDS,
        f"User Nora changed from \u200e{OLD[1]} to {NEW[1]}\u200e",
        f"User Nora changed from \u2066{OLD[1]}\u2069 to \u2066{NEW[1]}\u2069.",
        "Nora changed from +57 300 0010011 to +57 300 0010012",
        "Nora changed  from \u202a+57 (300)\u00a0001-0011\u202c  to  \u202a+57 300"
        " 001\u201112\u202c".replace("\u201112", "\u20110012"),
        "User changed number from 573000010011 to 573000010012",
        "User from Cali to Bogota changed from +57 300 0010011 to +57 300 0010012",
        "Nora\nchanged\nfrom\u200b 573000010011\nto\n573000010012\n",
    ],
    ids=ascii,
)
def test_the_sentence_is_understood_however_its_numbers_are_written(body):
    assert read(NUMBER, {"body": body}, from_=NEW[1]).replacements == (MOVED,)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "from",
        "from to",
        "changed from here to there",
        f"from {OLD[1]}",
        f"to {NEW[1]}",
        f"{OLD[1]} to {NEW[1]}",
        None,
        7,
        [WORDS],
    ],
)
def test_a_sentence_that_names_no_two_ids_changes_nothing(body):
    assert outcome(read(NUMBER, {"body": body}, from_=OLD[1])) == ((OLD,), (), OLD[1])


def test_a_notice_that_names_nobody_is_refused_with_a_sentence():
    event = read(
        PERSON,
        {
            "user_id": "unknown",
            "previous_user_id": None,
            "body": "The id of this person is another now.",
        },
    )

    assert (type(event), event.reason) == (Rejected, "The item names no contact.")


@pytest.mark.parametrize(
    ("update", "expected"),
    [
        (
            {"user_id": {"previous": "\u200eCO.1001", "current": " CO.1002 "}},
            {"contact_ids": (B2,), "replacements": (BECAME,)},
        ),
        (
            {"parent_user_id": {"previous": P1[1], "current": P2[1]}},
            {"contact_ids": (P2,), "replacements": (ROSE,)},
        ),
        (
            {"user_id": {"previous": P1[1], "current": P2[1]}},
            {"contact_ids": (P2,), "replacements": (ROSE,)},
        ),
        ({"user_id": {"previous": OLD[1], "current": B2[1]}}, {"contact_ids": (B2,)}),
        (
            {"user_id": {"previous": B1[1], "current": "unknown"}, "wa_id": "+573000010011"},
            {"contact_ids": (OLD,)},
        ),
        ({"user_id": {"previous": B1[1], "current": B1[1]}}, {"contact_ids": (B1,)}),
    ],
)
def test_an_update_is_read_by_the_forms_of_its_ids(update, expected):
    (event,) = parse(
        webhook(
            "user_id_update", contacts=[], user_id_update=[{"timestamp": "1790000000", **update}]
        )
    )

    assert told(event) == told(identity(**expected))
