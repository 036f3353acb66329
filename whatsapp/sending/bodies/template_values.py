"""The values of a template's gaps in Meta's words, and which of them may stand in a header, a body
and each kind of button.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from channels_app.content import (
    Action,
    Code,
    Location,
    Media,
    MoneyValue,
    ProductValue,
    ReplyPayload,
    TextValue,
    TimeValue,
)
from whatsapp.json_values import Json
from whatsapp.sending import limits
from whatsapp.sending.bodies.media import shown_above
from whatsapp.sending.bodies.plain import location_object
from whatsapp.sending.limits import Check, present

Builder = Callable[[Any, Check], Json]
MEDIA_KINDS = ("image", "video", "document")


def text(at_most: int) -> Builder:
    def build(value: TextValue, check: Check) -> Json:
        shown = check.at("/text").one_line(value.text, at_most)
        return {"type": "text", "text": shown, **named(value.name, check)}

    return build


def end_of_link(value: TextValue, check: Check) -> Json:
    shown = check.at("/text").part_of_link(value.text, limits.TEMPLATE_URL)
    return {"type": "text", "text": shown, **named(value.name, check)}


def named(name: str, check: Check) -> Json:
    return present(parameter_name=check.at("/name", "the name").optional(name, limits.ID))


def money(value: MoneyValue, check: Check) -> Json:
    of_text = check.at("/text", "the text")
    of_amount = check.at("/thousandths", "the amount")
    currency = {
        "fallback_value": of_text.one_line(value.text, limits.TEMPLATE_VALUE),
        "code": check.at("/currency", "the currency").words(value.currency, limits.CURRENCY),
        "amount_1000": of_amount.number(value.thousandths, 0, limits.AMOUNT),
    }
    return {"type": "currency", "currency": currency, **named(value.name, check)}


def time(value: TimeValue, check: Check) -> Json:
    fallback = check.at("/text", "the text").one_line(value.text, limits.TEMPLATE_VALUE)
    details = check.at("/details", "the details").passing(value.details)
    return {
        "type": "date_time",
        "date_time": {**details, "fallback_value": fallback},
        **named(value.name, check),
    }


def media(value: Media, check: Check) -> Json:
    return shown_above(value, check, MEDIA_KINDS)


def location(value: Location, check: Check) -> Json:
    of_location = replace(check, name="")  # a header has one, which needs no number
    return {"type": "location", "location": location_object(value, of_location)}


def product(value: ProductValue, check: Check) -> Json:
    of_catalog = check.at("/catalog_id", "the catalog's id")
    of_product = check.at("/product_id", "the product's id")
    shown = {
        "catalog_id": of_catalog.words(value.catalog_id, limits.ID),
        "product_retailer_id": of_product.words(value.product_id, limits.ID),
    }
    return {"type": "product", "product": shown}


def payload(value: ReplyPayload, check: Check) -> Json:
    shown = check.at("/text").one_line(value.text, limits.TEMPLATE_PAYLOAD)
    return {"type": "payload", "payload": shown}


def code(value: Code, check: Check) -> Json:
    shown = check.at("/text").one_line(value.text, limits.TEMPLATE_CODE)
    return {"type": "coupon_code", "coupon_code": shown}


def action(value: Action, check: Check) -> Json:
    return {"type": "action", "action": check.at("/values").passing(value.values)}


BODY_VALUES: dict[type, Builder] = {
    TextValue: text(limits.TEMPLATE_VALUE),
    MoneyValue: money,
    TimeValue: time,
}
HEADER_VALUES: dict[type, Builder] = {
    **BODY_VALUES,
    TextValue: text(limits.HEADER),
    Media: media,
    Location: location,
    ProductValue: product,
}
# our kind: Meta's sub_type, and what it may be given
BUTTONS: dict[str, tuple[str, Mapping[type, Builder]]] = {
    "quick_reply": (
        "quick_reply",
        {ReplyPayload: payload, TextValue: text(limits.TEMPLATE_PAYLOAD)},
    ),
    "url": ("url", {TextValue: end_of_link}),
    "copy_code": ("copy_code", {Code: code}),
    "flow": ("flow", {Action: action}),
    "catalog": ("catalog", {Action: action}),
    "product_list": ("mpm", {Action: action}),
    "order_details": ("order_details", {Action: action}),
}
