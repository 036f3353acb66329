"""Lease endpoints that have something to send, and read what that is."""

import logging
import time
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from uuid_utils.compat import uuid7

from channels_app.event_log import LoggedEvent, read_after
from messaging import sql
from messaging.models import WebhookEndpoint, WebhookSetAside
from messaging.outgoing_webhooks.bodies import Content, content_of, content_of_test
from messaging.outgoing_webhooks.turns import Turn
from tenants.encryption import CannotOpen
from tenants.scope import webhooks_scope

logger = logging.getLogger(__name__)

# longer than a turn: after it, another process sends again what was not recorded
LEASE_SECONDS = 45
EVENTS = 100  # that are read of one endpoint in a turn
# where only some types are wanted, most of what is read may be passed over
EVENTS_TO_CHOOSE_FROM = 500
EVER = datetime(1970, 1, 1, tzinfo=UTC)
ANEW_SECONDS = 60
FAR = 10_000  # events: it is cheaper to look at all endpoints
SLACK_SECONDS = 60  # a transaction that makes an endpoint due has ended so long after it began


class Look:
    """One process's looks for endpoints whose last answer took long, or for the others.

    A look that found less than there was room for has seen all that there was: the next one passes
    over endpoints for which nothing has happened since. Every now and then one looks at all.
    """

    def __init__(self, *, slow: bool) -> None:
        self.slow = slow
        self.begin_anew()

    def begin_anew(self) -> None:
        """Look at all endpoints the next time."""
        self.since, self.after = EVER, 0
        self.anew_at = time.monotonic() + ANEW_SECONDS

    def lease(self, at_most: int) -> list[WebhookEndpoint]:
        """Lease endpoints that have something to send. Their turns are read one by one, in
        transactions of their own.
        """
        if at_most < 1:
            return []
        with webhooks_scope():  # a commit of its own: nobody waits for what is read
            (end,) = sql.run("webhooks/where_the_log_ends", seconds=SLACK_SECONDS)
            if time.monotonic() > self.anew_at or end["position"] > self.after + FAR:
                self.begin_anew()
            leased = WebhookEndpoint.objects.lease(
                uuid7(),
                slow=self.slow,
                since=self.since,
                after=self.after,
                at_most=at_most,
                seconds=LEASE_SECONDS,
            )
        if len(leased) < at_most:
            self.since, self.after = end["since"], end["position"]
        return leased


def turn_of(endpoint: WebhookEndpoint) -> Turn | None:
    """Return what a leased endpoint may be sent. None: its secret does not open here, and the lease
    is over; while keys rotate, another process may be able to.
    """
    try:
        secrets = endpoint.secrets_at(timezone.now())
    except CannotOpen:
        told = "The secret of webhook endpoint %s does not open in this process."
        logger.error(told, endpoint.id)
        give_back(endpoint)
        return None
    with webhooks_scope():
        mine = WebhookSetAside.objects.filter(endpoint=endpoint)
        # a test event first
        set_aside = list(mine.order_by(F("position").asc(nulls_first=True)))
        # the first of its stream has a next try, and no other
        due = set(mine.filter(next_try_at__lte=Now()).values_list("stream_id", flat=True))
        again = [row for row in set_aside if row.stream_id in due][:EVENTS]
        contents = contents_of(endpoint, again)
        at_most = EVENTS_TO_CHOOSE_FROM if endpoint.types else EVENTS
        return Turn(
            endpoint,
            secrets,
            set_aside,
            contents,
            lost=[row.id for row in again if row.event_id not in contents],
            events=read_after(endpoint.position, endpoint.tenant_id, at_most),
        )


def contents_of(endpoint: WebhookEndpoint, rows: list[WebhookSetAside]) -> dict[UUID, Content]:
    """Return what is sent of these events, by their ids, but for those that the log no longer
    has.
    """
    events = LoggedEvent.objects.in_bulk([row.event_id for row in rows if not row.is_test])
    tests = {
        row.event_id: content_of_test(row.event_id, endpoint.tenant_id, endpoint.id, row.created_at)
        for row in rows
        if row.is_test
    }
    return {id: content_of(event) for id, event in events.items()} | tests


def give_back(endpoint: WebhookEndpoint) -> None:
    with webhooks_scope():
        WebhookEndpoint.objects.filter(id=endpoint.id, lease=endpoint.lease).update(lease=None)
