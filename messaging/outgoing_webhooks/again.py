"""What is sent again, or for a test, in the caller's scope: an order moves the cursor back, or adds
an event of its own.
"""

from datetime import datetime
from uuid import UUID

from django.db.models import Case, F, Min, When
from django.db.models.functions import Greatest, Now
from uuid_utils.compat import uuid7

from channels_app.event_log import LoggedEvent
from messaging.models import WebhookEndpoint, WebhookSetAside
from messaging.outgoing_webhooks import endpoints
from tenants.models.uuid7 import first_id_at

# events get their positions in the order of commits, their ids before: the first of as many by id
# is the first of all, unless more were open in one moment
OUT_OF_ORDER = 10_000
# a lease ends now; a rest goes on
LEASE_ENDS = Case(When(lease=None, then=Greatest(F("due_at"), Now())), default=Now())


def replay_since(endpoint_id: UUID, moment: datetime) -> int:
    """Send everything again that was logged since then. Returns how many events the endpoint is
    behind now. Raises DoesNotExist.
    """
    endpoint = locked(endpoint_id)
    logged = LoggedEvent.objects.filter(id__gte=first_id_at(moment))
    if endpoint.tenant_id is not None:
        logged = logged.filter(tenant=endpoint.tenant_id)
    earliest = logged.order_by("id").values("position")[:OUT_OF_ORDER]
    first = earliest.aggregate(first=Min("position"))["first"]
    return move_back(endpoint, endpoint.position if first is None else first - 1)


def replay_from(endpoint_id: UUID, event_id: UUID) -> int:
    """Send this event again, and everything that came after it. Returns how many events the
    endpoint is behind now. Raises DoesNotExist.
    """
    endpoint, event = locked(endpoint_id), LoggedEvent.objects.get(id=event_id)
    return move_back(endpoint, endpoint.position if event.position is None else event.position - 1)


def locked(endpoint_id: UUID) -> WebhookEndpoint:
    return WebhookEndpoint.objects.select_for_update(no_key=True).get(id=endpoint_id)


def move_back(endpoint: WebhookEndpoint, position: int) -> int:
    """Move the cursor back to a position, never forward. What was set aside behind it is read
    again, and tried as if for the first time.

    Whoever delivers at this moment loses the lease, so that what it has sent is sent again, too.
    """
    position = min(position, endpoint.position)
    WebhookSetAside.objects.filter(endpoint=endpoint, position__gt=position).delete()
    WebhookEndpoint.objects.filter(id=endpoint.id).update(
        position=position, lease=None, due_at=LEASE_ENDS
    )
    return endpoints.behind([endpoint.id])[endpoint.id]


def send_test(endpoint_id: UUID) -> UUID:
    """Send a test event at once, whatever waits, and return its id; while one waits, that one's.
    It is tried once, and the log tells what was answered. Raises Refused and DoesNotExist.
    """
    endpoint = locked(endpoint_id)
    if endpoint.status == WebhookEndpoint.Status.DISABLED:
        raise endpoints.Refused("The endpoint is disabled: enable it first.")
    WebhookEndpoint.objects.filter(id=endpoint_id, lease=None).update(due_at=Now())
    tests = WebhookSetAside.objects.filter(endpoint=endpoint, position=None)
    waiting = tests.values_list("event_id", flat=True).first()
    if waiting is not None:
        return waiting
    event_id = uuid7()
    WebhookSetAside.objects.create(
        tenant_id=endpoint.tenant_id,
        endpoint=endpoint,
        event_id=event_id,
        stream_id=event_id,
        next_try_at=Now(),
    )
    return event_id
