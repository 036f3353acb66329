"""Decisions of an operator about contacts: join two that claim one id, keep them apart, block or
unblock one.
"""

from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from channels_app import event_log
from messaging.contacts import merging
from messaging.logged.contacts import changed, merged, of_contact
from messaging.models import Contact, ContactChange

What = ContactChange.What


def join(disputes: QuerySet[ContactChange], by: str) -> list[UUID]:
    """Make the two contacts of each open dispute one person. Returns the ids of the disputes whose
    contacts were two.
    """
    return [each.id for each in disputes.filter(is_open=True).order_by("id") if join_one(each, by)]


def join_one(dispute: ContactChange, by: str) -> bool:
    ids = [standing(id) for id in (dispute.contact_id, dispute.other_id) if id]
    contacts = Contact.objects.locked(ids)
    if any(each.merged_into_id for each in contacts.values()):
        return join_one(dispute, by)  # one of them was joined with another meanwhile
    ContactChange.objects.filter(id=dispute.id).update(is_open=False, by=by)
    if len(contacts) < 2:
        return False
    into, contact = contacts.values()
    into.inherit(contact)
    Contact.objects.record([], [into])
    merging.merge(contact, into)
    ContactChange.objects.create(
        tenant_id=into.tenant_id, contact=into, other=contact, what=What.MERGED, by=by
    )
    event_log.append([*of_contact(into), merged(contact, into)])
    return True


def standing(contact_id: UUID) -> UUID:
    """The id of the contact that has what was this one's."""
    while into := Contact.objects.values_list("merged_into_id", flat=True).get(id=contact_id):
        contact_id = into
    return contact_id


def leave_apart(disputes: QuerySet[ContactChange], by: str) -> list[UUID]:
    """Settle each open dispute: its contacts are two people. Returns the ids of the disputes that
    this settles.
    """
    ids = [
        each.id
        for each in disputes.filter(is_open=True)
        .order_by("id")
        .select_for_update(of=("self",), no_key=True)
    ]
    ContactChange.objects.filter(id__in=ids).update(is_open=False, by=by)
    return ids


def block(contacts: QuerySet[Contact], by: str) -> list[UUID]:
    """Answer and send nothing to these any more; what they write is stored. Returns the ids of
    those not blocked before.
    """
    return decide(contacts.filter(blocked_at=None), What.BLOCKED, by)


def unblock(contacts: QuerySet[Contact], by: str) -> list[UUID]:
    """Undo `block`. Returns the ids of those that were blocked."""
    return decide(contacts.filter(blocked_at__isnull=False), What.UNBLOCKED, by)


def decide(contacts: QuerySet[Contact], what: What, by: str) -> list[UUID]:
    locked = Contact.objects.locked(contacts.filter(merged_into=None).values_list("id", flat=True))
    Contact.objects.filter(id__in=locked).update(
        blocked_at=timezone.now() if what == What.BLOCKED else None
    )
    ContactChange.objects.bulk_create(
        ContactChange(tenant_id=each.tenant_id, contact=each, what=what, by=by)
        for each in locked.values()
    )
    event_log.append(changed(each, "blocked") for each in locked.values())
    return list(locked)
