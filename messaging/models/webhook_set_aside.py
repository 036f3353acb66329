"""Events that an endpoint is still to be sent: a row for each, and the cursor goes on without
them.
"""

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone

from messaging import sql
from messaging.models.webhook_endpoint import WebhookEndpoint, WebhookRow
from tenants.isolation import TenantForeignKey, within_tenant
from tenants.models import TenantManager


class SetAsideManager(TenantManager["WebhookSetAside"]):
    def keep(
        self, endpoint_id: UUID, events: list["WebhookSetAside"], retry_in: list[float | None]
    ) -> None:
        """Set events aside, or note another failed try of those that are. `retry_in`: the seconds
        until the next one; None: it waits behind another of its stream. The endpoint is locked.
        """
        columns = ("id", "event_id", "stream_id", "position", "tries")
        arrays = {column: [getattr(event, column) for event in events] for column in columns}
        if events:
            sql.run("webhooks/set_aside", endpoint_id=endpoint_id, retry_in=retry_in, **arrays)

    def go_on(self, endpoint_id: UUID) -> None:
        """Make the first of each stream due that has no next try. The endpoint is locked."""
        sql.run("webhooks/next_of_streams", endpoint_id=endpoint_id)


class WebhookSetAside(WebhookRow):
    """An event that an endpoint's cursor has passed and that is still to be delivered: it failed,
    or waits behind one of its stream that did, and then has no `next_try_at`.

    `position` is the event's; a test event is not in the log and has none.
    """

    endpoint = within_tenant(WebhookEndpoint, related_name="set_aside")
    event_id = models.UUIDField()
    stream_id = models.UUIDField()
    position = models.BigIntegerField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[SetAsideManager] = SetAsideManager()

    class Meta(WebhookRow.Meta):
        db_table = "webhook_set_aside"
        constraints = [
            *WebhookRow.Meta.constraints,
            models.UniqueConstraint(fields=["endpoint", "event_id"], name="event_set_aside_once"),
            models.UniqueConstraint(
                fields=["endpoint"], condition=Q(position=None), name="one_test_event_waits"
            ),
            TenantForeignKey(name="set_aside_for_an_endpoint_of_the_tenant", field="endpoint"),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at", "endpoint"],
                condition=Q(next_try_at__isnull=False),
                name="set_aside_to_be_tried",
            )
        ]

    def __str__(self) -> str:
        return str(self.event_id)

    @property
    def is_test(self) -> bool:
        return self.position is None
