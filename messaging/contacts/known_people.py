"""The people of one batch as they are known so far: changed item by item, written to the database
at the end.
"""

from collections.abc import Iterator, Sequence
from uuid import UUID

from channels_app.event_log import LoggedEvent
from channels_app.events import ContactEvent, Replacement
from messaging.arrivals import Routed
from messaging.contacts import merging
from messaging.logged.contacts import merged, of_contact
from messaging.models import Contact, ContactChange, ContactIdentity
from messaging.models.identity import Sender

What = ContactChange.What
News = Routed[ContactEvent]


def senders_of(routed: News) -> list[Sender]:
    """The ids that an item gives of its contact, personal ids first, and of each kind those that it
    has replaced last.
    """
    event = routed.arrival.event
    replaced = [(each.kind, value) for each in event.replacements for value in (each.new, each.old)]
    given = sorted(
        dict.fromkeys([*event.contact_ids, *replaced]),
        key=lambda each: each[0] not in event.personal_kinds,
    )
    return [(routed.channel.tenant_id, kind, value) for kind, value in given]


class KnownPeople:
    """The contacts that own any of the items' ids, and all ids of theirs. `told`: the changes of
    ids that were told of them.
    """

    def __init__(self, items: Sequence[News]) -> None:
        senders = {sender for each in items for sender in senders_of(each)}
        self.look_up(senders)
        while any(contact.merged_into_id for contact in self.contacts.values()):
            self.look_up(senders)  # merged meanwhile, by ids that were not locked
        is_changing = any(each.arrival.event.replacements for each in items)
        self.told = (
            ContactChange.objects.replacements_of(self.contacts.values()) if is_changing else set()
        )
        self.made: dict[UUID, Contact] = {}
        self.new_ids: list[ContactIdentity] = []
        self.changed_ids: dict[UUID, ContactIdentity] = {}
        self.with_other_ids: set[UUID] = set()
        self.merges: list[tuple[Contact, Contact]] = []
        self.changes: list[ContactChange] = []

    def look_up(self, senders: set[Sender]) -> None:
        self.ids = {each.sender: each for each in ContactIdentity.objects.of_owners(senders)}
        self.contacts = Contact.objects.locked(each.contact_id for each in self.ids.values())

    def owner_of(self, sender: Sender) -> Contact | None:
        identity = self.ids.get(sender)
        return self.survivor(self.contacts[identity.contact_id]) if identity else None

    def ids_in_use(self, contact: Contact, kind: str, account_id: str) -> list[ContactIdentity]:
        """The contact's active ids of a kind; personal ones as they are under one account."""
        of_kind = (
            each
            for each in self.ids.values()
            if (each.kind, each.account_id, each.is_active) == (kind, account_id, True)
        )
        return [each for each in of_kind if self.owner_of(each.sender) is contact]

    def has_in_use(self, contact: Contact, sender: Sender) -> bool:
        return self.owner_of(sender) is contact and self.ids[sender].is_active

    def has_had(self, contact: Contact, change: Replacement) -> bool:
        """Whether this change of an id was told of the contact, which does not have the old id
        again.
        """
        is_told = (contact.id, change.kind, change.old, change.new) in self.told
        return is_told and not self.has_in_use(
            contact, (contact.tenant_id, change.kind, change.old)
        )

    def survivor(self, contact: Contact) -> Contact:
        """Return the contact that this one was merged into, or itself."""
        while contact.merged_into_id:
            contact = self.contacts[contact.merged_into_id]
        return contact

    def make(self, news: News) -> Contact:
        contact = Contact(tenant_id=news.channel.tenant_id)
        self.contacts[contact.id] = contact
        self.made[contact.id] = contact
        return contact

    def add(self, contact: Contact, sender: Sender, news: News) -> None:
        tenant_id, kind, value = sender
        account_id = (
            news.arrival.event.account_id if kind in news.arrival.event.personal_kinds else ""
        )
        identity = ContactIdentity(
            tenant_id=tenant_id,
            contact_id=contact.id,
            kind=kind,
            value=value,
            account_id=account_id,
        )
        self.ids[sender] = identity
        self.new_ids.append(identity)
        self.with_other_ids.add(contact.id)
        if contact.id not in self.made:
            self.log_change(What.ID_ADDED, contact, news, kind=kind, new=value)

    def change(self, identity: ContactIdentity, **values: object) -> None:
        if any(getattr(identity, name) != value for name, value in values.items()):
            self.with_other_ids.add(identity.contact_id)
            for name, value in values.items():
                setattr(identity, name, value)
            self.with_other_ids.add(identity.contact_id)
            self.changed_ids[identity.id] = identity

    def take_over(self, contact: Contact, owner: Contact, sender: Sender, news: News) -> None:
        """An address whose former owner has given it up, or that the provider says has changed
        hands.
        """
        self.change(self.ids[sender], contact_id=contact.id, is_active=True)
        self.log_change(
            What.ID_TAKEN_OVER, contact, news, other=owner, kind=sender[1], new=sender[2]
        )

    def dispute(self, contact: Contact, owner: Contact, sender: Sender, news: News) -> None:
        """Leave the id with its owner, and ask an operator."""
        self.log_change(
            What.ID_DISPUTED,
            contact,
            news,
            other=owner,
            kind=sender[1],
            new=sender[2],
            is_open=True,
        )

    def give_up(self, contact: Contact, replacement: Replacement, news: News) -> None:
        """The old id stays the contact's, as one that was given up."""
        sender = (contact.tenant_id, replacement.kind, replacement.old)
        if self.has_in_use(contact, sender):
            self.change(self.ids[sender], is_active=False)
            self.log_change(
                What.ID_REPLACED,
                contact,
                news,
                kind=replacement.kind,
                old=replacement.old,
                new=replacement.new,
            )
            self.told.add((contact.id, replacement.kind, replacement.old, replacement.new))

    def take_up(self, contact: Contact, replacement: Replacement) -> None:
        """The new id is in use, unless it is known to have become another since: changes are told
        late, and in any order.
        """
        sender = (contact.tenant_id, replacement.kind, replacement.new)
        identity = self.ids[sender]
        if self.owner_of(sender) is contact and not self.ids_in_use(
            contact, identity.kind, identity.account_id
        ):
            self.change(identity, is_active=True)

    def join(self, one: Contact, another: Contact, news: News) -> Contact:
        """Two contacts proven to be one person: the older has what was the other's."""
        first, second = sorted((one, another), key=lambda contact: contact.id)
        second.merged_into = first
        first.inherit(second)  # at once: what is told next of the person counts for both
        self.merges.append((second, first))
        self.log_change(What.MERGED, first, news, other=second)
        return first

    def log_change(self, what: What, contact: Contact, news: News, **more: object) -> None:
        origin = {"tenant_id": contact.tenant_id, "delivery_id": news.arrival.delivery_id}
        self.changes.append(ContactChange(contact=contact, what=what, **origin, **more))

    def record(self) -> list[LoggedEvent]:
        """Write down what is new. Returns what the log is to be told of it."""
        events = list(self.events())
        Contact.objects.record(
            list(self.made.values()), [each for each in self.contacts.values() if each.is_changed]
        )
        ContactIdentity.objects.record(self.new_ids, list(self.changed_ids.values()))
        ContactChange.objects.record(self.changes)
        for contact, into in self.merges:
            merging.merge(contact, self.survivor(into))
        return events

    def events(self) -> Iterator[LoggedEvent]:
        """Yield what has become of each contact; what was told of one that was merged is told of
        the one that it turned out to be.
        """
        with_other_ids = {self.survivor(self.contacts[id]).id for id in self.with_other_ids}
        for contact in self.contacts.values():
            is_new, is_merged = contact.id in self.made, contact.merged_into_id is not None
            if is_new or not is_merged:
                has_other_ids = contact.id in with_other_ids
                yield from of_contact(contact, is_new=is_new, has_other_ids=has_other_ids)
        for contact, into in self.merges:
            yield merged(contact, self.survivor(into))
