"""A template's definition, read from Graph's JSON into dataclasses. Pure.

Reading never raises: what is not as Meta documents it reads as absent. A button or a card keeps its
place in the list, whatever stands there.
"""

import re
from dataclasses import dataclass
from typing import Any

from whatsapp.json_values import Json, inner, listed, objects, text

GAP = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")

Gaps = tuple[str, ...]  # the numbers or names between a text's braces, each once, in their order


@dataclass(frozen=True, kw_only=True)
class Header:
    """`format`: Meta's word (TEXT, IMAGE, ...). A text may have gaps; a file has none."""

    format: str = "TEXT"
    gaps: Gaps = ()


@dataclass(frozen=True, kw_only=True)
class Button:
    type: str = ""
    url: str = ""


Buttons = tuple[Button, ...]


@dataclass(frozen=True, kw_only=True)
class Components:
    """What a template, or a card of its carousel, consists of."""

    header: Header = Header()
    body: Gaps = ()
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
        body=gaps_of(inner(of_type, "BODY").get("text")),
        buttons=tuple(map(button_of, listed(inner(of_type, "BUTTONS"), "buttons"))),
        has_offer_end=bool((inner(offer, "limited_time_offer") or offer).get("has_expiration")),
        cards=tuple(map(components_of, listed(inner(of_type, "CAROUSEL"), "cards"))),
    )


def header_of(component: Json) -> Header:
    return Header(format=text(component.get("format", "TEXT")), gaps=gaps_of(component.get("text")))


def button_of(item: Any) -> Button:
    known = item if isinstance(item, dict) else {}
    return Button(type=text(known.get("type")), url=text(known.get("url")))


def gaps_of(words: Any) -> Gaps:
    return tuple(dict.fromkeys(GAP.findall(text(words))))


def text_or_none(value: Any) -> str | None:
    return value if isinstance(value, str) else None
