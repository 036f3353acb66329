"""Ids that change again and again: in whatever order the changes are told, the newest is in use,
the others were given up.
"""

from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest

from messaging.models import Contact, ContactChange, Conversation, Message
from tenants.scope import operator_scope
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER
from tests.support.whatsapp import bodies

pytestmark = [pytest.mark.whatsapp, pytest.mark.usefixtures("all_told")]

Items = list[dict]
FORMS: dict[str, Callable[[int, int], str]] = {
    "bsuid": lambda person, turn: f"SE.{person:02}0{turn}",
    "parent_bsuid": lambda person, turn: f"SE.ENT.{person:02}0{turn}",
    "wa_id": lambda person, turn: f"46701000{person:02}{turn}",
}
KEYS = {
    "bsuid": ("user_changed_user_id", "previous_user_id", "user_id", "from_user_id"),
    "parent_bsuid": (
        "user_changed_user_id",
        "previous_parent_user_id",
        "parent_user_id",
        "from_parent_user_id",
    ),
    "wa_id": ("user_changed_number", "customer", "wa_id", "from"),
}
CHANGES = (0, 1, 2)


def said(kind: str, value: str) -> dict:
    """A text that names its sender by this id alone."""
    item = bodies.text("Hello")
    del item["from"]
    return {**item, KEYS[kind][3]: value}


def notice(kind: str, old: str, new: str) -> dict:
    """Meta's word that an id has changed, from nobody."""
    what, before, now, _ = KEYS[kind]
    item = bodies.text(
        "Hello",
        type="system",
        system={"type": what, before: old, now: new, "body": "It is another now."},
    )
    del item["from"], item["text"]
    return item


def post(deliver: Any, *items: dict) -> None:
    value = {**bodies.value(ACME_NUMBER), "messages": list(items)}
    assert deliver(bodies.webhook(bodies.entry(ACME_ACCOUNT, value))).status_code == 200


def standing() -> list[list[tuple[str, str, bool]]]:
    """Each standing contact's ids, (kind, value, is in use), by the first of them."""
    with operator_scope():
        rows = Contact.objects.filter(merged_into=None)
        return sorted(
            sorted(each.identities.values_list("kind", "value", "is_active")) for each in rows
        )


def conversations() -> int:
    with operator_scope():
        return Conversation.objects.filter(merged_into=None).count()


def ended(kind: str, person: int) -> list[tuple[str, str, bool]]:
    """What a person's ids are when all three changes are known."""
    return [
        (kind, FORMS[kind](person, turn), turn == len(CHANGES)) for turn in range(len(CHANGES) + 1)
    ]


def told(kind: str, person: int, what: int) -> dict:
    """One of the three changes; 3: the person writes by the newest id."""
    form = FORMS[kind]
    return (
        notice(kind, form(person, what), form(person, what + 1))
        if what in CHANGES
        else said(kind, form(person, 3))
    )


@pytest.mark.parametrize("kind", FORMS)
def test_three_changes_and_the_first_words_by_the_newest_id_in_every_order_leave_one_contact(
    quiet, acme_whatsapp, deliver, work, kind
):
    orders = list(permutations((*CHANGES, 3)))
    post(deliver, *(said(kind, FORMS[kind](person, 0)) for person in range(len(orders))))
    work()
    for step in range(4):
        post(deliver, *(told(kind, person, order[step]) for person, order in enumerate(orders)))
        work()

    assert standing() == [ended(kind, person) for person in range(len(orders))]
    assert conversations() == len(orders)


@pytest.mark.parametrize("kind", FORMS)
def test_the_same_in_one_body_and_all_of_it_repeated_in_another_order(
    quiet, acme_whatsapp, deliver, work, kind
):
    orders = list(enumerate(permutations((*CHANGES, 3))))
    firsts = [said(kind, FORMS[kind](person, 0)) for person, _ in orders]
    post(
        deliver, *firsts, *(told(kind, person, what) for person, order in orders for what in order)
    )
    work()
    post(
        deliver,
        *(
            told(kind, person, what)
            for person, order in orders
            for what in reversed(order)
            if what in CHANGES
        ),
    )
    work()

    assert standing() == [ended(kind, person) for person in range(len(orders))]
    assert conversations() == len(orders)


W, B = FORMS["wa_id"], FORMS["bsuid"]


def grace(person: int) -> str:
    return f"NO.{person:02}"


def moved(person: int, turn: int, *, with_user_ids: bool = True, **more: Any) -> dict:
    """Meta's word that a number has become the next, from the old one."""
    system = {
        "type": "user_changed_number",
        "wa_id": W(person, turn + 1),
        "body": "Their number is another now.",
    }
    user_ids = (
        {"previous_user_id": B(person, turn), "user_id": B(person, turn + 1)}
        if with_user_ids
        else {}
    )
    item = bodies.text(sender=W(person, turn), type="system", system={**system, **user_ids}, **more)
    del item["text"]
    return item


def in_use(value: str) -> list[str]:
    """The ids in use of the contact that this is an id of."""
    with operator_scope():
        contact = Contact.objects.get(identities__value=value)
        return sorted(contact.identities.filter(is_active=True).values_list("value", flat=True))


def writers() -> list[set[str]]:
    """Who has written in each standing conversation, by what they say."""
    with operator_scope():
        rows = Conversation.objects.filter(merged_into=None)
        said = [
            Message.objects.filter(conversation=each, kind="text", direction="inbound")
            for each in rows
        ]
        return sorted((set(each.values_list("text", flat=True)) for each in said), key=sorted)


@pytest.mark.parametrize(
    "with_user_ids", [True, False], ids=["the user id changes too", "the user id stays"]
)
def test_a_number_that_somebody_else_has_by_now_makes_them_nobody_else_in_any_order(
    quiet, acme_whatsapp, deliver, work, with_user_ids
):
    newest = 2 if with_user_ids else 0
    what = {
        "first": lambda person: moved(person, 0, with_user_ids=with_user_ids),
        "second": lambda person: moved(person, 1, with_user_ids=with_user_ids),
        "newest": lambda person: bodies.text(
            "Ada", sender=W(person, 2), from_user_id=B(person, newest)
        ),
        "grace": lambda person: bodies.text(
            "Grace", sender=W(person, 0), from_user_id=grace(person)
        ),
    }
    orders = list(permutations(what))
    post(
        deliver,
        *(
            bodies.text("Ada", sender=W(each, 0), from_user_id=B(each, 0))
            for each in range(len(orders))
        ),
    )
    work()
    for step in range(4):
        post(deliver, *(what[order[step]](person) for person, order in enumerate(orders)))
        work()

    persons = range(len(orders))
    assert [in_use(B(person, 0)) for person in persons] == [
        sorted([W(person, 2), B(person, newest)]) for person in persons
    ]
    assert {"NO" in value for person in persons for value in in_use(B(person, 0))} == {False}
    assert writers() == [{"Ada"}] * len(orders) + [{"Grace"}] * len(orders)


def test_a_number_that_was_given_up_is_not_its_former_owners_when_it_comes_with_a_user_id(
    quiet, acme_whatsapp, deliver, work
):
    for item in (
        bodies.text("Ada", sender=W(0, 0)),
        moved(0, 0, with_user_ids=False),
        bodies.text("Grace", sender=W(0, 0), from_user_id=grace(0)),
        bodies.text("Ada", sender=W(0, 1), from_user_id=B(0, 0)),
    ):
        post(deliver, item)
        work()

    assert standing() == [
        [("bsuid", grace(0), True), ("wa_id", W(0, 0), True)],
        [("bsuid", B(0, 0), True), ("wa_id", W(0, 1), True)],
    ]
    assert writers() == [{"Ada"}, {"Grace"}]


def test_a_change_that_is_told_again_when_somebody_else_has_the_old_number_changes_nothing(
    quiet, acme_whatsapp, deliver, work
):
    post(deliver, bodies.text("Ada", sender=W(0, 0), from_user_id=B(0, 0)))
    post(deliver, moved(0, 0, with_user_ids=False))
    post(deliver, bodies.text("Grace", sender=W(0, 0), from_user_id=grace(0)))
    work()
    known = standing()
    post(deliver, moved(0, 0, with_user_ids=False))
    work()

    assert known == [
        [("bsuid", grace(0), True), ("wa_id", W(0, 0), True)],
        [("bsuid", B(0, 0), True), ("wa_id", W(0, 1), True)],
    ]
    assert standing() == known
    with operator_scope():
        assert ContactChange.objects.filter(is_open=True).count() == 0


def test_who_goes_back_to_the_old_number_and_away_again_has_the_last_one(
    quiet, acme_whatsapp, deliver, work
):
    post(deliver, said("wa_id", W(0, 0)))
    ends = []
    for old, new in ((0, 1), (1, 0), (0, 1)):
        post(deliver, notice("wa_id", W(0, old), W(0, new)))
        work()
        ends.append(in_use(W(0, 0)))

    assert ends == [[W(0, 1)], [W(0, 0)], [W(0, 1)]]


def test_words_by_a_new_number_and_user_id_before_any_notice_are_the_same_person_once_it_comes(
    quiet, acme_whatsapp, deliver, work
):
    post(deliver, bodies.text("Ada", sender=W(0, 0), from_user_id=B(0, 0)))
    post(deliver, bodies.text("Ada", sender=W(0, 1), from_user_id=B(0, 1)))
    work()
    assert conversations() == 2
    for item in (moved(0, 0, with_user_ids=False), notice("bsuid", B(0, 0), B(0, 1))):
        post(deliver, item)
        work()

    assert standing() == [
        [
            ("bsuid", B(0, 0), False),
            ("bsuid", B(0, 1), True),
            ("wa_id", W(0, 0), False),
            ("wa_id", W(0, 1), True),
        ]
    ]
    assert conversations() == 1


def test_a_number_change_that_brings_a_user_id_nobody_knows_is_of_who_has_the_old_number(
    quiet, acme_whatsapp, deliver, work
):
    post(deliver, bodies.text("Ada", sender=W(0, 0), from_user_id=B(0, 0)))
    item = moved(0, 0, with_user_ids=False)
    item["system"]["user_id"] = B(0, 1)
    post(deliver, item)
    post(deliver, bodies.text("Ada", sender=W(0, 1), from_user_id=B(0, 1)))
    work()

    assert (in_use(W(0, 0)), conversations()) == (sorted([B(0, 0), B(0, 1), W(0, 1)]), 1)


def test_a_number_change_of_a_known_user_id_does_not_make_who_had_the_number_the_same_person(
    quiet, acme_whatsapp, deliver, work
):
    post(deliver, bodies.text("Ada", sender=W(0, 0), from_user_id=B(0, 0)))
    post(deliver, bodies.text("Grace", sender=grace(0)))
    item = moved(0, 0, with_user_ids=False)
    item["system"]["user_id"] = grace(0)
    post(deliver, item)
    work()

    assert (in_use(B(0, 0)), in_use(grace(0))) == (
        sorted([W(0, 0), B(0, 0)]),
        sorted([W(0, 1), grace(0)]),
    )
    with operator_scope():
        assert list(ContactChange.objects.filter(is_open=True).values_list("kind", "new")) == [
            ("wa_id", W(0, 0))
        ]


def update(old: str, new: str) -> dict:
    return {"user_id": {"previous": old, "current": new}, "timestamp": "1790000000"}


def test_updates_in_one_body_are_followed_in_any_order(quiet, acme_whatsapp, deliver, work):
    orders = list(permutations(CHANGES))
    post(deliver, *(said("bsuid", B(person, 0)) for person in range(len(orders))))
    work()
    for person, order in enumerate(orders):
        items = [update(B(person, each), B(person, each + 1)) for each in order]
        value = {**bodies.value(ACME_NUMBER), "user_id_update": items}
        deliver(bodies.webhook(bodies.change(ACME_ACCOUNT, "user_id_update", value)))
    work()

    assert standing() == [ended("bsuid", person) for person in range(len(orders))]


def test_an_old_id_that_is_told_to_be_the_new_one_too_late_does_not_come_back(
    quiet, acme_whatsapp, deliver, work
):
    post(deliver, said("bsuid", B(0, 0)))
    for old, new in ((0, 1), (1, 2)):
        post(deliver, notice("bsuid", B(0, old), B(0, new)))
        work()
    late = notice("bsuid", "", B(0, 1))
    post(deliver, {**late, "from_user_id": B(0, 1)})
    work()

    assert in_use(B(0, 0)) == [B(0, 2)]


def test_what_is_said_after_a_chain_of_changes_goes_to_the_newest_id(
    quiet, acme_whatsapp, deliver, work
):
    post(deliver, said("bsuid", B(0, 0)))
    for old in (2, 0, 1):
        post(deliver, {**notice("bsuid", B(0, old), B(0, old + 1)), "from_user_id": B(0, old)})
        work()

    with operator_scope():
        assert Conversation.objects.get(merged_into=None).addresses()[0] == ("bsuid", B(0, 3))


@pytest.mark.parametrize(
    "content",
    [{"type": "text", "text": {"body": "Me again"}}, {"type": "image", "image": {"id": "1"}}],
)
def test_who_writes_from_an_id_that_was_given_up_has_it_again_and_is_nobody_new(
    quiet, acme_whatsapp, deliver, work, content
):
    post(deliver, said("bsuid", B(0, 0)))
    post(deliver, notice("bsuid", B(0, 0), B(0, 1)))
    work()
    assert in_use(B(0, 0)) == [B(0, 1)]
    post(deliver, {**said("bsuid", B(0, 0)), **content})
    work()

    assert in_use(B(0, 0)) == [B(0, 0), B(0, 1)]
    with operator_scope():
        assert Contact.objects.count() == 1  # nor one that was made and joined
