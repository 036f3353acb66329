"""Order that a contact is erased, count what that would erase, and look at what became of it."""

from uuid import UUID

from messaging.contacts.decisions import standing
from messaging.models import Contact, Erasure
from messaging.privacy.catalogue import rows_by_table
from messaging.privacy.subject import Subject
from messaging.privacy.tasks import erase_soon


def order_of(tenant_id: UUID, contact_id: UUID) -> Erasure | None:
    """Return the order to erase this contact, also once it is gone, in the caller's scope."""
    ordered = Erasure.objects.of(tenant_id, contact_id)
    if ordered is None and Contact.objects.filter(tenant=tenant_id, id=contact_id).exists():
        return Erasure.objects.of(tenant_id, standing(contact_id))
    return ordered


def order(tenant_id: UUID, contact_id: UUID, *, by: str) -> Erasure:
    """Order that a contact is erased, in the caller's transaction; a second order is the first.
    Raises Contact.DoesNotExist.
    """
    ordered = order_of(tenant_id, contact_id)
    if ordered is None:
        Contact.objects.get(tenant=tenant_id, id=contact_id)
        ordered = Erasure.objects.order(tenant_id, standing(contact_id), by)
        erase_soon(ordered)
    return ordered


def counts_of(subject: Subject) -> dict[str, int]:
    """Return how many rows of each table belong to the person, in the caller's scope. Deliveries
    are looked through by the erasure alone.
    """
    found = {table: sum(rows.count() for rows in parts) for table, parts in rows_by_table(subject)}
    return {table: number for table, number in found.items() if number}


def erased_before(tenant_id: UUID, term: str) -> UUID | None:
    """Return the id that `term` is, of a contact that was erased; None: it is no such id."""
    try:
        contact_id = UUID(term)
    except ValueError:
        return None
    return contact_id if Erasure.objects.of(tenant_id, contact_id) else None
