"""Templates as Meta lists them and as it tells of them, and what a tenant has of them
afterwards.
"""

import time
from typing import Any
from zlib import crc32

from channels_app.models import MessageTemplate
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.support.cast import ACME_ACCOUNT
from tests.support.whatsapp import bodies

BODY = {"type": "BODY", "text": "Hi {{1}}, your order is ready."}


def listed(name: str = "order_ready", *, language: str = "en_US", **more: Any) -> dict[str, Any]:
    """An item of Meta's list."""
    return {
        "id": str(crc32(f"{name} {language}".encode(errors="surrogatepass"))),
        "name": name,
        "language": language,
        "status": "APPROVED",
        "category": "UTILITY",
        "quality_score": {"score": "GREEN", "date": 1_790_000_000},
        "rejected_reason": "NONE",
        "parameter_format": "POSITIONAL",
        "components": [BODY],
        **more,
    }


def told(
    field: str,
    *,
    at: float | None = None,
    name: str = "order_ready",
    account: str = ACME_ACCOUNT,
    **value: Any,
) -> dict:
    """An entry of a webhook about one template."""
    named = {
        "message_template_id": 77,
        "message_template_name": name,
        "message_template_language": "en_US",
    }
    return {
        **bodies.change(account, field, {**named, **value}),
        "time": int(time.time() if at is None else at),
    }


def status(event: str, **more: Any) -> dict:
    return told("message_template_status_update", event=event, **more)


def kept(tenant: Tenant) -> dict[str, str]:
    """{name: status} of what the tenant's own people see."""
    with tenant_scope(tenant.id):
        return dict(
            MessageTemplate.objects.order_by("name", "language").values_list("name", "status")
        )


def template(tenant: Tenant, name: str = "order_ready") -> MessageTemplate:
    with tenant_scope(tenant.id):
        return MessageTemplate.objects.get(name=name)
