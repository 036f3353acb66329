"""The people who write, and every id a provider knows them by."""

from collections.abc import Iterable
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.utils import timezone

from channels_app.events import InboundMessage
from messaging import sql
from messaging.arrivals import Routed
from tenants.isolation import TenantForeignKey, within_tenant
from tenants.models import TenantManager, TenantModel

Sender = tuple[UUID, str, str]  # tenant, kind, value


def senders_of(routed: Routed[InboundMessage]) -> list[Sender]:
    return [(routed.channel.tenant_id, kind, value) for kind, value in routed.arrival.event.contact_ids]


class ContactManager(TenantManager["Contact"]):
    def for_senders(self, messages: list[Routed[InboundMessage]]) -> list["Contact"]:
        """Each message's contact, known by any of the sender's ids, created on first sight.

        The senders must be locked. The contacts are locked here too, in id order, so that whoever merges or erases one waits.
        """
        if not messages:
            return []
        contact_ids = ContactIdentity.objects.known({sender for each in messages for sender in senders_of(each)})
        contacts = self._locked(contact_ids.values())
        created, identities, found = [], [], []
        for each in messages:
            senders, name = senders_of(each), each.arrival.event.contact_name
            contact_id = next((contact_ids[sender] for sender in senders if sender in contact_ids), None)
            if contact_id is None:
                contact = Contact(tenant_id=each.channel.tenant_id, name=name)
                created.append(contact)
                contact_id, contacts[contact.id] = contact.id, contact
            for sender in senders:
                if sender not in contact_ids:
                    contact_ids[sender] = contact_id
                    identities.append(ContactIdentity.of(sender, contact_id))
            found.append(contacts[contact_id].called(name))
        self.bulk_create(created)
        ContactIdentity.objects.bulk_create(sorted(identities, key=lambda each: (each.tenant_id, each.kind, each.value)))
        self._rename({contact.id: contact for contact in found if contact.is_renamed})
        return found

    def _locked(self, ids: Iterable[UUID]) -> dict[UUID, "Contact"]:
        return {each.id: each for each in self.filter(id__in=set(ids)).order_by("id").select_for_update(no_key=True)}

    def _rename(self, contacts: dict[UUID, "Contact"]) -> None:
        if contacts:
            sql.run("rename_contacts", ids=list(contacts), names=[contact.name for contact in contacts.values()])


class Contact(TenantModel):
    """One person to one tenant. No phone number is needed: see ContactIdentity."""

    name = models.CharField(max_length=256, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    is_renamed = False

    objects: ClassVar[ContactManager] = ContactManager()

    class Meta(TenantModel.Meta):
        db_table = "contacts"

    def __str__(self) -> str:
        return self.name or "(no name)"

    def called(self, name: str) -> "Contact":
        """Takes the newest name the person gave; providers leave it out at times."""
        if name and name != self.name:
            self.name, self.is_renamed = name, not self._state.adding
        return self


class ContactIdentityManager(TenantManager["ContactIdentity"]):
    def known(self, senders: set[Sender]) -> dict[Sender, UUID]:
        """The contact of each sender id that has one."""
        tenant_ids, kinds, values = zip(*sorted(senders), strict=True)
        rows = sql.run("known_identities", tenant_ids=list(tenant_ids), kinds=list(kinds), values=list(values))
        return {(row["tenant_id"], row["kind"], row["value"]): row["contact_id"] for row in rows}


class ContactIdentity(TenantModel):
    class Kind(models.TextChoices):
        BSUID = "bsuid", "business-scoped user id"
        PARENT_BSUID = "parent_bsuid", "parent business-scoped user id"
        WA_ID = "wa_id", "WhatsApp id"
        PHONE = "phone"

    contact = within_tenant(Contact, related_name="identities")
    kind = models.CharField(max_length=20, choices=Kind)
    value = models.CharField(max_length=512)

    objects: ClassVar[ContactIdentityManager] = ContactIdentityManager()

    class Meta(TenantModel.Meta):
        db_table = "contact_identities"
        verbose_name_plural = "contact identities"
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "kind", "value"], name="identity_belongs_to_one_contact"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["bsuid", "parent_bsuid", "wa_id", "phone"]), name="identity_kind_known"
            ),
            TenantForeignKey(name="identity_of_a_contact_of_the_tenant", field="contact"),
        ]
        indexes = [models.Index(fields=["tenant", "contact"], name="identity_by_contact")]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"

    @classmethod
    def of(cls, sender: Sender, contact_id: UUID) -> "ContactIdentity":
        tenant_id, kind, value = sender
        return cls(tenant_id=tenant_id, contact_id=contact_id, kind=kind, value=value)
