"""A template message as its recipient saw it: the template's own words, with what was sent in their
gaps. Pure.

The definition is the one that Meta lists now: a template that was edited since shows its new words.
"""

from collections.abc import Sequence
from typing import Any

from channels_app.message_parts import Choice, MessageParts, Slide
from whatsapp.json_values import Json, inner, objects, text
from whatsapp.message_templates.definition import GAP

FALLBACKS = ("currency", "date_time")


def parts_of(sent: Json, definition: Json | None) -> MessageParts:
    """Return the parts of a template as it was sent; without its definition nothing but its name
    is known.
    """
    name = text(sent.get("name"))
    if not definition or not objects(definition, "components"):
        return MessageParts(template=name)
    defined, given = by_type(definition), objects(sent, "components")
    cards = objects(inner(defined, "CAROUSEL"), "cards")
    return MessageParts(
        template=name,
        header=words_of(inner(defined, "HEADER"), values_of(given, "header")),
        body=words_of(inner(defined, "BODY"), values_of(given, "body")),
        footer=text(inner(defined, "FOOTER").get("text")),
        buttons=buttons_of(inner(defined, "BUTTONS"), given),
        slides=tuple(slide_of(card, cards_of(given), place) for place, card in enumerate(cards)),
    )


def by_type(parent: Json) -> Json:
    return {text(each.get("type")).upper(): each for each in objects(parent, "components")}


def cards_of(given: Sequence[Json]) -> list[Json]:
    return next((objects(each, "cards") for each in given if each.get("type") == "carousel"), [])


def slide_of(card: Json, sent: Sequence[Json], place: int) -> Slide:
    defined = by_type(card)
    given = objects(sent[place], "components") if place < len(sent) else []
    return Slide(
        body=words_of(inner(defined, "BODY"), values_of(given, "body")),
        file=text(inner(defined, "HEADER").get("format")).lower(),
        buttons=buttons_of(inner(defined, "BUTTONS"), given),
    )


def values_of(given: Sequence[Json], component: str) -> list[Json]:
    return [
        value
        for each in given
        if each.get("type") == component
        for value in objects(each, "parameters")
    ]


def words_of(component: Json, values: Sequence[Json]) -> str:
    return filled(text(component.get("text")), values)


def filled(words: str, values: Sequence[Json]) -> str:
    """Return the words with the values in their gaps, by name or by number; a gap without a value
    stays as it is.
    """
    by_gap = {
        text(value.get("parameter_name")) or str(place): shown(value)
        for place, value in enumerate(values, 1)
    }
    return GAP.sub(lambda gap: by_gap.get(gap[1]) or gap[0], words)


def shown(value: Json) -> str:
    fallbacks = (text(inner(value, key).get("fallback_value")) for key in FALLBACKS)
    return text(value.get("text")) or next(filter(None, fallbacks), "")


def buttons_of(component: Json, given: Sequence[Json]) -> tuple[Choice, ...]:
    """The buttons with their links; what was sent for one is found by its place among them."""
    sent = {
        str(each.get("index")): objects(each, "parameters")
        for each in given
        if each.get("type") == "button"
    }
    return tuple(
        button_of(button, sent.get(str(place), []))
        for place, button in enumerate(objects(component, "buttons"))
    )


def button_of(button: Json, values: Sequence[Json]) -> Choice:
    title = text(button.get("text")) or text(button.get("type")).lower().replace("_", " ")
    reached: Any = text(button.get("url")) or text(button.get("phone_number"))
    payload = next(filter(None, (text(each.get("payload")) for each in values)), "")
    return Choice(title=title, description=filled(reached, values), id=payload or title)
