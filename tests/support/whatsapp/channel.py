"""Our app's secrets at Meta, and a tenant's channel, connected as an operator does it."""

from channels_app.models import Channel
from tenants.models import Tenant
from tenants.scope import operator_scope

SECRET, PREVIOUS_SECRET = "app-secret-of-the-tests", "app-secret-before-rotation"


def connect(tenant: Tenant, number: str, account: str, token: str) -> Channel:
    with operator_scope():
        return Channel.objects.connect(
            tenant,
            kind="whatsapp",
            external_id=number,
            account_id=account,
            access_token=token,
            name="",
        )
