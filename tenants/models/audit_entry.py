"""The audit log: who of the platform's staff read, changed, ordered or tried what, and when."""

from typing import ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from tenants.isolation import AppendOnlyRLS
from tenants.models.tenant import Tenant

OF_A_ROW = 1000  # entries that are found of one row, the newest


class AuditEntries(models.Manager["AuditEntry"]):
    def of_row(self, object_id: str) -> list[UUID]:
        """Return the ids of the newest entries of a row.

        Sorted by a column without an index: what holds an element of an array, the planner
        overestimates, and would walk the whole table from its newest end.
        """
        found = self.filter(object_ids__contains=[object_id]).order_by("-at")
        return list(found.values_list("id", flat=True)[:OF_A_ROW])

    def purge(self, before: UUID, at_most: int) -> int:
        """Delete the oldest entries, as the database's function does: none that is younger than
        AppendOnlyRLS lets go. Returns how many.
        """
        with connection.cursor() as cursor:
            cursor.execute("SELECT purge_audit_entries(%s, %s)", [before, at_most])
            (deleted,) = cursor.fetchone()
        return deleted


class AuditEntry(models.Model):
    """What one person did at one moment to rows of one kind and one tenant. Only ever added: the
    database lets nobody change an entry, nor delete one before its time.

    `user_id` and `username` are those of then, whatever becomes of the account; neither is there
    where a command was typed, whose `username` is the operating system's. `object_ids`: the rows,
    and what they are about, such as a message's conversation. `detail` holds names of fields and
    orders, and never a value of a row.
    """

    class Action(models.TextChoices):
        READ = "read", _("read")
        SEARCH = "search", _("searched")
        EXPORT = "export", _("saved to a file")
        CREATE = "create", _("created")
        CHANGE = "change", _("changed")
        DELETE = "delete", _("deleted")
        ORDER = "order", _("ordered")
        SIGN_IN = "sign_in", _("signed in")
        SIGN_IN_FAILED = "sign_in_failed", _("failed to sign in")
        SIGN_OUT = "sign_out", _("signed out")
        REFUSED = "refused", _("was refused")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField(_("time"), default=timezone.now, editable=False)
    user_id = models.UUIDField(_("user"), null=True, editable=False)
    username = models.CharField(_("person"), max_length=150, blank=True, editable=False)
    action = models.CharField(_("action"), max_length=20, choices=Action, editable=False)
    kind = models.CharField(_("kind"), max_length=100, blank=True, editable=False)
    object_ids = ArrayField(models.CharField(max_length=64), default=list, editable=False)
    tenant = models.ForeignKey(
        Tenant,
        verbose_name=_("tenant"),
        null=True,
        on_delete=models.DO_NOTHING,  # an entry outlives what it tells of
        db_constraint=False,
        db_index=False,
        related_name="+",
        editable=False,
    )
    detail = models.JSONField(_("detail"), default=dict, editable=False)

    objects: ClassVar[AuditEntries] = AuditEntries()

    class Meta:
        db_table = "audit_entries"
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        indexes = [
            models.Index(fields=["user_id", "id"], name="audit_of_a_user"),
            models.Index(fields=["tenant", "id"], name="audit_of_a_tenant"),
            models.Index(fields=["action", "id"], name="audit_of_an_action"),
            models.Index(fields=["kind", "id"], name="audit_of_a_kind"),
            GinIndex(fields=["object_ids"], name="audit_of_an_object"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    action__in=[
                        *("read", "search", "export", "create", "change", "delete", "order"),
                        *("sign_in", "sign_in_failed", "sign_out", "refused"),
                    ]
                ),
                name="audit_action_known",
            ),
            AppendOnlyRLS(name="auditentry_append_only"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.username} {self.get_action_display()}"
