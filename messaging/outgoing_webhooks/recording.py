"""Record what a turn has changed, in one transaction that ends its lease. A turn whose lease
somebody else has by now changes nothing: what it sent is sent again.
"""

import logging

from messaging.metrics.endpoints import POST_SECONDS, POSTED
from messaging.models import WebhookEndpoint, WebhookSetAside
from messaging.outgoing_webhooks import notices
from messaging.outgoing_webhooks.turns import Result, Turn
from tenants.database import insertion
from tenants.scope import webhooks_scope

logger = logging.getLogger(__name__)


def record(turn: Turn, result: Result) -> bool:
    """Record the turn's result. Returns whether its lease still held."""
    endpoint = turn.endpoint
    with webhooks_scope():
        held = WebhookEndpoint.objects.filter(id=endpoint.id, lease=endpoint.lease)
        before = held.select_for_update(no_key=True).first()
        if before is None:
            logger.warning("The lease of webhook endpoint %s was lost.", endpoint.id)
            return False
        for attempt in result.attempts:
            attempt.tenant_id, attempt.endpoint_id = endpoint.tenant_id, endpoint.id
        insertion.insert(result.attempts)
        set_aside(endpoint, result)
        after = WebhookEndpoint.objects.settle(
            endpoint.id,
            position=result.position,
            failures=result.failures,
            is_slow=result.is_slow,
            has_succeeded=result.has_succeeded,
            is_gone=result.is_gone,
            given_up_from=result.given_up_from,
            rest=result.rest,
        )
        if before.status != after["status"]:
            tell_disabled(endpoint, after["disabled_reason"])
    for attempt in result.attempts:
        POSTED.labels(attempt.outcome).inc()
        POST_SECONDS.observe(attempt.duration_ms / 1000)
    return True


def set_aside(endpoint: WebhookEndpoint, result: Result) -> None:
    if result.finished:
        WebhookSetAside.objects.filter(endpoint=endpoint, id__in=result.finished).delete()
    WebhookSetAside.objects.keep(
        endpoint.id, [row for row, _ in result.kept], [seconds for _, seconds in result.kept]
    )
    if result.finished or result.kept:
        WebhookSetAside.objects.go_on(endpoint.id)


def tell_disabled(endpoint: WebhookEndpoint, reason: str) -> None:
    """Log that the endpoint was disabled, and put in the letter to those who can mend it."""
    owner = f"tenant {endpoint.tenant_id}" if endpoint.tenant_id else "the platform"
    logger.warning("Webhook endpoint %s of %s was disabled (%s).", endpoint.id, owner, reason)
    notices.post_about(endpoint)
