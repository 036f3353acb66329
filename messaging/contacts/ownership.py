"""Whose an id is: decide what becomes of one that an item gives of a contact. Pure.

A personal id (see ContactEvent.personal_kinds) names one person. An address, such as a phone
number, may have changed hands: one that comes with another person's id than its owner's proves
nothing, so it is put to the operator, unless its owner gave it up or the provider says that it is
the new one.
"""

from collections.abc import Set
from dataclasses import dataclass
from enum import Enum, auto


class Owner(Enum):
    """Who has the id so far."""

    NOBODY = auto()
    CONTACT = auto()
    ANOTHER = auto()


class Verdict(Enum):
    ADD = auto()  # the id is the contact's from now on
    KEEP = auto()  # the id stays as it is
    REACTIVATE = auto()  # the contact uses its own id, again or still
    MERGE = auto()  # the contact and the owner are one person
    TAKE_OVER = auto()  # the id passes from the owner to the contact
    DISPUTE = auto()  # an operator decides whether the two are one person


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The facts about an id that an item gives of a contact.

    `is_written`: a person wrote from it; `is_in_use`: its owner has not given it up; `is_old` and
    `is_new`: the item says that it has been replaced, or has replaced another; `persons`: the
    personal ids that come with it; `owner_persons`: those that its owner has in use, under the same
    account.
    """

    owner: Owner
    is_personal: bool = False
    is_written: bool = False
    is_in_use: bool = True
    is_old: bool = False
    is_new: bool = False
    persons: Set[str] = frozenset()
    owner_persons: Set[str] = frozenset()


def verdict(claim: Claim) -> Verdict:
    """Return what becomes of the id.

    | who has it | what is known | verdict |
    |---|---|---|
    | nobody | nothing | ADD |
    | the contact | a person writes from it | REACTIVATE |
    | the contact | something else tells of it | KEEP |
    | another contact | it is a personal id | MERGE |
    | another contact | no personal id comes with it | MERGE |
    | another contact | a personal id of its owner comes with it | MERGE |
    | another contact | in use, its owner has no personal id | MERGE |
    | another contact | given up but told as changed, its owner has no personal id | MERGE |
    | another contact | given up, its owner has no personal id | TAKE_OVER |
    | another contact | given up, its owner is another person | TAKE_OVER |
    | another contact | in use by another person, told as the contact's new one | TAKE_OVER |
    | another contact | in use by another person | DISPUTE |
    """
    match claim.owner:
        case Owner.NOBODY:
            return Verdict.ADD
        case Owner.CONTACT:
            return Verdict.REACTIVATE if claim.is_written else Verdict.KEEP
    if identifies_owner(claim):
        return Verdict.MERGE
    if claim.is_new or not claim.is_in_use:
        return Verdict.TAKE_OVER
    return Verdict.DISPUTE


def identifies_owner(claim: Claim) -> bool:
    """Return whether whoever comes with another contact's id is that contact: the rows of MERGE.

    An owner without a personal id is not whoever comes, as a person, with an address that the owner
    has given up.
    """
    if claim.is_personal or not claim.persons:
        return True
    if claim.owner_persons:
        return not claim.owner_persons.isdisjoint(claim.persons)
    return claim.is_in_use or claim.is_old or claim.is_new
