"""Whom an export or an erasure is about: a contact with everything that was joined into it."""

from dataclasses import dataclass
from uuid import UUID

from messaging.contacts.decisions import standing
from messaging.models import Contact, ContactIdentity, Conversation


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """`ids`: (kind, value) of every id, also of those that were given up."""

    tenant_id: UUID
    contact_ids: tuple[UUID, ...]
    conversation_ids: tuple[UUID, ...]
    ids: tuple[tuple[str, str], ...]

    @property
    def values(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(value for _, value in self.ids))

    @property
    def stream_ids(self) -> tuple[UUID, ...]:
        """Return the streams of the event log that tell of the person."""
        return (*self.contact_ids, *self.conversation_ids)

    @property
    def locks(self) -> list[str]:
        """Return the names that whoever records something of the person locks."""
        return sorted(f"{self.tenant_id}/{kind}/{value}" for kind, value in self.ids)


def subject_of(tenant_id: UUID, contact_id: UUID) -> Subject:
    """Return who the contact is, in the caller's scope. Raises Contact.DoesNotExist."""
    found = [standing(contact_id)]
    for contact_id in found:
        merged = Contact.objects.filter(tenant=tenant_id, merged_into=contact_id)
        found += merged.order_by("id").values_list("id", flat=True)
    of_contacts = {"tenant": tenant_id, "contact__in": found}
    conversations = Conversation.objects.filter(**of_contacts).order_by("id")
    identities = ContactIdentity.objects.filter(**of_contacts).order_by("id")
    return Subject(
        tenant_id=tenant_id,
        contact_ids=tuple(found),
        conversation_ids=tuple(conversations.values_list("id", flat=True)),
        ids=tuple(identities.values_list("kind", "value")),
    )
