"""The mail that invites somebody to work for a tenant."""

from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tenants.mail import Mail, letter
from tenants.members.invitation_links import DAYS, still_open, token_of
from tenants.members.roles import NAMES
from tenants.scope import tenant_scope

TEXT = _("""Hello,

an owner of {business} invites you to work for it here, as an {role}.
To accept, open this link within {days} days:

{link}

Whoever has the link can accept in your place, so keep it to yourself.
If you did not expect this mail, you need not do anything.
""")
SUBJECT = _("Invitation to work for {business}")


@letter("invitation")
def invitation(tenant_id: str, invitation_id: str) -> Mail | None:
    """Return the mail that invites somebody, or None if the invitation is no longer open."""
    with tenant_scope(UUID(tenant_id)):
        found = still_open().select_related("tenant").filter(id=invitation_id).first()
    if found is None:
        return None
    business = found.tenant.name
    link = settings.PUBLIC_URL + reverse("staff_invitation_link", args=[token_of(found)])
    text = TEXT.format(business=business, role=NAMES[found.role], days=DAYS, link=link)
    return Mail((found.email,), SUBJECT.format(business=business), text)
