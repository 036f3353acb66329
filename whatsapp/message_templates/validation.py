"""Validate a template message against the template's definition as Graph lists it, before Meta
does. Pure.

What Meta invents tomorrow (a format, a sort of button) is not judged.
"""

from collections.abc import Iterator, Sequence
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
from whatsapp.json_values import Json
from whatsapp.message_templates.buttons import amount, button_faults
from whatsapp.message_templates.definition import Components, Definition, Gaps, Header, read
from whatsapp.message_templates.statuses import fault_of
from whatsapp.sending.limits import quoted

FORMATS = {
    "IMAGE": "image",
    "VIDEO": "video",
    "DOCUMENT": "document",
    "LOCATION": "location",
    "PRODUCT": "product",
}


def template_faults(template: Template, definition: Json) -> list[str]:
    """One sentence for each thing that does not fit; empty when it can be sent.

    `definition` is an item of the account's message_templates.
    """
    defined = read(definition)
    return [
        *name_and_status_faults(template, defined),
        *component_faults(template.components, defined.components, defined.is_named, ""),
    ]


def name_and_status_faults(template: Template, defined: Definition) -> Iterator[str]:
    for key, given, known in (
        ("name", template.name, defined.name),
        ("language", template.language, defined.language),
    ):
        if given != known:
            other = known or "none"
            yield f"The template's {key} is {quoted(given)}; the definition is of {other}."
    if fault := fault_of(quoted(template.name), defined.status):
        yield fault


def component_faults(
    given: Sequence[Any], defined: Components, is_named: bool, where: str
) -> Iterator[str]:
    """The faults of a template, or of one card; `where` is that card."""
    buttons = [each for each in given if isinstance(each, TemplateButton)]
    is_end_given = any(isinstance(each, OfferEnd) for each in given)
    yield from header_faults(values_of(given, TemplateHeader), defined.header, is_named, where)
    body_values = values_of(given, TemplateBody)
    yield from gap_faults(body_values, defined.body, is_named, f"The body{where}")
    yield from button_faults(buttons, defined.buttons, where)
    yield from offer_faults(is_end_given, defined.has_offer_end)
    yield from card_faults(given, defined.cards, is_named)


def values_of(given: Sequence[Any], kind: type[TemplateHeader] | type[TemplateBody]) -> list[Any]:
    return [
        value for component in given if isinstance(component, kind) for value in component.values
    ]


def header_faults(values: list[Any], defined: Header, is_named: bool, where: str) -> Iterator[str]:
    name = f"The header{where}"
    if defined.format == "TEXT":
        yield from gap_faults(values, defined.gaps, is_named, name)
    elif wanted := FORMATS.get(defined.format):
        sorts = [sort_of(value) for value in values]
        if sorts != [wanted]:
            yield f"{name} takes one {wanted}; it is given {' and '.join(sorts) or 'nothing'}."


def sort_of(value: Any) -> str:
    if isinstance(value, Media):
        return quoted(value.kind)
    return {Location: "location", ProductValue: "product"}.get(type(value), "text")


def gap_faults(values: list[Any], gaps: Gaps, is_named: bool, name: str) -> Iterator[str]:
    strange = [sort_of(value) for value in values if sort_of(value) != "text"]
    if strange:
        yield f"{name} is a text; it is given {' and '.join(strange)}."
    elif is_named:
        yield from name_faults([value.name for value in values], gaps, name)
    else:
        yield from number_faults([value.name for value in values], len(gaps), name)


def name_faults(given: list[str], gaps: Gaps, name: str) -> Iterator[str]:
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


def offer_faults(is_end_given: bool, has_end: bool) -> Iterator[str]:
    if has_end and not is_end_given:
        yield "The template's offer ends; when is not given."
    if is_end_given and not has_end:
        yield "The template has no offer that ends; an end is given."


def card_faults(
    given: Sequence[Any], defined: Sequence[Components], is_named: bool
) -> Iterator[str]:
    cards = [
        card
        for component in given
        if isinstance(component, TemplateCards)
        for card in component.cards
    ]
    if len(cards) != len(defined):
        yield f"The template's number of cards is {len(defined)}; the number given is {len(cards)}."
        return
    for number, (card, components) in enumerate(zip(cards, defined, strict=True), 1):
        yield from component_faults(card.components, components, is_named, f" of card {number}")
