"""A template's parameters: what its sender is to fill in, as its definition tells. Pure.

Each pointer leads into the content that has every parameter, in this order: header, body, buttons,
the end of an offer, cards.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from channels_app.results import TemplateParameter
from whatsapp.json_values import Json
from whatsapp.message_templates.buttons import rule_of
from whatsapp.message_templates.definition import (
    Button,
    Buttons,
    Components,
    Header,
    Words,
    gaps_of,
    read,
)
from whatsapp.message_templates.validation import FORMATS

Part = list[TemplateParameter]  # of one component, with pointers that lead into it

# what a button of each kind is given, and where that goes
OF_BUTTON = {
    "quick_reply": ("payload", "/values/0/text"),
    "url": ("text", "/values/0/text"),
    "copy_code": ("code", "/values/0/text"),
}
ACTION = ("action", "/values/0/values")
OFFER_END = TemplateParameter(component="offer_end", kind="date_time", pointer="/at")
# a card is there, though it need be given nothing
PLAIN_CARD = TemplateParameter(component="card", kind="empty", pointer="")


def parameters_of(definition: Json) -> list[TemplateParameter]:
    """Return what is to be filled in of an item of the account's message_templates."""
    defined = read(definition).components
    offer = [OFFER_END] if defined.has_offer_end else []
    return placed([*parts_of(defined), offer, of_cards(defined.cards)])


def parts_of(defined: Components) -> Iterator[Part]:
    """Yield the parts that a template and a card of it have alike."""
    yield of_header(defined.header)
    yield of_words("body", defined.body)
    yield from of_buttons(defined.buttons)


def placed(parts: Sequence[Part]) -> list[TemplateParameter]:
    """Return the parameters with pointers from what has the components."""
    return [
        replace(each, pointer=f"/components/{place}{each.pointer}")
        for place, part in enumerate(filter(None, parts))
        for each in part
    ]


def of_header(header: Header) -> Part:
    if header.format == "TEXT":
        return of_words("header", header.words)
    kind = FORMATS.get(header.format)
    file = TemplateParameter(
        component="header", kind=kind or "", pointer="/values/0", example=header.example
    )
    return [file] if kind else []


def of_words(component: str, words: Words) -> Part:
    """Return a parameter for each gap of a text, those with numbers in the order of these."""
    gaps = words.gaps
    if all(gap.isdecimal() for gap in gaps):
        gaps = tuple(sorted(gaps, key=int))
    return [
        TemplateParameter(
            component=component,
            kind="text",
            name=gap,
            example=words.examples.get(gap, ""),
            pointer=f"/values/{place}/text",
        )
        for place, gap in enumerate(gaps)
    ]


def of_buttons(buttons: Buttons) -> Iterator[Part]:
    for index, button in enumerate(buttons):
        yield [replace(each, index=index) for each in of_button(button)]


def of_button(button: Button) -> Part:
    rule = rule_of(button)
    if rule is None or not rule.kinds or not rule.most:
        return []
    kind, pointer = OF_BUTTON.get(rule.kinds[0], ACTION)
    return [
        TemplateParameter(
            component="button",
            button=rule.kinds[0],
            kind=kind,
            name="".join(gaps_of(button.url)[:1]),
            is_required=rule.least > 0,
            example=button.example,
            pointer=pointer,
        )
    ]


def of_cards(cards: Sequence[Components]) -> Part:
    return [
        replace(each, card=number, pointer=f"/cards/{number}{each.pointer}")
        for number, card in enumerate(cards)
        for each in of_card(card)
    ]


def of_card(card: Components) -> Part:
    parameters = placed(list(parts_of(card)))
    return parameters if any(each.is_required for each in parameters) else [PLAIN_CARD, *parameters]
