"""Items about people beside messages: changed ids, preferences, the address book. Pure."""

from typing import Any

from channels_app.events import AddressBookEntry, IdentityChange, Preference
from channels_app.storable import Unstorable
from whatsapp.id_forms import PERSONAL, in_order, written
from whatsapp.json_values import Json, inner, moment, text
from whatsapp.webhooks import person_ids
from whatsapp.webhooks.id_changes import replacements_of_update, updated
from whatsapp.webhooks.messages import profile
from whatsapp.webhooks.profiles import Contacts

MARKETING = "marketing_messages"
WANTS_MARKETING = {"stop": False, "resume": True, "signup": True}


def read_id_update(update: Json, value: Json, contacts: Contacts, **where: Any) -> IdentityChange:
    ids = inner(update, "user_id")
    current = contacts.of(ids.get("current"), update.get("wa_id"))
    contact = current or contacts.of(ids.get("previous"), None)
    return IdentityChange(
        contact_ids=updated(update),
        personal_kinds=PERSONAL,
        replacements=replacements_of_update(update),
        occurred_at=moment(update.get("timestamp")),
        **profile(contact),
        **where,
    )


def read_preference(preference: Json, value: Json, contacts: Contacts, **where: Any) -> Preference:
    """Raises KeyError for a word that Meta invented since: what somebody wants is not guessed."""
    contact = contacts.of(preference.get("user_id"), preference.get("wa_id"))
    if preference.get("category", MARKETING) != MARKETING:
        raise Unstorable("The preference is about something else than marketing.")
    return Preference(
        contact_ids=person_ids.subject(preference, contact),
        personal_kinds=PERSONAL,
        wants_marketing=WANTS_MARKETING[preference["value"]],
        occurred_at=moment(preference.get("timestamp")),
        **profile(contact),
        **where,
    )


def read_book_entry(entry: Json, value: Json, contacts: Contacts, **where: Any) -> AddressBookEntry:
    contact = inner(entry, "contact")
    number = written(contact.get("phone_number"))
    name = text(contact.get("full_name") or contact.get("first_name"))
    return AddressBookEntry(
        contact_ids=in_order([number] if number else []),
        personal_kinds=PERSONAL,
        saved_name="" if entry.get("action") == "remove" else name,
        occurred_at=moment(inner(entry, "metadata").get("timestamp")),
        **where,
    )
