"""People who write to a tenant's channels: contacts."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, ClassVar
from uuid import UUID

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tenants.database import insertion
from tenants.isolation import TenantForeignKey, within_tenant
from tenants.models import TenantManager, TenantModel

NAMES = ("name", "saved_name", "username")


class ContactManager(TenantManager["Contact"]):
    def locked(self, ids: Iterable[UUID]) -> dict[UUID, "Contact"]:
        """Return the contacts, locked in id order, so that whoever merges or erases one waits."""
        rows = self.filter(id__in=set(ids)).order_by("id").select_for_update(no_key=True)
        return {contact.id: contact for contact in rows}

    def record(self, new: list["Contact"], changed: list["Contact"]) -> None:
        insertion.insert(new)
        if changed:
            self.bulk_update(changed, Contact.TOLD)


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
        "attributes",
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
    attributes: Any = models.JSONField(
        default=dict, db_default={}, help_text=_("Words of the business's own software.")
    )
    merged_into = within_tenant("self", null=True, related_name="merged")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    # of a row that is being recorded: the stored values that newer ones have replaced
    replaced: Mapping[str, Any] = MappingProxyType({})

    objects: ClassVar[ContactManager] = ContactManager()

    class Meta(TenantModel.Meta):
        db_table = "contacts"
        constraints = [
            *TenantModel.Meta.constraints,
            TenantForeignKey(name="contact_merged_into_one_of_the_tenant", field="merged_into"),
        ]
        indexes = [  # for names by their beginning, as operators type them, in all tenants
            models.Index(OpClass(Upper(name), name="text_pattern_ops"), name=f"contact_by_{name}")
            for name in NAMES
        ]
        indexes += [  # and for a part of one
            GinIndex(
                *(OpClass(Upper(name), name="gin_trgm_ops") for name in NAMES),
                fastupdate=False,
                name="contact_by_part_of_a_name",
            )
        ]

    def __str__(self) -> str:
        return self.saved_name or self.name or self.username or gettext("(no name)")

    def inherit(self, other: "Contact") -> None:
        """Take over what is known of another contact of the same person; where both have a name or
        an attribute, this one's counts. A refusal of marketing and a block hold for both.
        """
        names = {
            name: getattr(self, name) or getattr(other, name)
            for name in ("name", "username", "saved_name")
        }
        self.told(
            **names,
            attributes={**other.attributes, **self.attributes},
            blocked_at=self.blocked_at or other.blocked_at,
            saved_name_at=latest(self.saved_name_at, other.saved_name_at),
            marketing_opted_out_at=self.marketing_opted_out_at or other.marketing_opted_out_at,
            marketing_decided_at=latest(self.marketing_decided_at, other.marketing_decided_at),
        )

    def told(self, **values: object) -> None:
        """Set the values that differ from the known ones, and note what they replace."""
        for name, value in values.items():
            if getattr(self, name) != value:
                self.replaced = {name: getattr(self, name), **self.replaced}
                setattr(self, name, value)

    def was(self, name: str) -> Any:
        """Return the value as it was when the contact was read."""
        return self.replaced.get(name, getattr(self, name))

    @property
    def is_changed(self) -> bool:
        """Whether the stored row differs."""
        return bool(self.replaced) and not self._state.adding


def latest(*moments: datetime | None) -> datetime | None:
    return max(filter(None, moments), default=None)
