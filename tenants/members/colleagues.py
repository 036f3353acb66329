"""The members of one tenant, as its owners see and change them. Everything here runs in that
tenant's scope.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.members.roles import NAMES
from tenants.models import Invitation, Membership

NOT_OWNER = _("You are no owner of this business any more. Ask one of its owners.")
NOT_ONESELF = _("Nobody changes or removes themselves. Ask another owner to do it.")
GONE = _("This person does not work here any more.")


class NotAllowed(Exception):
    """Nothing was changed; the message is a sentence for whoever asked."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member with their name. `invited_as`: the address whose invitation they accepted, if they
    were invited.
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
        return str(NAMES[self.role])


def colleagues() -> list[Colleague]:
    """Return the members of the scope's tenant, in the order in which they joined."""
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
    """Lock the tenant's owners until the transaction ends. Raises NotAllowed unless the user is one
    of them.

    Two owners who remove each other at once do it one after the other, and the second is no owner
    any more: one always stays.
    """
    owners = (
        Membership.objects.select_for_update().filter(role=Membership.Role.OWNER).order_by("id")
    )
    if user_id not in {owner.user_id for owner in owners}:
        raise NotAllowed(NOT_OWNER)


def change_role(member_id: UUID, role: str, *, by: UUID | None) -> None:
    require_owner(by)
    if not others(member_id, by).update(role=role):
        raise NotAllowed(GONE)


def remove(member_id: UUID, *, by: UUID | None) -> None:
    """Delete the membership, and end the open invitations that the person made, or that went to an
    address at which they accepted one.
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
