"""Validate ids of people by their form, wherever Meta puts them. Pure.

A BSUID is the two letters of a country, a dot and up to 128 letters and digits; a parent BSUID has
"ENT." before them (Meta's page "Business-scoped user IDs"). Digits are a wa_id. Anything else is no
id of a person.
"""

import re
from collections.abc import Iterable
from typing import Any

from channels_app.content import Unsendable
from channels_app.events import Ids
from channels_app.storable import ID_BYTES
from whatsapp.json_values import digits, digits_or_text, text

BSUID, PARENT_BSUID, WA_ID, PHONE = "bsuid", "parent_bsuid", "wa_id", "phone"
KINDS = (BSUID, PARENT_BSUID, WA_ID, PHONE)  # the most lasting first
PERSONAL = (BSUID, PARENT_BSUID)
FORMS = {
    BSUID: re.compile("[A-Z]{2}[.][A-Za-z0-9]{1,128}"),
    PARENT_BSUID: re.compile("[A-Z]{2}[.]ENT[.][A-Za-z0-9]{1,128}"),
    WA_ID: re.compile(f"[+]?(?=0*[1-9])[0-9]{{1,{ID_BYTES}}}"),
}
LONGEST = {WA_ID: 15, BSUID: 131}
NO_ADDRESS = (
    "WhatsApp writes first to a phone number with its country code (kind phone or wa_id), or to a"
    " business-scoped user id (kind bsuid)."
)
# direction marks, joiners and the like
INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
# a number with what people put between its digits
WRITTEN = re.compile("[+(\\s]*[0-9][0-9\\s().\u2010-\u2015\u2212-]*")

Id = tuple[str, str]  # kind, value


def id_of(value: Any) -> Id | None:
    """Return the id in its clean form, None for what is no id. Meta writes some as numbers."""
    if value is None:
        return None
    shown = visible(value)
    for kind, form in FORMS.items():
        if form.fullmatch(shown):
            return kind, shown.lstrip("+")
    return None


def written(value: Any) -> Id | None:
    """The same where people write numbers as they like: `+57 (300) 001-0041`."""
    return id_of(value) or number_of(value)


def address_of(kind: str, value: str) -> Id:
    """Return the id that a first message may go to; a number as people write it, with its country
    code. Raises Unsendable.
    """
    found = written(value) if kind in (WA_ID, PHONE) else id_of(value)
    wanted = {WA_ID: WA_ID, PHONE: WA_ID, BSUID: BSUID}.get(kind)
    if found is None or found[0] != wanted or len(found[1]) > LONGEST[wanted]:
        raise Unsendable(NO_ADDRESS)
    return found


def number_of(value: Any) -> Id | None:
    return id_of(digits(value)) if WRITTEN.fullmatch(visible(value)) else None


def ids_of(values: Iterable[Any]) -> Ids:
    """The ids among these values, each once, the most lasting first."""
    return in_order(filter(None, map(id_of, values)))


def in_order(ids: Iterable[Id]) -> Ids:
    return tuple(sorted(dict.fromkeys(ids), key=lambda each: KINDS.index(each[0])))


def visible(value: Any) -> str:
    """A text without the marks that nobody sees, and without blanks around it."""
    words = text(digits_or_text(value))
    return words.strip() if words.isascii() else INVISIBLE.sub("", words).strip()
