"""Validate a template message against the template's definition as Graph lists it, before Meta
does. Pure.

What Meta invents tomorrow (a format, a sort of button) is not judged.
"""

from collections.abc import Sequence
from typing import Any

from channels_app.content import (
    Fault,
    FaultCode,
    Location,
    Media,
    OfferEnd,
    ProductValue,
    Template,
    TemplateBody,
    TemplateCards,
    TemplateHeader,
)
from whatsapp.json_values import Json
from whatsapp.message_templates.buttons import amount, check_buttons
from whatsapp.message_templates.definition import Components, Definition, Gaps, Header, read
from whatsapp.message_templates.given import Given, given_of, placed
from whatsapp.message_templates.statuses import fault_of
from whatsapp.sending.limits import Check, quoted

FORMATS = {
    "IMAGE": "image",
    "VIDEO": "video",
    "DOCUMENT": "document",
    "LOCATION": "location",
    "PRODUCT": "product",
}


def template_faults(template: Template, definition: Json) -> list[Fault]:
    """One for each thing that does not fit; empty when it can be sent.

    `definition` is an item of the account's message_templates.
    """
    check, defined = Check(), read(definition)
    check_name_and_status(template, defined, check)
    check_components(template.components, defined.components, defined.is_named, check)
    return check.faults


def check_name_and_status(template: Template, defined: Definition, check: Check) -> None:
    for key, given, known in (
        ("name", template.name, defined.name),
        ("language", template.language, defined.language),
    ):
        if given != known:
            other = known or "none"
            check.at(f"/{key}").fault(
                f"The template's {key} is {quoted(given)}; the definition is of {other}."
            )
    if sentence := fault_of(quoted(template.name), defined.status):
        check.at("/name").fault(sentence, FaultCode.TEMPLATE_NOT_SENDABLE)


def check_components(
    given: Sequence[Any], defined: Components, is_named: bool, check: Check
) -> None:
    """Those of a template, or of one of its cards."""
    of_all = check.at("/components")
    check_header(given_of(TemplateHeader, "the header", given, of_all), defined.header, is_named)
    check_gaps(given_of(TemplateBody, "the body", given, of_all), defined.body.gaps, is_named)
    check_buttons(given, defined.buttons, of_all)
    check_offer(given, defined.has_offer_end, of_all)
    check_cards(given, defined.cards, is_named, of_all)


def check_header(given: Given, defined: Header, is_named: bool) -> None:
    if defined.format == "TEXT":
        check_gaps(given, defined.words.gaps, is_named)
    elif wanted := FORMATS.get(defined.format):
        sorts = [sort_of(value) for value, _ in given.values]
        if sorts != [wanted]:
            given.check.fault(
                f"{given.check.name} takes one {wanted}; it is given"
                f" {' and '.join(sorts) or 'nothing'}."
            )


def sort_of(value: Any) -> str:
    if isinstance(value, Media):
        return quoted(value.kind)
    return {Location: "location", ProductValue: "product"}.get(type(value), "text")


def check_gaps(given: Given, gaps: Gaps, is_named: bool) -> None:
    strange = [(sort_of(value), check) for value, check in given.values if sort_of(value) != "text"]
    if strange:
        sorts = " and ".join(sort for sort, _ in strange)
        _, of_first = strange[0]
        of_first.fault(f"{given.check.name} is a text; it is given {sorts}.")
    elif is_named:
        check_names(given, gaps)
    else:
        check_number(given, len(gaps))


def check_names(given: Given, gaps: Gaps) -> None:
    name, names = given.check.name, [value.name for value, _ in given.values]
    for gap in gaps:
        if gap not in names:
            given.check.fault(f"{name} takes a value named {gap}; none is given.")
    for index, (value, check) in enumerate(given.values):
        of_name = check.at("/name")
        if not value.name:
            of_name.fault(f"{name} takes its values by name; value {index + 1} has none.")
        elif value.name not in gaps:
            of_name.fault(f"{name} takes no value named {quoted(value.name)}.")
        elif value.name in names[:index]:
            of_name.fault(f"{name} takes one value named {value.name}; more are given.")


def check_number(given: Given, gaps: int) -> None:
    name, number = given.check.name, len(given.values)
    if number != gaps:
        given.check.fault(f"{name} takes {amount(gaps)}; it is given {amount(number)}.")
    for value, check in given.values:
        if value.name:
            check.at("/name").fault(
                f"{name} takes its values by their order; {quoted(value.name)} is a name."
            )


def check_offer(given: Sequence[Any], has_end: bool, check: Check) -> None:
    ends = placed(OfferEnd, given, check)
    if has_end and not ends:
        check.fault("The template's offer ends; when is not given.")
    if ends and not has_end:
        _, of_end = ends[0]
        of_end.fault("The template has no offer that ends; an end is given.")


def check_cards(
    given: Sequence[Any], defined: Sequence[Components], is_named: bool, check: Check
) -> None:
    rows = placed(TemplateCards, given, check)
    cards = [
        (card, of_row.at(f"/cards/{n}")) for row, of_row in rows for n, card in enumerate(row.cards)
    ]
    if len(cards) != len(defined):
        of_cards = rows[0][1].at("/cards") if rows else check
        of_cards.fault(
            f"The template's number of cards is {len(defined)}; the number given is {len(cards)}."
        )
        return
    for number, ((card, of_card), components) in enumerate(zip(cards, defined, strict=True), 1):
        called = of_card.at("", f"card {number}")
        check_components(card.components, components, is_named, called)
