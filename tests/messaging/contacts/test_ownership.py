"""Whose an id is, row by row of the table of `verdict`."""

import re

import pytest

from messaging.contacts.ownership import Claim, Owner, Verdict, verdict

ADA, GRACE = frozenset({"SE.ada"}), frozenset({"SE.grace"})
NOBODY, CONTACT, ANOTHER = Owner.NOBODY, Owner.CONTACT, Owner.ANOTHER

ROWS = {
    "nobody: nothing": (Claim(owner=NOBODY), Verdict.ADD),
    "the contact: a person writes from it": (
        Claim(owner=CONTACT, is_written=True),
        Verdict.REACTIVATE,
    ),
    "the contact: something else tells of it": (Claim(owner=CONTACT), Verdict.KEEP),
    "another contact: it is a personal id": (
        Claim(owner=ANOTHER, is_personal=True, persons=ADA, owner_persons=GRACE),
        Verdict.MERGE,
    ),
    "another contact: no personal id comes with it": (
        Claim(owner=ANOTHER, is_in_use=False, owner_persons=GRACE),
        Verdict.MERGE,
    ),
    "another contact: a personal id of its owner comes with it": (
        Claim(owner=ANOTHER, is_in_use=False, persons=ADA | GRACE, owner_persons=GRACE),
        Verdict.MERGE,
    ),
    "another contact: in use, its owner has no personal id": (
        Claim(owner=ANOTHER, persons=ADA),
        Verdict.MERGE,
    ),
    "another contact: given up but told as changed, its owner has no personal id": (
        Claim(owner=ANOTHER, is_in_use=False, is_old=True, persons=ADA),
        Verdict.MERGE,
    ),
    "another contact: given up, its owner has no personal id": (
        Claim(owner=ANOTHER, is_in_use=False, persons=ADA),
        Verdict.TAKE_OVER,
    ),
    "another contact: given up, its owner is another person": (
        Claim(owner=ANOTHER, is_in_use=False, is_old=True, persons=ADA, owner_persons=GRACE),
        Verdict.TAKE_OVER,
    ),
    "another contact: in use by another person, told as the contact's new one": (
        Claim(owner=ANOTHER, is_new=True, persons=ADA, owner_persons=GRACE),
        Verdict.TAKE_OVER,
    ),
    "another contact: in use by another person": (
        Claim(owner=ANOTHER, is_old=True, persons=ADA, owner_persons=GRACE),
        Verdict.DISPUTE,
    ),
}


@pytest.mark.parametrize(("claim", "expected"), ROWS.values(), ids=ROWS)
def test_what_is_known_of_an_id_decides_whose_it_is(claim, expected):
    assert verdict(claim) == expected


def test_an_address_that_was_given_up_and_is_the_contacts_new_one_finds_its_owner():
    claim = Claim(owner=ANOTHER, is_in_use=False, is_new=True, persons=ADA)
    assert verdict(claim) == Verdict.MERGE


def test_the_cases_are_the_rows_of_the_table():
    rows = re.findall(r"^ +\| ([^|]+) \| ([^|]+) \| ([A-Z_]+) \|$", verdict.__doc__, re.MULTILINE)
    assert [(f"{owner}: {known}", word) for owner, known, word in rows] == [
        (row, expected.name) for row, (_, expected) in ROWS.items()
    ]
