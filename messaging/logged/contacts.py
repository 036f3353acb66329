"""Events of contacts: which of their words have changed, never to what."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from channels_app.event_log import EventType, LoggedEvent
from messaging.models import Contact

WORDS = ("name", "username", "saved_name", "attributes")


def of_contact(
    contact: Contact, *, is_new: bool = False, has_other_ids: bool = False
) -> Iterator[LoggedEvent]:
    """Yield what has become of a contact since it was read: not yet stored, or already."""
    was_opted_out = contact.was("marketing_opted_out_at") is not None
    is_opted_out = contact.marketing_opted_out_at is not None
    changes = {
        **{name: contact.was(name) != getattr(contact, name) for name in WORDS},
        "ids": has_other_ids,
        "marketing": was_opted_out and not is_opted_out,
        "blocked": (contact.was("blocked_at") is None) != (contact.blocked_at is None),
    }
    fields = [name for name, has_changed in changes.items() if has_changed]
    if is_new:
        yield event_of(EventType.CONTACT_CREATED, contact.tenant_id, contact.id)
    elif fields:
        yield changed(contact, *fields)
    if is_opted_out and not was_opted_out:
        yield event_of(EventType.CONTACT_OPTED_OUT, contact.tenant_id, contact.id)


def changed(contact: Contact, *fields: str) -> LoggedEvent:
    told = EventType.CONTACT_CHANGED
    return event_of(told, contact.tenant_id, contact.id, fields=fields)


def merged(contact: Contact, into: Contact) -> LoggedEvent:
    """Return the event of the contact that another one turned out to be."""
    told = EventType.CONTACT_MERGED
    return event_of(told, into.tenant_id, into.id, merged_contact_id=str(contact.id))


def erased(tenant_id: UUID, contact_id: UUID) -> LoggedEvent:
    """Return the event by which whoever has copied something of a contact erases it, too."""
    return event_of(EventType.CONTACT_ERASED, tenant_id, contact_id)


def event_of(type: EventType, tenant_id: UUID, contact_id: UUID, **more: Any) -> LoggedEvent:
    return LoggedEvent(
        tenant_id=tenant_id,
        type=type,
        subject_id=contact_id,
        stream_id=contact_id,
        data={"contact_id": str(contact_id), **more},
    )
