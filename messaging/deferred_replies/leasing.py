"""Lease deferred replies, and give back those that were not asked to an end."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.conf import settings
from uuid_utils.compat import uuid7

from messaging.models import DeferredReply
from tenants.scope import router_scope

SLACK_SECONDS = 10  # beyond the time that a strategy has: to read the question, and to settle it
FIRST = UUID(int=0)


class Leaser:
    """One process's leasing: whose turn it is next. `lease`: the same for all that this process has
    in hand.
    """

    def __init__(self) -> None:
        self.lease, self.after = uuid7(), FIRST

    @property
    def seconds(self) -> float:
        return settings.DEFERRED_REPLY_SECONDS + SLACK_SECONDS

    def due(self, at_most: int, *, full: Collection[UUID]) -> list[DeferredReply]:
        """Lease due replies of the tenants whose turn it is, but for those in `full`."""
        if at_most < 1:
            return []
        with router_scope():
            leased = self.lease_after(self.after, at_most, full)
            if not leased and self.after != FIRST:
                leased = self.lease_after(FIRST, at_most, full)
        self.after = max((row.tenant_id for row in leased), default=FIRST)
        return leased

    def lease_after(self, after: UUID, at_most: int, full: Collection[UUID]) -> list[DeferredReply]:
        return DeferredReply.objects.lease(
            self.lease, after=after, full=full, at_most=at_most, seconds=self.seconds
        )

    def overdue(self, at_most: int) -> list[DeferredReply]:
        """Lease replies that it is too late for."""
        with router_scope():
            return DeferredReply.objects.lease_overdue(
                self.lease, at_most=at_most, seconds=self.seconds
            )

    def give_back(self, ids: Iterable[UUID]) -> None:
        """Make replies due at once that this process has not asked to an end."""
        with router_scope():
            DeferredReply.objects.give_back(ids, self.lease)
