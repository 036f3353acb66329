"""People who write to a tenant's channels: contacts."""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models.functions import Upper
from django.utils import timezone

from messaging import sql
from tenants.database import insertion
from tenants.isolation import TenantForeignKey, within_tenant
from tenants.models import TenantManager, TenantModel


class ContactManager(TenantManager["Contact"]):
    def locked(self, ids: Iterable[UUID]) -> dict[UUID, "Contact"]:
        """Return the contacts, locked in id order, so that whoever merges or erases one waits."""
        rows = self.filter(id__in=set(ids)).order_by("id").select_for_update(no_key=True)
        return {contact.id: contact for contact in rows}

    def record(self, new: list["Contact"], changed: list["Contact"]) -> None:
        insertion.insert(new)
        if changed:
            self.bulk_update(changed, Contact.TOLD)

    def opt_out(self, message_ids: list[UUID]) -> set[UUID]:
        """Note that the contacts of these messages want no marketing: the provider refused the
        messages for that reason. Returns the messages whose contact somebody else holds locked.
        """
        if not message_ids:
            return set()
        rows = sql.run("contacts/opt_out_contacts", message_ids=message_ids)
        return {row["message_id"] for row in rows}


class Contact(TenantModel):
    """A person, as one tenant knows them. No phone number is needed: see ContactIdentity.

    `name` is what the person calls themselves, `saved_name` what the business calls them.
    `merged_into` is the contact that turned out to be the same person and took over everything of
    this one.
    """

    TOLD = [
        "name",
        "username",
        "saved_name",
        "saved_name_at",
        "marketing_opted_out_at",
        "marketing_decided_at",
    ]

    name = models.CharField(max_length=256, blank=True)
    username = models.CharField(max_length=256, blank=True, default="", db_default="")
    saved_name = models.CharField(max_length=256, blank=True, default="", db_default="")
    saved_name_at = models.DateTimeField(null=True)
    marketing_opted_out_at = models.DateTimeField(null=True)
    marketing_decided_at = models.DateTimeField(null=True)
    blocked_at = models.DateTimeField(null=True)
    merged_into = within_tenant("self", null=True, related_name="merged")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    # of a row that is being recorded: a new value differs from the stored one
    is_changed = False

    objects: ClassVar[ContactManager] = ContactManager()

    class Meta(TenantModel.Meta):
        db_table = "contacts"
        constraints = [
            *TenantModel.Meta.constraints,
            TenantForeignKey(name="contact_merged_into_one_of_the_tenant", field="merged_into"),
        ]
        indexes = [  # for names by their beginning, as operators type them, in all tenants
            models.Index(OpClass(Upper(name), name="text_pattern_ops"), name=f"contact_by_{name}")
            for name in ("name", "saved_name", "username")
        ]

    def __str__(self) -> str:
        return self.saved_name or self.name or "(no name)"

    def inherit(self, other: "Contact") -> None:
        """Take over what is known of another contact of the same person. A refusal of marketing and
        a block hold for both.
        """
        self.blocked_at = self.blocked_at or other.blocked_at
        names = {
            name: getattr(self, name) or getattr(other, name)
            for name in ("name", "username", "saved_name")
        }
        self.told(
            **names,
            saved_name_at=latest(self.saved_name_at, other.saved_name_at),
            marketing_opted_out_at=self.marketing_opted_out_at or other.marketing_opted_out_at,
            marketing_decided_at=latest(self.marketing_decided_at, other.marketing_decided_at),
        )

    def told(self, **values: object) -> None:
        """Set the values that differ from the known ones, and note whether any did."""
        for name, value in values.items():
            if getattr(self, name) != value:
                setattr(self, name, value)
                self.is_changed = not self._state.adding


def latest(*moments: datetime | None) -> datetime | None:
    return max(filter(None, moments), default=None)
