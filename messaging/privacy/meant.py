"""Find the one contact that an operator means."""

from uuid import UUID

from messaging.models import Contact, ContactIdentity

MOST = 5


class NotOne(Exception):
    """None is meant, or more than one; the message is a sentence for the operator."""


def contact_meant(tenant_id: UUID, term: str) -> UUID:
    """Return the id of the tenant's contact with this id, or with the number that `term` is or ends
    in. Within operator_scope. Raises NotOne.
    """
    contacts = Contact.objects.filter(tenant=tenant_id)
    try:
        found = list(contacts.filter(id=UUID(term)).values_list("id", flat=True))
    except ValueError:
        typed = ContactIdentity.objects.typed(term).filter(tenant=tenant_id)
        found = list(typed.order_by("contact").values_list("contact", flat=True).distinct())
    if not found:
        raise NotOne("No contact of this tenant is known by that.")
    if len(found) > 1:
        ids = ", ".join(map(str, found[:MOST]))
        raise NotOne(f"Several contacts are meant; name one by its id: {ids}.")
    return found[0]
