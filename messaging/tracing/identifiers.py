"""Recognize what an operator types: ids of ours or of a provider, phone numbers. Looked up over
indexes alone.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from messaging.models import ContactIdentity, Message

Owned = tuple[UUID, UUID]  # tenant, and a row of it
MOST_PEOPLE = 500  # that one number's end may mean


def uuid_in(term: str) -> UUID | None:
    try:
        return UUID(term)
    except ValueError:
        return None


def message_ids(term: str) -> list[UUID]:
    id = uuid_in(term)
    return [id] if id else message_ids_at_provider(term, Q())


def message_ids_at_provider(term: str, of_tenant: Q) -> list[UUID]:
    """Return our ids of the messages with this id at their provider. `of_tenant`: the condition of
    a tenant's rows; empty: of all.
    """
    found = Message.objects.filter(of_tenant, external_id=term)
    return list(found.values_list("id", flat=True)[:MOST_PEOPLE])


def named_conversations(term: str) -> Q:
    if id := uuid_in(term):
        return Q(id=id)
    people = ContactIdentity.objects.typed(term).values_list("tenant_id", "contact_id")
    return owned(set(people[:MOST_PEOPLE]), "contact_id")


def owned(pairs: Iterable[Owned], name: str) -> Q:
    """Return the rows of these; with their tenants, because the indexes begin with the tenant."""
    tenant_ids, ids = zip(*sorted(pairs), strict=True) if pairs else ((), ())
    return Q(**{"tenant__in": set(tenant_ids), f"{name}__in": ids})
