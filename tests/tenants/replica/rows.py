"""Rows that a list shows, written on the primary."""

from channels_app.models import Channel
from messaging.models import Contact
from tenants.models import Tenant
from tenants.scope import operator_scope


def contact_of(tenant: Tenant, name: str) -> Contact:
    with operator_scope():
        return Contact.objects.create(tenant=tenant, name=name)


def channel_of(tenant: Tenant) -> Channel:
    with operator_scope():
        return Channel.objects.create(
            tenant=tenant, kind="sample", external_id=tenant.slug, account_id=tenant.slug
        )
