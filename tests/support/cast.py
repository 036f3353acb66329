"""The cast: Acme and Globex are tenants, Ada and Grace are people who write to them."""

from messaging.models import Message
from tenants.models import Tenant
from tenants.scope import operator_scope

ACME_NUMBER, ACME_ACCOUNT = "400000000000001", "300000000000001"
GLOBEX_NUMBER, GLOBEX_ACCOUNT = "400000000000002", "300000000000002"
ADA, GRACE = "4670000001", "4670000002"
REPLY = "Thank you, we will answer soon."


def create_tenant(slug: str, name: str) -> Tenant:
    with operator_scope():
        return Tenant.objects.create(slug=slug, name=name, auto_reply=REPLY)


def thread_of(tenant: Tenant) -> list[tuple[str, str, str]]:
    """(direction, text, status) of a tenant's messages, in the order of their conversations."""
    with operator_scope():
        rows = Message.objects.filter(tenant=tenant).order_by("conversation_id", "seq")
        return list(rows.values_list("direction", "text", "status"))
