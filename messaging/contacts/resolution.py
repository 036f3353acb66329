"""Identity resolution: find or create the contact that an item's ids name, and apply what the item
says of it. The rules of who owns an id stand in ownership.py.
"""

from collections.abc import Sequence

from channels_app.event_log import LoggedEvent
from channels_app.events import (
    AddressBookEntry,
    ContactEvent,
    IdentityChange,
    InboundMessage,
    Preference,
)
from messaging import sql
from messaging.contacts.known_people import KnownPeople, News, What, senders_of
from messaging.contacts.ownership import Claim, Owner, Verdict, identifies_owner, verdict
from messaging.models import Contact, ContactIdentity
from messaging.models.identity import Sender

NOTICE = "system"  # the kind of a message that the provider wrote in a person's name


def lock_senders(items: Sequence[News]) -> None:
    """Lock the senders of these items: from here on, select-then-insert of their contacts cannot
    race.
    """
    names = {
        f"{tenant_id}/{kind}/{value}"
        for each in items
        for tenant_id, kind, value in senders_of(each)
    }
    if names:
        sql.run("contacts/lock_senders", names=sorted(names))


def contacts_of(
    messages: Sequence[News], news: Sequence[News]
) -> tuple[list[Contact], list[LoggedEvent]]:
    """Resolve each message's contact, creating it if new, after applying all contact updates in
    arrival order. Returns the contacts, and what the log is to be told of people.

    Call lock_senders() first.
    """
    items = sorted(
        [*messages, *news], key=lambda each: (each.arrival.delivery_id, each.arrival.position)
    )
    if not items:
        return [], []
    people = ContactResolver(items)
    found = {id(each): people.contact_of(each) for each in items}
    people.look_again([each for each in items if found[id(each)] is None])
    events = people.record()
    contacts = [people.survivor(contact) for each in messages if (contact := found[id(each)])]
    return contacts, events


class ContactResolver(KnownPeople):
    """Apply what each item of a batch says of its contact."""

    def contact_of(self, news: News) -> Contact | None:
        if contact := self.told_before(news):
            self.apply_profile(contact, news)
            return contact
        contact = self.named_by(news)
        if contact is None and not makes_contact(news.arrival.event):
            return None
        contact = contact or self.make(news)
        for sender in senders_of(news):
            contact = self.claim(contact, sender, news)
        for replacement in news.arrival.event.replacements:
            self.give_up(contact, replacement, news)
            self.take_up(contact, replacement)
        self.apply_profile(contact, news)
        return contact

    def look_again(self, waiting: list[News]) -> None:
        """Resolve again updates of ids that nobody had: a later item of the batch may have said
        whose they are.
        """
        while len(left := [each for each in waiting if not self.contact_of(each)]) < len(waiting):
            waiting = left

    def told_before(self, news: News) -> Contact | None:
        """Return the contact that has had all these changes before: by now an old id may belong to
        somebody else.
        """
        changes = news.arrival.event.replacements
        owners = (self.owner_of((news.channel.tenant_id, each.kind, each.new)) for each in changes)
        return next(
            (
                owner
                for owner in owners
                if owner and all(self.has_had(owner, each) for each in changes)
            ),
            None,
        )

    def named_by(self, news: News) -> Contact | None:
        """Return the contact owning the first known id, personal ids first. Ignore an address that
        is another person's now.
        """
        event = news.arrival.event
        old = [(news.channel.tenant_id, each.kind, each.old) for each in event.replacements]
        for sender in sorted(
            [*old, *senders_of(news)], key=lambda each: each[1] not in event.personal_kinds
        ):
            owner = self.owner_of(sender)
            persons = persons_before(event) if sender in old else persons_of(event)
            if owner and identifies_owner(self.claim_on(owner, sender, persons, news)):
                return owner
        return None

    def claim(self, contact: Contact, sender: Sender, news: News) -> Contact:
        """Claim the id for the contact. Returns the contact, or the one that it is merged into."""
        owner = self.owner_of(sender) or contact  # what nobody has becomes the contact's
        match verdict(self.claim_of(contact, sender, news)):
            case Verdict.ADD:
                self.add(contact, sender, news)
            case Verdict.REACTIVATE:
                self.change(self.ids[sender], is_active=True)
            case Verdict.MERGE:
                return self.join(contact, owner, news)
            case Verdict.TAKE_OVER:
                self.take_over(contact, owner, sender, news)
            case Verdict.DISPUTE:
                self.dispute(contact, owner, sender, news)
        return contact

    def claim_of(self, contact: Contact, sender: Sender, news: News) -> Claim:
        """Return the facts of the contact's claim on the id."""
        owner = self.owner_of(sender)
        if owner is None:
            return Claim(owner=Owner.NOBODY)
        if owner is contact:
            return Claim(owner=Owner.CONTACT, is_written=is_written(news.arrival.event))
        return self.claim_on(owner, sender, self.persons_of(contact, news), news)

    def claim_on(self, owner: Contact, sender: Sender, persons: set[str], news: News) -> Claim:
        """Return the facts of these persons' claim on another contact's id."""
        event = news.arrival.event
        if sender[1] in event.personal_kinds:
            # it decides alone, and most messages come with one: nothing else is looked up
            return Claim(owner=Owner.ANOTHER, is_personal=True)
        return Claim(
            owner=Owner.ANOTHER,
            is_in_use=self.ids[sender].is_active,
            is_old=sender[1:] in {(each.kind, each.old) for each in event.replacements},
            is_new=sender[1:] in {(each.kind, each.new) for each in event.replacements},
            persons=persons,
            owner_persons={each.value for each in self.personal_ids_of(owner, news)},
        )

    def persons_of(self, contact: Contact, news: News) -> set[str]:
        return persons_of(news.arrival.event) | {
            each.value for each in self.personal_ids_of(contact, news)
        }

    def personal_ids_of(self, contact: Contact, news: News) -> list[ContactIdentity]:
        event = news.arrival.event
        return [
            each
            for kind in event.personal_kinds[:1]
            for each in self.ids_in_use(contact, kind, event.account_id)
        ]

    def apply_profile(self, contact: Contact, news: News) -> None:
        """Apply what the item says of its contact beside the ids."""
        event = news.arrival.event
        if event.username and event.username != contact.username:
            self.log_change(What.USERNAME, contact, news, old=contact.username, new=event.username)
        if isinstance(event, Preference):
            self.apply_preference(contact, event, news)
        if isinstance(event, AddressBookEntry):
            self.apply_entry(contact, event, news)
        contact.told(
            name=event.contact_name or contact.name, username=event.username or contact.username
        )

    def apply_preference(self, contact: Contact, preference: Preference, news: News) -> None:
        """Apply a preference on marketing. The newest one counts, whatever the order of arrival."""
        decided_at = preference.occurred_at or news.arrival.received_at
        if contact.marketing_decided_at and decided_at <= contact.marketing_decided_at:
            return
        opted_out_at = None if preference.wants_marketing else decided_at
        contact.told(marketing_decided_at=decided_at, marketing_opted_out_at=opted_out_at)
        self.log_change(
            What.MARKETING_RESUMED if preference.wants_marketing else What.MARKETING_STOPPED,
            contact,
            news,
        )

    def apply_entry(self, contact: Contact, entry: AddressBookEntry, news: News) -> None:
        """Apply an entry of the address book. The newest one counts, whatever the order of
        arrival.
        """
        saved_at = entry.occurred_at or news.arrival.received_at
        if contact.saved_name_at is None or saved_at >= contact.saved_name_at:
            contact.told(saved_name=entry.saved_name, saved_name_at=saved_at)


def persons_of(event: ContactEvent) -> set[str]:
    """The personal ids that an item gives, those it has replaced too."""
    given = [
        *event.contact_ids,
        *((each.kind, id) for each in event.replacements for id in (each.old, each.new)),
    ]
    return {value for kind, value in given if kind in event.personal_kinds[:1]}


def persons_before(event: ContactEvent) -> set[str]:
    """The personal ids that an item says have been replaced; one that it has brought tells nobody
    apart.
    """
    return {each.old for each in event.replacements if each.kind in event.personal_kinds[:1]}


def is_written(event: ContactEvent) -> bool:
    """Whether a person wrote it from the ids that it gives; any other word of them may be repeated
    when it is long past.
    """
    return isinstance(event, InboundMessage) and event.kind != NOTICE


def makes_contact(event: ContactEvent) -> bool:
    """Return whether this event may create a contact. Id changes and address-book removals only
    update existing ones.
    """
    return not isinstance(event, IdentityChange) and not (
        isinstance(event, AddressBookEntry) and not event.saved_name
    )
