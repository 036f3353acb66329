"""The signed link of an invitation, bound to tenant, address and role, and its mail."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from tenants.mail import Mail, letter
from tenants.members.roles import NAMES
from tenants.models import Invitation
from tenants.scope import tenant_scope

SALT = "tenants.offers"  # links that were sent hold it
DAYS = 7
TEXT = """Hello,

an owner of {business} invites you to work for it here, as an {role}.
To accept, open this link within {days} days:

{link}

Whoever has the link can accept in your place, so keep it to yourself.
If you did not expect this mail, you need not do anything.
"""


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


@letter("invitation")
def invitation(tenant_id: str, invitation_id: str) -> Mail | None:
    with tenant_scope(UUID(tenant_id)):
        found = still_open().select_related("tenant").filter(id=invitation_id).first()
    if found is None:
        return None
    business = found.tenant.name
    link = settings.PUBLIC_URL + reverse("staff_invitation_link", args=[token_of(found)])
    text = TEXT.format(business=business, role=NAMES[found.role], days=DAYS, link=link)
    return Mail((found.email,), f"Invitation to work for {business}", text)
