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
    of_policy = check.at("/language_policy", "the template's language policy")
    name = check.at("/name", "the template's name").words(content.name, limits.TEMPLATE_NAME)
    code = check.at("/language", "the template's language").words(content.language, limits.ID)
    policy = of_policy.optional(content.language_policy, limits.ID)
    parts = components(content.components, check)
    language = present(code=code, policy=policy)
    return {
        "type": "template",
        "template": {"name": name, "language": language, **present(components=parts)},
    }


def components(items: Sequence[Any], check: Check) -> list[Json]:
    """Those of a template, or of one of its cards."""
    of_all = check.at("/components")
    for kind, nouns in NOUNS.items():
        of_all.count(nouns, sum(isinstance(each, kind) for each in items), 1, least=0)
    indexes = {
        f"/{n}/index": str(each.index)
        for n, each in enumerate(items)
        if isinstance(each, TemplateButton)
    }
    of_all.count("buttons", len(indexes), limits.TEMPLATE_BUTTONS, least=0)
    of_all.differ("buttons", "index", indexes)
    return [COMPONENTS[type(each)](each, of_all.at(f"/{n}")) for n, each in enumerate(items)]


def header(content: TemplateHeader, check: Check) -> Json:
    values = parameters(content.values, HEADER_VALUES, check.at("", "the header"))
    return {"type": "header", **values}


def body(content: TemplateBody, check: Check) -> Json:
    return {"type": "body", **parameters(content.values, BODY_VALUES, check.at("", "the body"))}


def button(content: TemplateButton, check: Check) -> Json:
    of_index = check.at("/index", "the index of a button")
    of_index.number(content.index, 0, limits.TEMPLATE_BUTTONS - 1)
    if content.kind not in BUTTONS:
        check.at("/kind").fault(
            f"There are no template buttons of the kind {quoted(content.kind)}; it must be one of"
            f" {', '.join(BUTTONS)}."
        )
        return {}
    name, builders = BUTTONS[content.kind]
    called = check.at("", f"the button with index {content.index}")
    values = parameters(content.values, builders, called)
    return {"type": "button", "sub_type": name, "index": str(content.index), **values}


def parameters(items: Sequence[Any], builders: Mapping[type, Builder], check: Check) -> Json:
    built = []
    for value, of_value in check.each("/values", "value", items):
        if build := builders.get(type(value)):
            built.append(build(value, of_value))
        else:
            of_value.fault(f"{of_value.name} is of a sort that cannot stand there.")
    return present(parameters=built)


def offer_end(content: OfferEnd, check: Check) -> Json:
    if content.at.tzinfo is None:
        check.at("/at").fault("The end of the offer has no time zone.")
        return {}
    end = {"expiration_time_ms": (content.at - EPOCH) // timedelta(milliseconds=1)}
    return {
        "type": "limited_time_offer",
        "parameters": [{"type": "limited_time_offer", "limited_time_offer": end}],
    }


def cards(content: TemplateCards, check: Check) -> Json:
    check.at("/cards").count("cards", len(content.cards), limits.CARDS, limits.FEWEST_CARDS)
    return {
        "type": "carousel",
        "cards": [
            {"card_index": n, "components": components(card.components, of_card)}
            for n, (card, of_card) in enumerate(check.each("/cards", "card", content.cards))
        ],
    }


COMPONENTS: dict[type, Callable[[Any, Check], Json]] = {
    TemplateHeader: header,
    TemplateBody: body,
    TemplateButton: button,
    OfferEnd: offer_end,
    TemplateCards: cards,
}
