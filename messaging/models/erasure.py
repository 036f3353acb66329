"""Erasures of people: what was ordered, how far it came, what it deleted."""

from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tenants import encryption
from tenants.models import TenantManager, TenantModel

PURPOSE = "erased-contacts"


class ErasureManager(TenantManager["Erasure"]):
    def order(self, tenant_id: UUID, contact_id: UUID, by: str) -> "Erasure":
        """Order that a contact is erased. Returns the order, the earlier one if there is one."""
        hash, *_older = encryption.keyed_hashes(str(contact_id), PURPOSE)
        order = Erasure(tenant_id=tenant_id, contact_hash=hash, contact_id=contact_id, by=by[:150])
        self.bulk_create([order], ignore_conflicts=True)
        return self.get(tenant=tenant_id, contact_hash=hash)

    def of(self, tenant_id: UUID, contact_id: UUID) -> "Erasure | None":
        """Return the order to erase the contact of this id, also once the contact is gone."""
        hashes = encryption.keyed_hashes(str(contact_id), PURPOSE)
        return self.filter(tenant=tenant_id, contact_hash__in=hashes).first()


class Erasure(TenantModel):
    """An order to erase a contact. `contact_hash` recognizes the contact's id once it is gone;
    `contact_id` is there until then. `counts`: how many rows of which table were deleted or
    redacted. `waits_for`: what keeps it from going on now. `scanned_to`: the delivery up to which
    none holds anything of the contact any more.
    """

    class WaitsFor(models.TextChoices):
        SENDING = "sending", _("a message that is being sent")
        DELIVERIES = "deliveries", _("webhooks that are not processed yet")
        WRITING = "writing", _("messages that keep coming")

    contact_hash = models.BinaryField(max_length=32)
    contact_id = models.UUIDField(null=True)
    by = models.CharField(max_length=150)
    ordered_at = models.DateTimeField(default=timezone.now)
    begun_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    waits_for = models.CharField(max_length=10, choices=WaitsFor, blank=True, default="")
    counts: Any = models.JSONField(default=dict)
    scanned_to = models.UUIDField(null=True)

    objects: ClassVar[ErasureManager] = ErasureManager()

    class Meta(TenantModel.Meta):
        db_table = "erasures"
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "contact_hash"], name="contact_erased_once"),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(contact_id__isnull=True),
                name="finished_erasure_names_nobody",
            ),
            models.CheckConstraint(
                condition=Q(waits_for__in=["", "sending", "deliveries", "writing"]),
                name="erasure_waits_for_known_things",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(finished_at__isnull=True), name="erasure_not_finished"
            )
        ]

    def __str__(self) -> str:
        return gettext("an erasure")

    @property
    def status(self) -> str:
        """Return one word: ordered, running, waiting or finished."""
        if self.finished_at:
            return "finished"
        if self.waits_for:
            return "waiting"
        return "running" if self.begun_at else "ordered"

    def count(self, table: str, rows: int) -> None:
        """Add rows to what was deleted or redacted of a table; the row is locked."""
        if rows:
            self.counts = {**self.counts, table: self.counts.get(table, 0) + rows}
