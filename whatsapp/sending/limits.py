"""How much a message may hold, in characters or items, and the check that says each thing that is
too much. Pure.

A value goes into a body through a Check only, so that none goes in unread; the faults are said
together at the end.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from channels_app.content import Fault, FaultCode, Unsendable
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

Item = TypeVar("Item")


@dataclass(frozen=True, kw_only=True)
class Check:
    """Takes each value on its way into a body and gives it back; `raise_faults` says what was wrong
    with them.

    It stands at one place of the content: `name` is what people call it ("the title of button 2"),
    `pointer` leads to it ("/buttons/1/title"). The faults of all places are one list.
    """

    name: str = ""
    pointer: str = ""
    faults: list[Fault] = field(default_factory=list)

    def at(self, pointer: str, noun: str = "") -> "Check":
        """The check of what lies there, which is called `noun` "of" this, or as this is."""
        return replace(self, name=self.called(noun), pointer=self.pointer + pointer)

    def own(self, pointer: str, noun: str) -> "Check":
        """The same, called "the header's link"."""
        return replace(self, name=f"{self.name}'s {noun}", pointer=self.pointer + pointer)

    def each(
        self, pointer: str, noun: str, items: Iterable[Item]
    ) -> Iterator[tuple[Item, "Check"]]:
        """The items of the list that lies there, each with its check: "button 2"."""
        for index, item in enumerate(items):
            yield item, self.at(f"{pointer}/{index}", f"{noun} {index + 1}")

    def called(self, noun: str) -> str:
        return " of ".join(words for words in (noun, self.name) if words)

    def fault(self, sentence: str, code: FaultCode = FaultCode.INVALID) -> None:
        self.faults.append(Fault(sentence[:1].upper() + sentence[1:], self.pointer, code))

    def raise_faults(self) -> None:
        if self.faults:
            raise Unsendable(*self.faults)

    def words(self, value: str, at_most: int) -> str:
        """A text that must say something."""
        if not value.strip():
            self.fault(f"{self.name} is empty.")
        if len(value) > at_most:
            self.fault(f"{self.name} has {len(value)} characters; {at_most} is the most.")
        if UNWRITABLE.search(value):
            self.fault(
                f"{self.name} holds a character that cannot be sent: NUL, or half of a pair of"
                " surrogates."
            )
        return value

    def one_line(self, value: str, at_most: int) -> str:
        """A text that fills a gap of a template."""
        if IN_NO_VALUE.search(value):
            self.fault(
                f"{self.name} has a line break, a tab or more than four spaces in a row; write it"
                " in one line, without them."
            )
        return self.words(value, at_most)

    def part_of_link(self, value: str, at_most: int) -> str:
        """What a template's link ends in."""
        if value.strip() and BLANK.search(value):
            self.fault(
                f"{self.name} is part of a link and has a blank; write it without blanks, or as"
                " %20."
            )
        return self.words(value, at_most)

    def optional(self, value: str, at_most: int) -> str:
        """A text that may be left away; blanks alone are no text."""
        return self.words(value, at_most) if value else value

    def id(self, value: str, at_most: int = ID) -> str:
        """An id that comes back when it is chosen."""
        if value.strip() and value != value.strip():
            self.fault(f"{self.name} begins or ends with a space.")
        return self.words(value, at_most)

    def link(self, value: str) -> str:
        if value and not LINK_FORM.fullmatch(value):
            self.fault(
                f"{self.name} must begin with http:// or https://, name a host and have no spaces."
            )
        return self.words(value, LINK)

    def number(self, value: float, least: float, most: float) -> float:
        if not least <= value <= most:  # so that a NaN is refused, too
            self.fault(f"{self.name} is {value}; it must be between {least} and {most}.")
        return value

    def count(self, nouns: str, number: int, most: int, least: int = 1) -> None:
        if not least <= number <= most:
            self.fault(
                f"The number of {self.called(nouns)} is {number}; {least} is the least and {most}"
                " is the most."
            )

    def differ(self, nouns: str, what: str, values: Mapping[str, str]) -> None:
        """No two of the `nouns` may have the same id or title, whichever `what` is. `values`: by
        the pointers to them; the last of the same ones is at fault.
        """
        same: dict[str, list[tuple[int, str]]] = {}
        for number, (pointer, value) in enumerate(values.items(), 1):
            same.setdefault(value, []).append((number, pointer))
        for places in same.values():
            if len(places) > 1:
                numbers = " and ".join(str(number) for number, _ in places)
                self.at(places[-1][1]).fault(
                    f"{self.called(f'{nouns} {numbers}')} have the same {what}; each needs its own."
                )

    def passing(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """A JSON object of somebody else's words: copied, and refused only if it is no JSON that
        can be sent.
        """
        try:
            plain = json.loads(json.dumps(dict(values), allow_nan=False))
            if storable_json(plain) == plain:
                return plain
        except (TypeError, ValueError, RecursionError):
            pass
        self.fault(
            f"{self.name} cannot be written as JSON, or hold a character that cannot be sent."
        )
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
