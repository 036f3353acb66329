"""Endpoints of a tenant, or of the platform: made, changed, disabled and enabled, in the caller's
scope.

Addresses come from `addresses.checked`, which asks the network and so is called before the scope is
opened. A secret is told once, to who makes it.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, F, When
from django.db.models.functions import Greatest, Now
from django.utils import timezone

from channels_app.event_log import EventType, newest_position
from channels_app.storable import storable_text
from messaging.models import WebhookAttempt, WebhookEndpoint, WebhookSetAside
from messaging.outgoing_webhooks.addresses import CheckedAddress
from messaging.outgoing_webhooks.signing import new_secret
from tenants.encryption import CannotOpen

Status, Reason = WebhookEndpoint.Status, WebhookEndpoint.Reason
MOST_ENDPOINTS = 20  # of a tenant, or of the platform: each event is sent to all of them
PREVIOUS_SIGNS_FOR = timedelta(hours=24)
COUNTED = 10_000
DESCRIPTION_LENGTH = 200
# a rest ends now; a lease goes on
AT_ONCE = Case(When(lease=None, then=Now()), default=F("due_at"))
# looked at anew (leasing.py): while the row was locked for its change, looks have passed over it
LOOKED_AT = Case(When(lease=None, then=Greatest(F("due_at"), Now())), default=F("due_at"))
# without past failures
CLEAN: dict[str, Any] = {"failures": 0, "failing_since": None, "is_slow": False}


class Refused(ValueError):
    """An endpoint cannot be made or changed like this; the message is a sentence for who asked."""


def create(
    tenant_id: UUID | None,
    address: CheckedAddress,
    *,
    types: Iterable[str] = (),
    description: str = "",
) -> tuple[WebhookEndpoint, str]:
    """Return a new endpoint of the tenant, None: of the platform, and its secret. It gets what
    happens to its tenant, or to all of them, from now on; no types: all of them. Raises Refused.
    """
    WebhookEndpoint.objects.lock_owner(tenant_id)
    if WebhookEndpoint.objects.filter(tenant=tenant_id).count() >= MOST_ENDPOINTS:
        raise Refused(f"There are {MOST_ENDPOINTS} endpoints already, which is the most.")
    endpoint = WebhookEndpoint(
        tenant_id=tenant_id,
        url=address.url,
        types=known(types),
        description=described(description),
        position=newest_position(),
    )
    secret = new_secret()
    endpoint.seal(current=secret)
    endpoint.save(force_insert=True)
    return endpoint, secret


def update(
    endpoint_id: UUID,
    *,
    address: CheckedAddress | None = None,
    types: Iterable[str] | None = None,
    description: str | None = None,
) -> WebhookEndpoint:
    """Change what is given, and return the endpoint. At another address it begins without past
    failures. Raises Refused and DoesNotExist.
    """
    changes: dict[str, Any] = {"due_at": LOOKED_AT}
    if address is not None:
        changes |= {"url": address.url, **CLEAN, "due_at": AT_ONCE}
    if types is not None:
        changes["types"] = known(types)
    if description is not None:
        changes["description"] = described(description)
    WebhookEndpoint.objects.filter(id=endpoint_id).update(**changes)
    return WebhookEndpoint.objects.get(id=endpoint_id)


def known(types: Iterable[str]) -> list[str]:
    """Return the types in order. Raises Refused for those that no event has."""
    wanted = sorted(set(types))
    if unknown := [each for each in wanted if each not in EventType.values]:
        raise Refused(
            f"No event has the type {unknown[0]!r}. There are: {', '.join(EventType.values)}."
        )
    return wanted


def described(text: str) -> str:
    if storable_text(text, DESCRIPTION_LENGTH) != text:
        raise Refused(f"A description is a text of at most {DESCRIPTION_LENGTH} characters.")
    return text


def disable(ids: Collection[UUID]) -> list[UUID]:
    """Send nothing more to these endpoints; their cursors stay. Returns the ids of those that were
    enabled. A request that is under way is finished and recorded.
    """
    disabled = {"status": Status.DISABLED, "disabled_reason": Reason.ASKED, "disabled_at": Now()}
    return changed(ids, Status.ENABLED, disabled)


def enable(ids: Collection[UUID]) -> list[UUID]:
    """Go on where these endpoints stopped, as far as the log still has it. Returns the ids of those
    that were disabled.
    """
    enabled = {"status": Status.ENABLED, "disabled_reason": "", "disabled_at": None}
    return changed(ids, Status.DISABLED, {**enabled, **CLEAN, "due_at": Now()})


def changed(ids: Collection[UUID], status: str, changes: dict[str, Any]) -> list[UUID]:
    """Change those of these endpoints that have the status. Returns their ids."""
    rows = WebhookEndpoint.objects.filter(id__in=ids, status=status).order_by("id")
    found = [row.id for row in rows.select_for_update(no_key=True)]
    WebhookEndpoint.objects.filter(id__in=found).update(**changes)
    return found


def rotate_secret(endpoint_id: UUID) -> str:
    """Return a new secret, which signs from now on. The old one signs beside it for 24 hours.
    Raises DoesNotExist.
    """
    endpoint = WebhookEndpoint.objects.select_for_update(no_key=True).get(id=endpoint_id)
    secret = new_secret()
    until: datetime | None = timezone.now() + PREVIOUS_SIGNS_FOR
    try:
        endpoint.seal(current=secret, previous=endpoint.secret("current"))
    except CannotOpen:
        endpoint.seal(current=secret)
        until = None
    WebhookEndpoint.objects.filter(id=endpoint_id).update(
        credentials=endpoint.credentials, previous_until=until, due_at=LOOKED_AT
    )
    return secret


def delete(endpoint_id: UUID) -> None:
    """Delete the endpoint with what is set aside for it and its log. Raises DoesNotExist."""
    endpoint = WebhookEndpoint.objects.select_for_update().get(id=endpoint_id)
    for model in (WebhookSetAside, WebhookAttempt):
        model.objects.filter(endpoint=endpoint).delete()
    WebhookEndpoint.objects.filter(id=endpoint_id).delete()


def behind(ids: Collection[UUID]) -> dict[UUID, int]:
    """Return how many events each endpoint is behind, those that were set aside among them; counted
    no further than COUNTED.
    """
    return WebhookEndpoint.objects.behind(list(ids), at_most=COUNTED)
