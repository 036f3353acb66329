"""The values of a template's gaps in Meta's words, and which of them may stand in a header, a body
and each kind of button.
"""

from collections.abc import Callable, Mapping
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

Builder = Callable[[Any, str, Check], Json]  # the value, what it is called in a fault, the check
MEDIA_KINDS = ("image", "video", "document")


def text(at_most: int) -> Builder:
    def build(value: TextValue, where: str, check: Check) -> Json:
        return {
            "type": "text",
            "text": check.one_line(where, value.text, at_most),
            **named(value.name, where, check),
        }

    return build


def end_of_link(value: TextValue, where: str, check: Check) -> Json:
    shown = check.part_of_link(where, value.text, limits.TEMPLATE_URL)
    return {"type": "text", "text": shown, **named(value.name, where, check)}


def named(name: str, where: str, check: Check) -> Json:
    return present(parameter_name=check.optional(f"The name of {where}", name, limits.ID))


def money(value: MoneyValue, where: str, check: Check) -> Json:
    currency = {
        "fallback_value": check.one_line(f"The text of {where}", value.text, limits.TEMPLATE_VALUE),
        "code": check.words(f"The currency of {where}", value.currency, limits.CURRENCY),
        "amount_1000": check.number(f"The amount of {where}", value.thousandths, 0, limits.AMOUNT),
    }
    return {"type": "currency", "currency": currency, **named(value.name, where, check)}


def time(value: TimeValue, where: str, check: Check) -> Json:
    fallback = check.one_line(f"The text of {where}", value.text, limits.TEMPLATE_VALUE)
    details = check.passing(f"The details of {where}", value.details)
    return {
        "type": "date_time",
        "date_time": {**details, "fallback_value": fallback},
        **named(value.name, where, check),
    }


def media(value: Media, where: str, check: Check) -> Json:
    return shown_above(value, check, where, MEDIA_KINDS)


def location(value: Location, where: str, check: Check) -> Json:
    return {"type": "location", "location": location_object(value, check)}


def product(value: ProductValue, where: str, check: Check) -> Json:
    shown = {
        "catalog_id": check.words(f"The catalog's id of {where}", value.catalog_id, limits.ID),
        "product_retailer_id": check.words(
            f"The product's id of {where}", value.product_id, limits.ID
        ),
    }
    return {"type": "product", "product": shown}


def payload(value: ReplyPayload, where: str, check: Check) -> Json:
    return {
        "type": "payload",
        "payload": check.one_line(where, value.text, limits.TEMPLATE_PAYLOAD),
    }


def code(value: Code, where: str, check: Check) -> Json:
    return {
        "type": "coupon_code",
        "coupon_code": check.one_line(where, value.text, limits.TEMPLATE_CODE),
    }


def action(value: Action, where: str, check: Check) -> Json:
    return {"type": "action", "action": check.passing(where, value.values)}


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
