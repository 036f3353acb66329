"""Ids that change again and again: in whatever order the changes are told, the newest is in use, the others were given up."""

from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest

from messaging.models import Contact, Conversation
from tenants.scope import operator_scope
from tests import bodies
from tests.conftest import ACME_ACCOUNT, ACME_NUMBER

Items = list[dict]
FORMS: dict[str, Callable[[int, int], str]] = {
    "bsuid": lambda person, turn: f"SE.{person:02}0{turn}",
    "parent_bsuid": lambda person, turn: f"SE.ENT.{person:02}0{turn}",
    "wa_id": lambda person, turn: f"46701000{person:02}{turn}",
}
KEYS = {
    "bsuid": ("user_changed_user_id", "previous_user_id", "user_id", "from_user_id"),
    "parent_bsuid": ("user_changed_user_id", "previous_parent_user_id", "parent_user_id", "from_parent_user_id"),
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
    item = bodies.text("Hello", type="system", system={"type": what, before: old, now: new, "body": "It is another now."})
    del item["from"], item["text"]
    return item


def post(deliver: Any, *items: dict) -> None:
    value = {**bodies.value(ACME_NUMBER), "messages": list(items)}
    assert deliver(bodies.webhook(bodies.entry(ACME_ACCOUNT, value))).status_code == 200


def standing() -> list[list[tuple[str, str, bool]]]:
    """Each standing contact's ids, (kind, value, is in use), by the first of them."""
    with operator_scope():
        rows = Contact.objects.filter(merged_into=None)
        return sorted(sorted(each.identities.values_list("kind", "value", "is_active")) for each in rows)


def conversations() -> int:
    with operator_scope():
        return Conversation.objects.filter(merged_into=None).count()


def ended(kind: str, person: int) -> list[tuple[str, str, bool]]:
    """What a person's ids are when all three changes are known."""
    return [(kind, FORMS[kind](person, turn), turn == len(CHANGES)) for turn in range(len(CHANGES) + 1)]


def told(kind: str, person: int, what: int) -> dict:
    """One of the three changes; 3: the person writes by the newest id."""
    form = FORMS[kind]
    return notice(kind, form(person, what), form(person, what + 1)) if what in CHANGES else said(kind, form(person, 3))


@pytest.mark.parametrize("kind", FORMS)
def test_three_changes_and_the_first_words_by_the_newest_id_in_every_order_leave_one_contact(
    acme_whatsapp, deliver, work, graph, db_rows, kind
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
def test_the_same_in_one_body_and_all_of_it_repeated_in_another_order(acme_whatsapp, deliver, work, graph, db_rows, kind):
    orders = list(permutations((*CHANGES, 3)))
    for person, order in enumerate(orders):
        post(deliver, said(kind, FORMS[kind](person, 0)), *(told(kind, person, what) for what in order))
    work()
    for person, order in enumerate(orders):
        post(deliver, *(told(kind, person, what) for what in reversed(order) if what in CHANGES))
        work()

    assert standing() == [ended(kind, person) for person in range(len(orders))]
    assert conversations() == len(orders)
