"""Alerts: a row for each problem that is mailed to somebody, from when it is first seen until it is
over.
"""

from datetime import datetime

from django.db import models
from django.db.models import Q
from uuid_utils.compat import uuid7

from messaging.problem import Key, Problem
from tenants.isolation import PlatformRLS


class Alert(models.Model):
    """A problem that is, or will be, mailed. `kind`, `tenant_id` and `channel_id` say which one;
    see messaging/monitoring/problems.py.

    `told_at` and `over_told_at` are when the operators were mailed that it began and that it is
    over. `telling_until`: until then a process is mailing them.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=30)
    tenant_id = models.UUIDField(null=True)
    channel_id = models.UUIDField(null=True)
    whose = models.CharField(max_length=500, blank=True)
    said = models.TextField()
    step = models.TextField()
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    over_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    over_told_at = models.DateTimeField(null=True)
    is_owners = models.BooleanField(default=False)
    telling_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "alerts"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "tenant_id", "channel_id"],
                condition=Q(over_at__isnull=True),
                nulls_distinct=False,
                name="alert_open_once_a_problem",
            ),
            PlatformRLS(name="alert_isolation"),
        ]

    def __str__(self) -> str:
        return f"{self.whose}: {self.said}" if self.whose else self.said

    @classmethod
    def of(cls, problem: Problem, now: datetime) -> "Alert":
        """Return a new alert for the problem, which nobody was mailed yet; not stored."""
        return cls(
            kind=problem.kind,
            tenant_id=problem.tenant_id,
            channel_id=problem.channel_id,
            whose=problem.whose[:500],
            said=problem.said,
            step=problem.step,
            is_owners=problem.is_owners,
            began_at=problem.since or now,
            seen_at=now,
        )

    @property
    def problem(self) -> Key:
        return self.kind, self.tenant_id, self.channel_id

    def takes_over(self, problem: Problem) -> bool:
        """Take over the problem's current sentence, to be mailed again. Returns whether it changed;
        nothing is saved.

        Sentences of the platform's own problems say how long they last and so change all the time;
        those are not taken over.
        """
        has_changed = self.is_owners and self.said != problem.said
        if has_changed:
            self.said, self.step, self.told_at = problem.said, problem.step, None
        return has_changed
