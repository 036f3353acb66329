"""How much a message may hold, in characters or items, and the check that says each thing that is
too much. Pure.

A value goes into a body through a Check only, so that none goes in unread; the faults are said
together at the end.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from channels_app.content import Unsendable
from channels_app.storable import UNWRITABLE, storable_json, storable_text

TEXT, CAPTION, BODY, HEADER, FOOTER = 4096, 1024, 1024, 60, 60
BUTTONS, BUTTON_TITLE, BUTTON_ID = 3, 20, 256
SECTIONS, SECTION_TITLE, ROWS, ROW_TITLE, ROW_ID, ROW_DESCRIPTION = 10, 24, 10, 24, 200, 72
PRODUCTS, FLOW_TITLE, EMOJI = 30, 30, 16
FEWEST_CARDS, CARDS, CARD_BODY, CARD_LINE_BREAKS = 2, 10, 160, 2
CONTACTS = 257
TEMPLATE_NAME, TEMPLATE_VALUE, TEMPLATE_BUTTONS = 512, 32_768, 10
TEMPLATE_CODE, TEMPLATE_PAYLOAD, TEMPLATE_URL = 15, 256, 2000
CURRENCY, AMOUNT = 3, 2**31 - 1
LINK, ID, NAME = 2048, 512, 1024  # ours, where Meta names none: no field is endless
# "Error codes", 132018: of a template's values
IN_NO_VALUE = re.compile("[\t\n\v\f\r\x85\u2028\u2029]| {5}")
BLANK = re.compile(r"\s")
LINK_FORM = re.compile(r"https?://[^\s/?#\\]+\S*", re.IGNORECASE)


class Check:
    """Takes each value on its way into a body and gives it back; `raise_faults` says what was wrong
    with them.
    """

    def __init__(self) -> None:
        self.faults: list[str] = []

    def fault(self, sentence: str) -> None:
        self.faults.append(sentence[:1].upper() + sentence[1:])

    def raise_faults(self) -> None:
        if self.faults:
            raise Unsendable(*self.faults)

    def words(self, name: str, value: str, at_most: int) -> str:
        """A text that must say something."""
        if not value.strip():
            self.fault(f"{name} is empty.")
        if len(value) > at_most:
            self.fault(f"{name} has {len(value)} characters; {at_most} is the most.")
        if UNWRITABLE.search(value):
            self.fault(
                f"{name} holds a character that cannot be sent: NUL, or half of a pair of"
                " surrogates."
            )
        return value

    def one_line(self, name: str, value: str, at_most: int) -> str:
        """A text that fills a gap of a template."""
        if IN_NO_VALUE.search(value):
            self.fault(
                f"{name} has a line break, a tab or more than four spaces in a row; write it in one"
                " line, without them."
            )
        return self.words(name, value, at_most)

    def part_of_link(self, name: str, value: str, at_most: int) -> str:
        """What a template's link ends in."""
        if value.strip() and BLANK.search(value):
            self.fault(
                f"{name} is part of a link and has a blank; write it without blanks, or as %20."
            )
        return self.words(name, value, at_most)

    def optional(self, name: str, value: str, at_most: int) -> str:
        """A text that may be left away; blanks alone are no text."""
        return self.words(name, value, at_most) if value else value

    def id(self, name: str, value: str, at_most: int = ID) -> str:
        """An id that comes back when it is chosen."""
        if value.strip() and value != value.strip():
            self.fault(f"{name} begins or ends with a space.")
        return self.words(name, value, at_most)

    def link(self, name: str, value: str) -> str:
        if value and not LINK_FORM.fullmatch(value):
            self.fault(
                f"{name} must begin with http:// or https://, name a host and have no spaces."
            )
        return self.words(name, value, LINK)

    def number(self, name: str, value: float, least: float, most: float) -> float:
        if not least <= value <= most:  # so that a NaN is refused, too
            self.fault(f"{name} is {value}; it must be between {least} and {most}.")
        return value

    def count(self, noun: str, number: int, most: int, least: int = 1) -> None:
        """`noun` is in the plural."""
        if not least <= number <= most:
            self.fault(
                f"The number of {noun} is {number}; {least} is the least and {most} is the most."
            )

    def differ(self, nouns: str, what: str, values: Sequence[str], where: str = "") -> None:
        """Two of the `nouns` may not have the same id or title, whichever `what` is."""
        places: dict[str, list[str]] = {}
        for place, value in enumerate(values, 1):
            places.setdefault(value, []).append(str(place))
        for same in places.values():
            if len(same) > 1:
                self.fault(
                    f"{nouns} {' and '.join(same)}{where} have the same {what}; each needs its own."
                )

    def passing(self, name: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """A JSON object of somebody else's words: copied, and refused only if it is no JSON that
        can be sent.
        """
        try:
            plain = json.loads(json.dumps(dict(values), allow_nan=False))
            if storable_json(plain) == plain:
                return plain
        except (TypeError, ValueError, RecursionError):
            pass
        self.fault(f"{name} cannot be written as JSON, or hold a character that cannot be sent.")
        return {}


def quoted(text: str) -> str:
    """Short and writable enough to stand in a fault, whatever it is."""
    return storable_text(text, 40)


def present(**fields: Any) -> dict[str, Any]:
    """The fields that say something: without None, and without what is empty. False and 0 say
    something.
    """
    return {
        name: value
        for name, value in fields.items()
        if value is not None and value not in ("", [], {})
    }
