"""The people of one tenant, as its owners see and change them. Everything here runs in that
tenant's scope.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, models
from django.utils import timezone

from tenants.members.roles import NAMES
from tenants.models import Invitation, Membership

NOT_OWNER = "You are no owner of this business any more. Ask one of its owners."
NOT_ONESELF = "Nobody changes or removes themselves. Ask another owner to do it."
GONE = "This person does not work here any more."


class NotAllowed(Exception):
    """Nothing was changed; the sentence is for who asked."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member with their name. `invited_as`: the address whose invitation they accepted, if they
    came by one.
    """

    id: UUID
    user_id: UUID
    name: str
    is_active: bool
    role: str
    since: datetime
    invited_as: str = ""

    @property
    def role_name(self) -> str:
        return NAMES[self.role]


def colleagues() -> list[Colleague]:
    """Who works for the scope's tenant, in the order that they came in."""
    accepted = (
        Invitation.objects.exclude(accepted_by=None)
        .order_by("ended_at")
        .values_list("accepted_by_id", "email")
    )
    addresses = dict(accepted)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, user_id, username, is_active, role, created_at FROM colleagues()"
        )
        return [Colleague(*(*row, addresses.get(row[1], ""))) for row in cursor.fetchall()]


def require_owner(user_id: UUID | None) -> None:
    """Hold the tenant's owners as they are until the transaction ends; raises NotAllowed to who is
    none of them.

    Two owners who remove each other at once do it one after the other, and the second is none any
    more: one always stays.
    """
    owners = (
        Membership.objects.select_for_update().filter(role=Membership.Role.OWNER).order_by("id")
    )
    if user_id not in {each.user_id for each in owners}:
        raise NotAllowed(NOT_OWNER)


def change_role(member_id: UUID, role: str, *, by: UUID | None) -> None:
    require_owner(by)
    if not others(member_id, by).update(role=role):
        raise NotAllowed(GONE)


def remove(member_id: UUID, *, by: UUID | None) -> None:
    """Take the membership away, and end the open invitations that the person made, or got at an
    address they came by.
    """
    require_owner(by)
    member = others(member_id, by).first()
    if member is None:
        raise NotAllowed(GONE)
    addresses = Invitation.objects.filter(accepted_by=member.user_id).values("email")
    theirs = models.Q(invited_by=member.user_id) | models.Q(email__in=addresses)
    Invitation.objects.filter(theirs, ended_at=None).update(ended_at=timezone.now())
    member.delete()


def others(member_id: UUID, by: UUID | None) -> models.QuerySet[Membership]:
    if Membership.objects.filter(id=member_id, user_id=by).exists():
        raise NotAllowed(NOT_ONESELF)
    return Membership.objects.filter(id=member_id)
