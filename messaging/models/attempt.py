"""What was tried for a message: every POST with its outcome, and every order to send it again."""

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from uuid_utils.compat import uuid7

from messaging import sql
from messaging.metrics.outbound import DOUBLED
from messaging.models.message import Message
from messaging.models.outcome import Outcome
from tenants.isolation import TenantForeignKey, within_tenant
from tenants.models import TenantManager, TenantModel
from tenants.models.uuid7 import first_id_at

logger = logging.getLogger(__name__)

POLICY = "the tenant's policy"


class AttemptManager(TenantManager["Attempt"]):
    def record(self, outcomes: list[Outcome]) -> None:
        """Record one row for each attempt. A later outcome replaces only one that was unknown."""
        columns = (
            "message_id",
            "attempt",
            "status",
            "http_status",
            "error_code",
            "error",
            "external_id",
            "started_at",
        )
        arrays = {column: [getattr(outcome, column) for outcome in outcomes] for column in columns}
        sql.run("messages/record_attempts", ids=[uuid7() for _ in outcomes], **arrays)

    def note_doubles(self, message_ids: Iterable[UUID]) -> None:
        """Note which of these messages reached the provider under two ids: an order to send them
        again sent them twice.
        """
        ids = sorted(message_ids)
        for row in sql.run("messages/note_doubles", ids=ids) if ids else ():
            if row["sent_twice_at"]:
                DOUBLED.inc()
                logger.error(
                    "Message %s was sent twice: the provider took it under two ids.", row["id"]
                )


class Attempt(TenantModel):
    """`http_status` and `error_code` (the provider's) where there was an answer."""

    message = within_tenant(Message, related_name="tries")
    number = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=10)
    http_status = models.PositiveSmallIntegerField(null=True)
    error_code = models.CharField(max_length=64, blank=True)
    error = models.CharField(max_length=512, blank=True)
    external_id = models.CharField(max_length=512, null=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[AttemptManager] = AttemptManager()

    class Meta(TenantModel.Meta):
        db_table = "message_attempts"
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["message", "number"], name="attempt_kept_once"),
            TenantForeignKey(name="attempt_of_a_message_of_the_tenant", field="message"),
        ]

    def __str__(self) -> str:
        told = {"number": self.number, "outcome": self.outcome}
        return gettext("attempt %(number)s: %(outcome)s") % told


class ResendManager(TenantManager["Resend"]):
    def order(self, message_ids: Iterable[UUID], by: str) -> list[UUID]:
        """Send failed, expired or unknown messages again, whatever their age, and keep each order.
        Returns the ids of those that are sent again.
        """
        return self._order(message_ids, by, lifts_expiry=True)

    def by_policy(self, *, since: datetime, unknown_for: float) -> int:
        """Send again, once, messages that have been unknown for so many seconds, came after `since`
        and are not past their time to live.
        """
        rows = sql.run(
            "messages/unknown_to_resend", youngest=first_id_at(since), seconds=unknown_for
        )
        return len(self._order((row["id"] for row in rows), POLICY, lifts_expiry=False))

    def _order(self, message_ids: Iterable[UUID], by: str, *, lifts_expiry: bool) -> list[UUID]:
        rows = sql.run("messages/send_again", ids=sorted(message_ids), lifts_expiry=lifts_expiry)
        self.bulk_create(
            Resend(
                tenant_id=row["tenant_id"],
                message_id=row["id"],
                status_before=row["status"],
                ordered_by=by[:150],
            )
            for row in rows
        )
        return [row["id"] for row in rows]


class Resend(TenantModel):
    """An order to send a message again, by a person or by the tenant's policy. After it the message
    may arrive twice.
    """

    message = within_tenant(Message, related_name="resends")
    status_before = models.CharField(max_length=10)
    ordered_by = models.CharField(max_length=150)
    ordered_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[ResendManager] = ResendManager()

    class Meta(TenantModel.Meta):
        db_table = "message_resends"
        constraints = [
            *TenantModel.Meta.constraints,
            TenantForeignKey(name="resend_of_a_message_of_the_tenant", field="message"),
        ]
        indexes = [models.Index(fields=["message"], name="resend_of_message")]

    def __str__(self) -> str:
        return gettext("sent again by %(who)s") % {"who": self.ordered_by}
