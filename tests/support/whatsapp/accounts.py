"""What Meta tells of accounts, numbers and templates, as a test says it; and what a tenant has of
it afterwards.
"""

import time
from typing import Any

import psycopg

from channels_app.models import Channel, ChannelEvent
from tenants.models import Tenant
from tenants.scope import operator_scope, tenant_scope
from tests.support.whatsapp import bodies


def told(account: str, field: str, *, at: float | None = None, **value: Any) -> dict:
    """An entry of one change, told for a moment: `told(ACME_ACCOUNT, "account_review_update",
    decision="APPROVED")`.
    """
    return {**bodies.change(account, field, value), "time": int(time.time() if at is None else at)}


def age(db_rows: psycopg.Connection, channel: Channel) -> Channel:
    """The channel, connected an hour ago: what is told for this very second is newer."""
    db_rows.execute(
        "UPDATE messaging.channels SET connected_at = now() - interval '1 hour' WHERE id = %s",
        [channel.id],
    )
    return now(channel)


def now(channel: Channel) -> Channel:
    with operator_scope():
        return Channel.objects.get(id=channel.id)


def health(channel: Channel) -> dict[str, str]:
    return {word: each["value"] for word, each in now(channel).health.items()}


def history(tenant: Tenant) -> list[tuple[str, Any]]:
    """(summary, channel) of what the tenant's own people can see, in the order in which it
    happened.
    """
    with tenant_scope(tenant.id):
        return [
            (each.summary, each.channel_id)
            for each in ChannelEvent.objects.order_by("occurred_at", "id")
        ]


def summaries(tenant: Tenant) -> list[str]:
    return [summary for summary, _ in history(tenant)]
