"""Decisions of an operator, or of the business, about contacts: join two, keep two apart that claim
one id, block or unblock one, note what the business knows of one.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from channels_app import event_log
from messaging.contacts import merging
from messaging.logged.contacts import changed, merged, of_contact
from messaging.models import Contact, ContactChange

What = ContactChange.What
API = "the API"
DESCRIBED = [
    "saved_name",
    "saved_name_at",
    "attributes",
    "blocked_at",
    "marketing_opted_out_at",
    "marketing_decided_at",
]


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
    unite(contact, into, by)
    return True


def merge(contact_id: UUID, into_id: UUID, by: str) -> UUID:
    """Make two contacts one person: the second has what was the first's. Returns the id of the
    contact that is left; nothing changes where the two are one already.
    """
    first, second = standing(contact_id), standing(into_id)
    contacts = Contact.objects.locked([first, second])
    if any(each.merged_into_id for each in contacts.values()):
        return merge(contact_id, into_id, by)  # one of them was joined with another meanwhile
    if first != second:
        unite(contacts[first], contacts[second], by)
    return second


def join_two(contacts: QuerySet[Contact], by: str) -> list[UUID]:
    """Make two contacts one person: the older has what was the newer's. Returns the ids of both, or
    none where one of them was joined with another before.
    """
    two = Contact.objects.locked(contacts.values_list("id", flat=True))
    if len(two) != 2 or any(each.merged_into_id for each in two.values()):
        return []
    into, contact = two.values()
    unite(contact, into, by)
    return list(two)


def unite(contact: Contact, into: Contact, by: str) -> None:
    """Merge two contacts, which are locked, and note who wanted it."""
    into.inherit(contact)
    Contact.objects.record([], [into])
    merging.merge(contact, into)
    ContactChange.objects.create(
        tenant_id=into.tenant_id, contact=into, other=contact, what=What.MERGED, by=by
    )
    event_log.append([*of_contact(into), merged(contact, into)])


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


def describe(contact_id: UUID, given: Mapping[str, Any], by: str) -> None:
    """Note what the business says of a contact: of saved_name, attributes, is_blocked and
    wants_marketing, those that are given. Raises Contact.DoesNotExist.
    """
    contact = Contact.objects.select_for_update(no_key=True).get(id=contact_id, merged_into=None)
    now = timezone.now()
    if "saved_name" in given:
        contact.told(saved_name=given["saved_name"], saved_name_at=now)
    if "attributes" in given:
        contact.told(attributes=given["attributes"])
    if "is_blocked" in given and given["is_blocked"] != (contact.blocked_at is not None):
        contact.told(blocked_at=now if given["is_blocked"] else None)
        note(contact, What.BLOCKED if given["is_blocked"] else What.UNBLOCKED, by)
    if "wants_marketing" in given:
        opted_out_at = None if given["wants_marketing"] else contact.marketing_opted_out_at or now
        if opted_out_at != contact.marketing_opted_out_at:
            note(contact, What.MARKETING_STOPPED if opted_out_at else What.MARKETING_RESUMED, by)
        contact.told(marketing_decided_at=now, marketing_opted_out_at=opted_out_at)
    contact.save(update_fields=DESCRIBED)
    event_log.append(of_contact(contact))


def note(contact: Contact, what: What, by: str) -> None:
    ContactChange.objects.create(tenant_id=contact.tenant_id, contact=contact, what=what, by=by)
