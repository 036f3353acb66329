"""The letter to a tenant's owners and administrators that an endpoint of theirs was disabled."""

from uuid import UUID

from messaging.models import WebhookEndpoint
from tenants.mail import Mail, letter
from tenants.models import Membership, Tenant
from tenants.scope import operator_scope

DISABLED = "webhook_endpoint_disabled"
ROLES = (Membership.Role.OWNER, Membership.Role.ADMIN)
TEXT = """\
Events are no longer sent to a webhook endpoint of {tenant}: {reason}.

Host: {host}
Description: {description}
Id: {id}

What was not given up waits: once the endpoint is enabled again, it goes on where it stopped.
"""


@letter(DISABLED)
def disabled(tenant_id: str, endpoint_id: str) -> Mail | None:
    """A letter about a disabled endpoint; None if it is enabled, or gone, by now."""
    with operator_scope():
        endpoint = WebhookEndpoint.objects.filter(
            id=endpoint_id, tenant=UUID(tenant_id), status=WebhookEndpoint.Status.DISABLED
        ).first()
        tenant = Tenant.objects.get(id=tenant_id)
        people = Membership.objects.filter(tenant=tenant, role__in=ROLES, user__is_active=True)
        addresses = sorted(
            {each.user.email for each in people.select_related("user") if each.user.email}
        )
    if endpoint is None:
        return None
    text = TEXT.format(
        tenant=tenant.name,
        reason=endpoint.get_disabled_reason_display(),
        host=endpoint.host,
        description=endpoint.description or "none",
        id=endpoint.id,
    )
    return Mail(tuple(addresses), f"{tenant.name}: a webhook endpoint was disabled", text)
