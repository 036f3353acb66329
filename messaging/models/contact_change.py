"""History of a contact: ids added, changed or disputed, merges, names, preferences."""

from collections.abc import Iterable
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from messaging import sql
from messaging.models.contact import Contact
from tenants.isolation import TenantForeignKey, within_tenant
from tenants.models import TenantManager, TenantModel

Told = tuple[UUID, str, str, str]  # contact, kind, old id, new id


class ContactChangeManager(TenantManager["ContactChange"]):
    def record(self, changes: list["ContactChange"]) -> None:
        """Record each change once. A dispute between two contacts about an id is recorded once for
        both.
        """
        self.bulk_create(changes, ignore_conflicts=True)

    def replacements_of(self, contacts: Iterable[Contact]) -> set[Told]:
        """Return the changes of ids that the provider reported of these contacts."""
        owners = [(contact.tenant_id, contact.id) for contact in contacts]
        tenant_ids = [tenant_id for tenant_id, _ in owners]
        contact_ids = [contact_id for _, contact_id in owners]
        rows = sql.run("contacts/replacements_told", tenant_ids=tenant_ids, contact_ids=contact_ids)
        return {(row["contact_id"], row["kind"], row["old"], row["new"]) for row in rows}


class ContactChange(TenantModel):
    """`other` is the second contact of a merge or of a dispute. A dispute needs a person to decide
    it.
    """

    class What(models.TextChoices):
        ID_ADDED = "id_added", _("another id")
        ID_REPLACED = "id_replaced", _("id replaced")
        ID_TAKEN_OVER = "id_taken_over", _("id given up by one, taken by another")
        ID_DISPUTED = "id_disputed", _("id of another contact")
        MERGED = "merged", _("found to be one with")
        USERNAME = "username", _("username")
        MARKETING_STOPPED = "marketing_stopped", _("marketing stopped")
        MARKETING_RESUMED = "marketing_resumed", _("marketing resumed")
        BLOCKED = "blocked", _("blocked by staff")
        UNBLOCKED = "unblocked", _("unblocked by staff")

    contact = within_tenant(Contact, related_name="changes")
    other = within_tenant(Contact, null=True, related_name="+")
    what = models.CharField(max_length=20, choices=What)
    kind = models.CharField(max_length=20, blank=True)
    old = models.CharField(max_length=512, blank=True)
    new = models.CharField(max_length=512, blank=True)
    by = models.CharField(
        max_length=150, blank=True, help_text=_("Staff; empty: the provider told it.")
    )
    delivery_id = models.UUIDField(null=True, editable=False)
    is_open = models.BooleanField(default=False, help_text=_("Somebody has to decide it."))
    recorded_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[ContactChangeManager] = ContactChangeManager()

    class Meta(TenantModel.Meta):
        db_table = "contact_changes"
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["contact", "other", "kind", "new"],
                condition=models.Q(what="id_disputed"),
                name="dispute_recorded_once",
            ),
            TenantForeignKey(name="change_of_a_contact_of_the_tenant", field="contact"),
            TenantForeignKey(name="change_about_another_contact_of_the_tenant", field="other"),
        ]
        indexes = [
            models.Index(fields=["tenant", "contact"], name="change_of_contact"),
            models.Index(
                fields=["tenant", "other"],
                condition=models.Q(other__isnull=False),
                name="change_about_contact",
            ),
            models.Index(
                fields=["tenant", "id"], condition=models.Q(is_open=True), name="change_is_open"
            ),
        ]

    def __str__(self) -> str:
        return self.get_what_display()
