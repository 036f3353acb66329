"""Validate a template message against the template's definition as Graph lists it, before Meta
does. Pure.

What Meta invents tomorrow (a format, a sort of button) is not judged.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from channels_app.content import (
    Location,
    Media,
    OfferEnd,
    ProductValue,
    Template,
    TemplateBody,
    TemplateButton,
    TemplateCards,
    TemplateHeader,
)
from whatsapp.json_values import Json, text
from whatsapp.message_templates.buttons import amount, button_faults
from whatsapp.message_templates.statuses import fault_of
from whatsapp.sending.limits import quoted

GAP = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")
FORMATS = {
    "IMAGE": "image",
    "VIDEO": "video",
    "DOCUMENT": "document",
    "LOCATION": "location",
    "PRODUCT": "product",
}


def template_faults(template: Template, definition: Json) -> list[str]:
    """One sentence for each thing that does not fit; empty when it can be sent.

    `definition` is an item of the account's message_templates: {name, language, status,
    parameter_format, components}.
    """
    faults = [
        f"The template's {key} is {quoted(given)}; the definition is of"
        f" {text(definition.get(key)) or 'none'}."
        for key, given in (("name", template.name), ("language", template.language))
        if definition.get(key) != given
    ]
    if fault := fault_of(quoted(template.name), definition.get("status")):
        faults.append(fault)
    is_named = text(definition.get("parameter_format")).upper() == "NAMED"
    return [
        *faults,
        *part_faults(template.components, definition.get("components") or [], is_named, ""),
    ]


def part_faults(
    given: Sequence[Any], defined: Iterable[Json], is_named: bool, where: str
) -> Iterator[str]:
    """The faults of a template, or of one card; `where` is that card."""
    of = {component.get("type"): component for component in defined}
    buttons = [each for each in given if isinstance(each, TemplateButton)]
    yield from header_faults(
        values_of(given, TemplateHeader), of.get("HEADER") or {}, is_named, where
    )
    yield from gap_faults(
        values_of(given, TemplateBody),
        (of.get("BODY") or {}).get("text"),
        is_named,
        f"The body{where}",
    )
    yield from button_faults(buttons, (of.get("BUTTONS") or {}).get("buttons") or [], where)
    yield from offer_faults(
        any(isinstance(each, OfferEnd) for each in given), of.get("LIMITED_TIME_OFFER") or {}
    )
    yield from card_faults(given, (of.get("CAROUSEL") or {}).get("cards") or [], is_named)


def values_of(given: Sequence[Any], kind: type[TemplateHeader] | type[TemplateBody]) -> list[Any]:
    return [
        value for component in given if isinstance(component, kind) for value in component.values
    ]


def header_faults(values: list[Any], defined: Json, is_named: bool, where: str) -> Iterator[str]:
    name, sort = f"The header{where}", defined.get("format", "TEXT")
    if sort == "TEXT":
        yield from gap_faults(values, defined.get("text"), is_named, name)
    elif sort in FORMATS and [sort_of(value) for value in values] != [FORMATS[sort]]:
        shown = " and ".join(sort_of(value) for value in values) or "nothing"
        yield f"{name} takes one {FORMATS[sort]}; it is given {shown}."


def sort_of(value: Any) -> str:
    if isinstance(value, Media):
        return quoted(value.kind)
    return {Location: "location", ProductValue: "product"}.get(type(value), "text")


def gap_faults(values: list[Any], words: Any, is_named: bool, name: str) -> Iterator[str]:
    gaps = list(dict.fromkeys(GAP.findall(text(words))))
    strange = [sort_of(value) for value in values if sort_of(value) != "text"]
    if strange:
        yield f"{name} is a text; it is given {' and '.join(strange)}."
    elif is_named:
        yield from name_faults([value.name for value in values], gaps, name)
    else:
        yield from number_faults([value.name for value in values], len(gaps), name)


def name_faults(given: list[str], gaps: list[str], name: str) -> Iterator[str]:
    yield from (
        f"{name} takes a value named {gap}; none is given." for gap in gaps if gap not in given
    )
    for place, each in enumerate(given, 1):
        if not each:
            yield f"{name} takes its values by name; value {place} has none."
        elif each not in gaps:
            yield f"{name} takes no value named {quoted(each)}."
        elif each in given[: place - 1]:
            yield f"{name} takes one value named {each}; more are given."


def number_faults(given: list[str], gaps: int, name: str) -> Iterator[str]:
    if len(given) != gaps:
        yield f"{name} takes {amount(gaps)}; it is given {amount(len(given))}."
    yield from (
        f"{name} takes its values by their order; {quoted(each)} is a name."
        for each in given
        if each
    )


def offer_faults(is_given: bool, defined: Json) -> Iterator[str]:
    ends = bool((defined.get("limited_time_offer") or defined).get("has_expiration"))
    if ends and not is_given:
        yield "The template's offer ends; when is not given."
    if is_given and not ends:
        yield "The template has no offer that ends; an end is given."


def card_faults(given: Sequence[Any], defined: list[Json], is_named: bool) -> Iterator[str]:
    cards = [
        card
        for component in given
        if isinstance(component, TemplateCards)
        for card in component.cards
    ]
    if len(cards) != len(defined):
        yield f"The template's number of cards is {len(defined)}; the number given is {len(cards)}."
        return
    for number, (card, definition) in enumerate(zip(cards, defined, strict=True), 1):
        yield from part_faults(
            card.components, definition.get("components") or [], is_named, f" of card {number}"
        )
