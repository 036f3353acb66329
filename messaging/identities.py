"""Whose an item is: the contact that its ids name, found, made, joined with another or told apart from one.

A personal id (see ContactEvent.personal_kinds) names one person. An address may have changed hands: one that comes with another
person's id than its contact has proves nothing, so it is put to the operator and not merged, unless the provider says that the
person's own id has changed.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from channels_app.events import AddressBookEntry, ContactEvent, IdentityChange, InboundMessage, Preference, Replacement
from messaging import merging, sql
from messaging.arrivals import Routed
from messaging.models import Contact, ContactChange, ContactIdentity
from messaging.models.identity import Sender

What = ContactChange.What
News = Routed[ContactEvent]


def senders_of(routed: News) -> list[Sender]:
    """The ids that an item gives of its contact, those it has replaced last."""
    event = routed.arrival.event
    replaced = [(each.kind, value) for each in event.replacements for value in (each.new, each.old)]
    return [(routed.channel.tenant_id, kind, value) for kind, value in dict.fromkeys([*event.contact_ids, *replaced])]


def lock_senders(items: Sequence[News]) -> None:
    """From here on, select-then-insert of these contacts cannot race."""
    names = {f"{tenant_id}/{kind}/{value}" for each in items for tenant_id, kind, value in senders_of(each)}
    if names:
        sql.run("lock_senders", names=sorted(names))


def contacts_of(messages: Sequence[News], news: Sequence[News]) -> list[Contact]:
    """Each message's contact, made on first sight, when all that came is heeded in its order. The senders must be locked."""
    items = sorted([*messages, *news], key=lambda each: (each.arrival.delivery_id, each.arrival.position))
    if not items:
        return []
    people = People({sender for each in items for sender in senders_of(each)})
    found = {id(each): people.contact_of(each) for each in items}
    people.record()
    return [people.standing(contact) for each in messages if (contact := found[id(each)])]


class People:
    """What is known of one batch's people, as it changes item by item; written down at the end."""

    def __init__(self, senders: set[Sender]) -> None:
        self.look_up(senders)
        while any(contact.merged_into_id for contact in self.contacts.values()):
            self.look_up(senders)  # merged meanwhile, by ids that were not locked
        self.made: list[Contact] = []
        self.new_ids: list[ContactIdentity] = []
        self.changed_ids: dict[UUID, ContactIdentity] = {}
        self.merges: list[tuple[Contact, Contact]] = []
        self.changes: list[ContactChange] = []

    def look_up(self, senders: set[Sender]) -> None:
        self.ids = {each.sender: each for each in ContactIdentity.objects.of_owners(senders)}
        self.contacts = Contact.objects.locked(each.contact_id for each in self.ids.values())

    def contact_of(self, news: News) -> Contact | None:
        event = news.arrival.event
        contact = self.named_by(news)
        if contact is None and not makes_contact(event):
            return None
        contact = contact or self.make(news)
        for sender in senders_of(news):
            contact = self.claim(contact, sender, news)
        for replacement in event.replacements:
            self.give_up(contact, replacement, news)
        self.tell(contact, news)
        return contact

    def named_by(self, news: News) -> Contact | None:
        """The owner of the first id that has one; an address that is rather somebody else's names nobody."""
        event = news.arrival.event
        changed = [(news.channel.tenant_id, each.kind, each.old) for each in event.replacements]
        for sender in [*changed, *senders_of(news)]:
            owner = self.owner_of(sender)
            if owner and (sender[1] in event.personal_kinds or not self.is_another(owner, persons_of(event), news)):
                return owner
        return None

    def claim(self, contact: Contact, sender: Sender, news: News) -> Contact:
        """The id is the contact's: an unknown one is added, that of another contact joins the two, or proves nothing."""
        owner, event = self.owner_of(sender), news.arrival.event
        if owner is None:
            self.add(contact, sender, news)
        elif owner is contact:
            is_replaced = sender[1:] in {(each.kind, each.old) for each in event.replacements}
            if isinstance(event, InboundMessage) and not is_replaced:  # any other word may be repeated when it is long past
                self.change(self.ids[sender], is_active=True)
        elif sender[1] in event.personal_kinds or not self.is_another(owner, self.persons_of(contact, news), news):
            return self.join(contact, owner, news)
        elif not self.ids[sender].is_active or sender[1:] in {(each.kind, each.new) for each in event.replacements}:
            self.take_over(contact, owner, sender, news)
        else:
            self.note(What.ID_DISPUTED, contact, news, other=owner, kind=sender[1], new=sender[2], is_open=True)
        return contact

    def is_another(self, contact: Contact, persons: set[str], news: News) -> bool:
        """Whether the contact is, by personal ids under the same account, known to be none of these persons."""
        known = {each.value for each in self.personal_ids_of(contact, news)}
        return bool(known and persons) and not known & persons

    def persons_of(self, contact: Contact, news: News) -> set[str]:
        return persons_of(news.arrival.event) | {each.value for each in self.personal_ids_of(contact, news)}

    def personal_ids_of(self, contact: Contact, news: News) -> Iterable[ContactIdentity]:
        event = news.arrival.event
        own = (each for each in self.ids.values() if each.is_active and each.account_id == event.account_id)
        return (each for each in own if each.kind in event.personal_kinds[:1] and self.owner_of(each.sender) is contact)

    def owner_of(self, sender: Sender) -> Contact | None:
        identity = self.ids.get(sender)
        return self.standing(self.contacts[identity.contact_id]) if identity else None

    def standing(self, contact: Contact) -> Contact:
        """The contact that has what was this one's."""
        while contact.merged_into_id:
            contact = self.contacts[contact.merged_into_id]
        return contact

    def make(self, news: News) -> Contact:
        contact = Contact(tenant_id=news.channel.tenant_id)
        self.contacts[contact.id] = contact
        self.made.append(contact)
        return contact

    def add(self, contact: Contact, sender: Sender, news: News, is_active: bool = True) -> None:
        tenant_id, kind, value = sender
        account_id = news.arrival.event.account_id if kind in news.arrival.event.personal_kinds else ""
        identity = ContactIdentity(
            tenant_id=tenant_id, contact_id=contact.id, kind=kind, value=value, account_id=account_id, is_active=is_active
        )
        self.ids[sender] = identity
        self.new_ids.append(identity)
        if contact not in self.made:
            self.note(What.ID_ADDED, contact, news, kind=kind, new=value)

    def change(self, identity: ContactIdentity, **values: object) -> None:
        if any(getattr(identity, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(identity, name, value)
            self.changed_ids[identity.id] = identity

    def take_over(self, contact: Contact, owner: Contact, sender: Sender, news: News) -> None:
        """An address whose former owner has given it up, or that the provider says has changed hands."""
        self.change(self.ids[sender], contact_id=contact.id, is_active=True)
        self.note(What.ID_TAKEN_OVER, contact, news, other=owner, kind=sender[1], new=sender[2])

    def give_up(self, contact: Contact, replacement: Replacement, news: News) -> None:
        """The old id stays the contact's, as one that was given up."""
        sender = (contact.tenant_id, replacement.kind, replacement.old)
        if self.owner_of(sender) is contact and self.ids[sender].is_active:
            self.change(self.ids[sender], is_active=False)
            self.note(What.ID_REPLACED, contact, news, kind=replacement.kind, old=replacement.old, new=replacement.new)

    def join(self, one: Contact, another: Contact, news: News) -> Contact:
        """Two contacts proven to be one person: the older has what was the other's."""
        first, second = sorted((one, another), key=lambda contact: contact.id)
        second.merged_into = first
        first.inherit(second)  # at once: what is told next of the person counts for both
        self.merges.append((second, first))
        self.note(What.MERGED, first, news, other=second)
        return first

    def tell(self, contact: Contact, news: News) -> None:
        """What the item says of its contact beside the ids."""
        event = news.arrival.event
        if event.username and event.username != contact.username:
            self.note(What.USERNAME, contact, news, old=contact.username, new=event.username)
        if isinstance(event, Preference):
            self.heed(contact, event, news)
        if isinstance(event, AddressBookEntry):
            self.save(contact, event, news)
        contact.told(name=event.contact_name or contact.name, username=event.username or contact.username)

    def heed(self, contact: Contact, preference: Preference, news: News) -> None:
        """The newest word on marketing counts, whatever the order of arrival."""
        decided_at = preference.occurred_at or news.arrival.received_at
        if contact.marketing_decided_at and decided_at <= contact.marketing_decided_at:
            return
        opted_out_at = None if preference.wants_marketing else decided_at
        contact.told(marketing_decided_at=decided_at, marketing_opted_out_at=opted_out_at)
        self.note(What.MARKETING_RESUMED if preference.wants_marketing else What.MARKETING_STOPPED, contact, news)

    def save(self, contact: Contact, entry: AddressBookEntry, news: News) -> None:
        """The newest word of the address book counts, whatever the order of arrival."""
        saved_at = entry.occurred_at or news.arrival.received_at
        if contact.saved_name_at is None or saved_at >= contact.saved_name_at:
            contact.told(saved_name=entry.saved_name, saved_name_at=saved_at)

    def note(self, what: What, contact: Contact, news: News, **more: object) -> None:
        origin = {"tenant_id": contact.tenant_id, "delivery_id": news.arrival.delivery_id}
        self.changes.append(ContactChange(contact=contact, what=what, **origin, **more))

    def record(self) -> None:
        Contact.objects.record(self.made, [each for each in self.contacts.values() if each.is_changed])
        ContactIdentity.objects.record(self.new_ids, list(self.changed_ids.values()))
        ContactChange.objects.record(self.changes)
        for contact, into in self.merges:
            merging.merge(contact, self.standing(into))


def persons_of(event: ContactEvent) -> set[str]:
    """The personal ids that an item gives, those it has replaced too."""
    given = [*event.contact_ids, *((each.kind, id) for each in event.replacements for id in (each.old, each.new))]
    return {value for kind, value in given if kind in event.personal_kinds[:1]}


def makes_contact(event: ContactEvent) -> bool:
    """Not news of somebody who never wrote, nor who is taken out of the address book."""
    return not isinstance(event, IdentityChange) and not (isinstance(event, AddressBookEntry) and not event.saved_name)
