"""Templates in Meta's words: components, and the values that fill their gaps. Which value may stand
where is a table.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from channels_app.content import (
    OfferEnd,
    Template,
    TemplateBody,
    TemplateButton,
    TemplateCard,
    TemplateCards,
    TemplateHeader,
)
from whatsapp.json_values import Json
from whatsapp.sending import limits
from whatsapp.sending.bodies.template_values import BODY_VALUES, BUTTONS, HEADER_VALUES, Builder
from whatsapp.sending.limits import Check, present, quoted

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NOUNS = {
    TemplateHeader: "headers",
    TemplateBody: "bodies",
    OfferEnd: "offer ends",
    TemplateCards: "rows of cards",
}


def template(content: Template, check: Check) -> Json:
    name = check.words("The template's name", content.name, limits.TEMPLATE_NAME)
    code = check.words("The template's language", content.language, limits.ID)
    policy = check.optional("The template's language policy", content.language_policy, limits.ID)
    parts = components(content.components, "", check)
    language = present(code=code, policy=policy)
    return {
        "type": "template",
        "template": {"name": name, "language": language, **present(components=parts)},
    }


def components(items: Sequence[Any], where: str, check: Check) -> list[Json]:
    """`where` follows a component's name in a fault: the card that it is on."""
    for kind, nouns in NOUNS.items():
        check.count(f"{nouns}{where}", sum(isinstance(each, kind) for each in items), 1, least=0)
    indexes = [str(each.index) for each in items if isinstance(each, TemplateButton)]
    check.count(f"buttons{where}", len(indexes), limits.TEMPLATE_BUTTONS, least=0)
    check.differ("Buttons", "index", indexes, where)
    return [COMPONENTS[type(each)](each, where, check) for each in items]


def header(content: TemplateHeader, where: str, check: Check) -> Json:
    return {
        "type": "header",
        **parameters(content.values, f"the header{where}", HEADER_VALUES, check),
    }


def body(content: TemplateBody, where: str, check: Check) -> Json:
    return {"type": "body", **parameters(content.values, f"the body{where}", BODY_VALUES, check)}


def button(content: TemplateButton, where: str, check: Check) -> Json:
    check.number(f"The index of a button{where}", content.index, 0, limits.TEMPLATE_BUTTONS - 1)
    if content.kind not in BUTTONS:
        check.fault(
            f"There are no template buttons of the kind {quoted(content.kind)}; it must be one of"
            f" {', '.join(BUTTONS)}."
        )
        return {}
    name, builders = BUTTONS[content.kind]
    values = parameters(
        content.values, f"the button with index {content.index}{where}", builders, check
    )
    return {"type": "button", "sub_type": name, "index": str(content.index), **values}


def parameters(
    items: Sequence[Any], where: str, builders: Mapping[type, Builder], check: Check
) -> Json:
    built = []
    for number, each in enumerate(items, 1):
        if build := builders.get(type(each)):
            built.append(build(each, f"value {number} of {where}", check))
        else:
            check.fault(f"Value {number} of {where} is of a sort that cannot stand there.")
    return present(parameters=built)


def offer_end(content: OfferEnd, where: str, check: Check) -> Json:
    if content.at.tzinfo is None:
        check.fault("The end of the offer has no time zone.")
        return {}
    end = {"expiration_time_ms": (content.at - EPOCH) // timedelta(milliseconds=1)}
    return {
        "type": "limited_time_offer",
        "parameters": [{"type": "limited_time_offer", "limited_time_offer": end}],
    }


def cards(content: TemplateCards, where: str, check: Check) -> Json:
    check.count("cards", len(content.cards), limits.CARDS, limits.FEWEST_CARDS)
    return {
        "type": "carousel",
        "cards": [card(each, n, check) for n, each in enumerate(content.cards)],
    }


def card(content: TemplateCard, index: int, check: Check) -> Json:
    return {
        "card_index": index,
        "components": components(content.components, f" of card {index + 1}", check),
    }


COMPONENTS: dict[type, Callable[[Any, str, Check], Json]] = {
    TemplateHeader: header,
    TemplateBody: body,
    TemplateButton: button,
    OfferEnd: offer_end,
    TemplateCards: cards,
}
