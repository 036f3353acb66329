"""Problems that were told to somebody, or are about to be: a row for each from when it is seen
until it is over.
"""

from datetime import datetime

from django.db import models
from django.db.models import Q
from uuid_utils.compat import uuid7

from messaging.problem import Key, Problem
from tenants.isolation import PlatformRLS


class Alert(models.Model):
    """`kind`, `tenant_id` and `channel_id` say which problem it is; see
    messaging/monitoring/problems.py.

    `told_at`, `over_told_at`: when the operators were told that it began, and that it is over.
    `telling_until`: a process is telling them now.
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
        """An alert that is to be told; not stored yet."""
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
        """Take what is said of it now, to be told again; whether that is something else. Not saved.

        What is the platform's says how long it lasts, which changes all the time.
        """
        is_news = self.is_owners and self.said != problem.said
        if is_news:
            self.said, self.step, self.told_at = problem.said, problem.step, None
        return is_news
