"""Every id a provider knows a person by. An id that was given up stays, and still names its
contact.
"""

from typing import ClassVar
from uuid import UUID

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Reverse
from django.utils.translation import gettext_lazy as _

from messaging import sql
from messaging.models.contact import Contact
from tenants.database import insertion
from tenants.isolation import TenantForeignKey, within_tenant
from tenants.models import TenantManager, TenantModel

Sender = tuple[UUID, str, str]  # tenant, kind, value
FEWEST_DIGITS = 4  # of a number, to look for its beginning or its end
BETWEEN_DIGITS = str.maketrans("", "", " \t\u00a0+-./()")


def digits_of(typed: str) -> str:
    """Return the digits of a phone number as people write one, without what is dialled before it;
    empty: the text is no phone number.
    """
    bare = typed.translate(BETWEEN_DIGITS)
    return bare.lstrip("0") if bare.isascii() and bare.isdigit() else ""


class ContactIdentityManager(TenantManager["ContactIdentity"]):
    def of_owners(self, senders: set[Sender]) -> list["ContactIdentity"]:
        """Return all ids of the contacts that own any of these."""
        if not senders:
            return []
        tenant_ids, kinds, values = zip(*sorted(senders), strict=True)
        rows = sql.run(
            "contacts/identities_of_owners",
            tenant_ids=list(tenant_ids),
            kinds=list(kinds),
            values=list(values),
        )
        return [ContactIdentity(**row) for row in rows]

    def typed(self, text: str) -> models.QuerySet["ContactIdentity"]:
        """Return the ids that `text` may mean: a whole id, or the beginning or end of a number as
        people type it.
        """
        meant, digits = Q(value=text.strip()), digits_of(text)
        if len(digits) >= FEWEST_DIGITS:
            is_number = Q(kind__in=(ContactIdentity.Kind.WA_ID, ContactIdentity.Kind.PHONE))
            meant |= is_number & (
                Q(value__startswith=digits) | Q(backwards__startswith=digits[::-1])
            )
        return self.annotate(backwards=Reverse("value")).filter(meant)

    def record(self, new: list["ContactIdentity"], changed: list["ContactIdentity"]) -> None:
        """Insert the ids in one order, so that no two transactions deadlock."""
        insertion.insert(sorted(new, key=lambda each: (each.tenant_id, each.kind, each.value)))
        if changed:
            self.bulk_update(
                sorted(changed, key=lambda each: each.id), ["contact", "is_active", "account_id"]
            )


class ContactIdentity(TenantModel):
    """An id of a contact. `account_id` is the provider's account that a personal id was seen under:
    another account knows the person by another id.
    """

    class Kind(models.TextChoices):
        BSUID = "bsuid", _("business-scoped user id")
        PARENT_BSUID = "parent_bsuid", _("parent business-scoped user id")
        WA_ID = "wa_id", _("WhatsApp id")
        PHONE = "phone", _("Phone")

    contact = within_tenant(Contact, related_name="identities")
    kind = models.CharField(max_length=20, choices=Kind)
    value = models.CharField(max_length=512)
    account_id = models.CharField(max_length=512, blank=True, default="", db_default="")
    is_active = models.BooleanField(
        default=True, db_default=True, help_text=_("No: it was replaced by another.")
    )

    objects: ClassVar[ContactIdentityManager] = ContactIdentityManager()

    class Meta(TenantModel.Meta):
        db_table = "contact_identities"
        verbose_name_plural = "contact identities"
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["tenant", "kind", "value"], name="identity_belongs_to_one_contact"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["bsuid", "parent_bsuid", "wa_id", "phone"]),
                name="identity_kind_known",
            ),
            TenantForeignKey(name="identity_of_a_contact_of_the_tenant", field="contact"),
        ]
        indexes = [
            models.Index(fields=["tenant", "contact"], name="identity_by_contact"),
            # What operators type is looked for in all tenants.
            models.Index(
                fields=["value"], opclasses=["varchar_pattern_ops"], name="identity_by_beginning"
            ),
            models.Index(
                OpClass(Reverse("value"), name="text_pattern_ops"), name="identity_by_end"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.value}"

    @property
    def sender(self) -> Sender:
        return self.tenant_id, self.kind, self.value
