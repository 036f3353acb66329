"""A template's definition, read from Graph's JSON into dataclasses. Pure.

Reading never raises: what is not as Meta documents it reads as absent. A button or a card keeps its
place in the list, whatever stands there.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from whatsapp.json_values import Json, inner, listed, objects, text
from whatsapp.message_templates import examples

GAP = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")

Gaps = tuple[str, ...]  # the numbers or names between a text's braces, each once, in their order


@dataclass(frozen=True, kw_only=True)
class Words:
    """A text with gaps, and examples of what fills them."""

    gaps: Gaps = ()
    examples: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Header:
    """`format`: Meta's word (TEXT, IMAGE, ...). A text may have gaps; a file has an example."""

    format: str = "TEXT"
    words: Words = Words()
    example: str = ""


@dataclass(frozen=True, kw_only=True)
class Button:
    type: str = ""
    url: str = ""
    example: str = ""


Buttons = tuple[Button, ...]


@dataclass(frozen=True, kw_only=True)
class Components:
    """What a template, or a card of its carousel, consists of."""

    header: Header = Header()
    body: Words = Words()
    buttons: Buttons = ()
    has_offer_end: bool = False
    cards: tuple["Components", ...] = ()


@dataclass(frozen=True, kw_only=True)
class Definition:
    """`name` and `language`: None where the JSON has no text. `status`: Meta's word, or ours."""

    name: str | None
    language: str | None
    status: Any
    is_named: bool  # the gaps have names; else they are filled by their order
    components: Components


def read(definition: Json) -> Definition:
    """Read an item of the account's message_templates: {name, language, status, parameter_format,
    components}.
    """
    return Definition(
        name=text_or_none(definition.get("name")),
        language=text_or_none(definition.get("language")),
        status=definition.get("status"),
        is_named=text(definition.get("parameter_format")).upper() == "NAMED",
        components=components_of(definition),
    )


def components_of(parent: Any) -> Components:
    """Read the components of a template or of a card. Of several of a type, the last counts."""
    if not isinstance(parent, dict):
        return Components()
    of_type = {text(each.get("type")): each for each in objects(parent, "components")}
    offer = inner(of_type, "LIMITED_TIME_OFFER")
    return Components(
        header=header_of(inner(of_type, "HEADER")),
        body=words_of(inner(of_type, "BODY"), "body_text"),
        buttons=tuple(map(button_of, listed(inner(of_type, "BUTTONS"), "buttons"))),
        has_offer_end=bool((inner(offer, "limited_time_offer") or offer).get("has_expiration")),
        cards=tuple(map(components_of, listed(inner(of_type, "CAROUSEL"), "cards"))),
    )


def header_of(component: Json) -> Header:
    return Header(
        format=text(component.get("format", "TEXT")),
        words=words_of(component, "header_text"),
        example=examples.of_file(component),
    )


def words_of(component: Json, word: str) -> Words:
    """Read a text with its gaps. `word`: what Meta calls the examples of them."""
    return Words(gaps=gaps_of(component.get("text")), examples=examples.of_gaps(component, word))


def button_of(item: Any) -> Button:
    known = item if isinstance(item, dict) else {}
    return Button(
        type=text(known.get("type")),
        url=text(known.get("url")),
        example=examples.of_button(known),
    )


def gaps_of(words: Any) -> Gaps:
    return tuple(dict.fromkeys(GAP.findall(text(words))))


def text_or_none(value: Any) -> str | None:
    return value if isinstance(value, str) else None
