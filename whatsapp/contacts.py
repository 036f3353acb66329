"""What Meta tells of people beside their messages: changed ids, preferences, the phone app's address book. Pure."""

from typing import Any

from channels_app.events import AddressBookEntry, IdentityChange, Preference
from whatsapp import people
from whatsapp.items import Json, digits, inner, moment, text
from whatsapp.messages import profile

WANTS_MARKETING = {"stop": False, "resume": True, "signup": True}


def read_id_update(update: Json, value: Json, contacts: list[Json], **where: Any) -> IdentityChange:
    contact = people.contact_of(update, contacts, ("wa_id", "wa_id"))
    replacements = people.replacements_of_update(update)
    current = [(each.kind, each.new) for each in replacements]
    return IdentityChange(
        contact_ids=people.ids([*current, (people.WA_ID, update.get("wa_id"))]),
        personal_kinds=people.PERSONAL,
        replacements=replacements,
        occurred_at=moment(update.get("timestamp")),
        **profile(contact),
        **where,
    )


def read_preference(preference: Json, value: Json, contacts: list[Json], **where: Any) -> Preference:
    """A word that Meta invents later is refused, and so kept: it is not guessed what somebody wants."""
    contact = people.contact_of(preference, contacts, ("user_id", "user_id"), ("wa_id", "wa_id"))
    return Preference(
        contact_ids=people.subject(preference, contact),
        personal_kinds=people.PERSONAL,
        wants_marketing=WANTS_MARKETING[preference["value"]],
        occurred_at=moment(preference.get("timestamp")),
        **profile(contact),
        **where,
    )


def read_book_entry(entry: Json, value: Json, contacts: list[Json], **where: Any) -> AddressBookEntry:
    contact = inner(entry, "contact")
    is_taken_out = entry.get("action") == "remove"
    return AddressBookEntry(
        contact_ids=people.ids([(people.WA_ID, digits(contact.get("phone_number")))]),
        personal_kinds=people.PERSONAL,
        saved_name="" if is_taken_out else text(contact.get("full_name") or contact.get("first_name")),
        occurred_at=moment(inner(entry, "metadata").get("timestamp")),
        **where,
    )
