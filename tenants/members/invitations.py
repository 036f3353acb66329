"""Invite people to work for a tenant, and accept invitations. Everything here runs in that tenant's
scope.
"""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.mail.tasks import post
from tenants.members import invitation_links
from tenants.members.colleagues import NotAllowed, require_owner
from tenants.members.invitation_links import InvitationLink
from tenants.models import Invitation, Membership
from tenants.scope import current_scope

AN_HOUR = timedelta(hours=1)
TO_AN_ADDRESS, OF_A_TENANT = 3, 30  # mails within an hour
OFTEN_ENOUGH = _(
    "%(number)s invitations have gone to this address within an hour. Invite it again later."
)
ENOUGH = _("%(number)s people have been invited within an hour. Invite the next ones later.")
ENDED = _("This invitation has ended already.")


def invite(email: str, role: str, *, by: UUID | None) -> None:
    """Invite the address, in place of an open invitation that it has. Raises NotAllowed."""
    require_owner(by)  # and so no other owner counts or invites meanwhile
    now = timezone.now()
    lately = Invitation.objects.filter(created_at__gt=now - AN_HOUR)
    if lately.filter(email=email).count() >= TO_AN_ADDRESS:
        raise NotAllowed(OFTEN_ENOUGH % {"number": TO_AN_ADDRESS})
    if lately.count() >= OF_A_TENANT:
        raise NotAllowed(ENOUGH % {"number": OF_A_TENANT})
    Invitation.objects.filter(email=email, ended_at=None).update(ended_at=now)
    tenant_id = current_scope().tenant_id
    made = Invitation.objects.create(
        tenant_id=tenant_id, email=email, role=role, invited_by_id=by, created_at=now
    )
    post("invitation", invitation_id=made.id)


def withdraw(invitation_id: UUID, *, by: UUID | None) -> None:
    require_owner(by)
    if not Invitation.objects.filter(id=invitation_id, ended_at=None).update(
        ended_at=timezone.now()
    ):
        raise NotAllowed(ENDED)


def may_accept(link: InvitationLink, user_id: UUID | None) -> bool:
    """Return whether the invitation is open, or was accepted by this user, who still works there:
    accepting it again changes nothing.
    """
    if invitation_links.still_open().filter(id=link.invitation_id).exists():
        return True
    if (
        user_id is None
        or not Invitation.objects.filter(id=link.invitation_id, accepted_by=user_id).exists()
    ):
        return False
    return Membership.objects.filter(user_id=user_id).exists()


def accept(link: InvitationLink, user_id: UUID) -> bool:
    """Make the user a member of the tenant; a role that they have already stays. Returns False if
    the invitation cannot be accepted any more.
    """
    invitation = link.find()
    if invitation is None:
        return False
    ends = {"ended_at": timezone.now(), "accepted_by_id": user_id}
    if invitation_links.still_open().filter(id=invitation.id).update(**ends):
        given = {"role": invitation.role}
        Membership.objects.get_or_create(tenant_id=link.tenant_id, user_id=user_id, defaults=given)
        return True
    return may_accept(link, user_id)
