"""The signed link of an invitation, bound to tenant, address and role."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from tenants.models import Invitation

SALT = "tenants.offers"  # links that were sent hold it
DAYS = 7


@dataclass(frozen=True, slots=True)
class InvitationLink:
    """A link whose signature is proven. `bound`: see `binding`."""

    tenant_id: UUID
    invitation_id: UUID
    bound: str

    def find(self) -> Invitation | None:
        """Return the invitation, open or not, if its address and role are those that the link was
        made for. In the tenant's scope.
        """
        found = Invitation.objects.select_related("tenant").filter(id=self.invitation_id).first()
        return found if found and constant_time_compare(self.bound, binding(found)) else None


def binding(invitation: Invitation) -> str:
    """Return a hash that stands for address and role in the link, which names neither."""
    return salted_hmac(
        SALT, f"{invitation.role}:{invitation.email}", algorithm="sha256"
    ).hexdigest()[:32]


def token_of(invitation: Invitation) -> str:
    named = [invitation.tenant_id.hex, invitation.id.hex, binding(invitation)]
    return Signer(salt=SALT).sign_object(named)


def read(token: str) -> InvitationLink | None:
    """Return the link that the token stands for; None: we did not sign it."""
    try:
        tenant, invitation, bound = Signer(salt=SALT).unsign_object(token)
    except BadSignature:
        return None
    return InvitationLink(UUID(tenant), UUID(invitation), bound)


def still_open() -> QuerySet[Invitation]:
    """Return the scope's invitations that can be accepted now."""
    return Invitation.objects.filter(
        ended_at=None, created_at__gt=timezone.now() - timedelta(days=DAYS)
    )
