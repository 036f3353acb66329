"""The signed text of a connect link, and the row that it stands for."""

from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from tenants.members.connect_pages import link_pages
from tenants.models import ConnectLink
from tenants.scope import auth_scope, member_scope, tenant_scope

SALT = "tenants.connect_links"  # links that were given away hold it


def address_of(link: ConnectLink) -> str:
    """Return the address that opens the link. Whoever has it may use it."""
    return settings.PUBLIC_URL + reverse(link_pages()[link.kind], args=[token_of(link)])


def token_of(link: ConnectLink) -> str:
    return Signer(salt=SALT).sign(link.id.hex)


def read(token: str) -> UUID | None:
    """Return the id of the link that the token stands for; None: we did not sign it."""
    try:
        return UUID(Signer(salt=SALT).unsign(token))
    except (BadSignature, UnicodeEncodeError):
        return None


def find(link_id: UUID, kind: str) -> ConnectLink | None:
    """Return the link with its tenant, open or not; None: there is none of this kind. The caller
    has proven that the link was opened.

    Opens a scope of its own and closes it, for pages that ask the network. The sign-in role sees no
    link: a function tells it which tenant's scope to go on in.
    """
    with auth_scope():
        tenant_id = tenant_of(link_id)
        if tenant_id is None:
            return None
        with member_scope(tenant_id):
            links = ConnectLink.objects.select_related("tenant")
            return links.filter(id=link_id, kind=kind).first()


def tenant_of(link_id: UUID) -> UUID | None:
    """Within auth_scope."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenant_of_connect_link(%s)", [link_id])
        (tenant_id,) = cursor.fetchone() or (None,)
    return tenant_id


def note_opened(link: ConnectLink) -> None:
    """Keep when its page was first shown. Opens a scope of its own."""
    if link.opened_at is None:
        with tenant_scope(link.tenant_id):
            unopened = ConnectLink.objects.filter(id=link.id, opened_at=None)
            unopened.update(opened_at=timezone.now())
