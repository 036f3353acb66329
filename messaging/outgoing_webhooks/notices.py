"""The letters that an endpoint was disabled: a tenant's, to its owners and administrators; one of
the platform's own, to the operators.
"""

from uuid import UUID

from django.conf import settings

from messaging.models import WebhookEndpoint
from tenants.mail import Mail, letter
from tenants.mail.tasks import post
from tenants.models import Membership, Tenant
from tenants.scope import operator_scope

DISABLED = "webhook_endpoint_disabled"
PLATFORMS_DISABLED = "platform_webhook_endpoint_disabled"
ROLES = (Membership.Role.OWNER, Membership.Role.ADMIN)
SUBJECT = "a webhook endpoint was disabled"
TEXT = """\
Events are no longer sent to a webhook endpoint of {owner}: {reason}.

Host: {host}
Description: {description}
Id: {id}

What was not given up waits: once the endpoint is enabled again, it goes on where it stopped.
"""


def post_about(endpoint: WebhookEndpoint) -> None:
    """Put in the letter to those who can mend a disabled endpoint, in the caller's transaction,
    where mail is configured.
    """
    if not settings.EMAIL_IS_CONFIGURED:
        return
    if endpoint.tenant_id is None:
        post(PLATFORMS_DISABLED, endpoint_id=endpoint.id)
    else:
        post(DISABLED, tenant_id=endpoint.tenant_id, endpoint_id=endpoint.id)


@letter(DISABLED)
def disabled(tenant_id: str, endpoint_id: str) -> Mail | None:
    """A letter about a tenant's disabled endpoint; None if it is enabled, or gone, by now."""
    with operator_scope():
        endpoint = disabled_endpoint(endpoint_id, UUID(tenant_id))
        tenant = Tenant.objects.get(id=tenant_id)
        people = Membership.objects.filter(tenant=tenant, role__in=ROLES, user__is_active=True)
        addresses = {each.user.email for each in people.select_related("user") if each.user.email}
    if endpoint is None:
        return None
    text = text_about(endpoint, tenant.name)
    return Mail(tuple(sorted(addresses)), f"{tenant.name}: {SUBJECT}", text)


@letter(PLATFORMS_DISABLED)
def platforms_disabled(endpoint_id: str) -> Mail | None:
    """A letter about one of the platform's own; None if it is enabled, or gone, by now."""
    with operator_scope():
        endpoint = disabled_endpoint(endpoint_id, None)
    if endpoint is None:
        return None
    text = text_about(endpoint, "the platform")
    return Mail(tuple(settings.OPERATORS_EMAIL), f"The platform: {SUBJECT}", text)


def disabled_endpoint(endpoint_id: str, tenant_id: UUID | None) -> WebhookEndpoint | None:
    """Return the tenant's endpoint, None: the platform's, if it is there and disabled."""
    disabled = WebhookEndpoint.objects.filter(status=WebhookEndpoint.Status.DISABLED)
    return disabled.filter(id=endpoint_id, tenant=tenant_id).first()


def text_about(endpoint: WebhookEndpoint, owner: str) -> str:
    return TEXT.format(
        owner=owner,
        reason=endpoint.get_disabled_reason_display(),
        host=endpoint.host,
        description=endpoint.description or "none",
        id=endpoint.id,
    )
