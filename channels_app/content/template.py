"""A template: a text that the provider approved beforehand, sent by its name with values for its
gaps.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from channels_app.content.base import Content, Values, lines, one_line
from channels_app.content.media import Media
from channels_app.content.plain import Location

ButtonKind = Literal[
    "quick_reply", "url", "copy_code", "flow", "catalog", "product_list", "order_details"
]


@dataclass(frozen=True, kw_only=True)
class TextValue:
    """`name` says which gap it fills; a template whose gaps are numbered takes its values in their
    order, without names.
    """

    text: str
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class MoneyValue:
    """`text` is shown where the receiver's app has no way of its own to write the amount."""

    text: str
    currency: str  # three letters
    thousandths: int  # 100990 is 100.99
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class TimeValue:
    """`text` is what is shown; `details` pass through as they are."""

    text: str
    details: Values = field(default_factory=dict)
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class ProductValue:
    """The product that a header shows."""

    catalog_id: str
    product_id: str

    text = ""


@dataclass(frozen=True, kw_only=True)
class ReplyPayload:
    """What comes back when a quick reply is tapped."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Code:
    """What a button copies."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Action:
    """What a button needs to open: a Flow's token and data, products to show; `values` pass through
    as they are.
    """

    values: Values

    text = ""


Value = TextValue | MoneyValue | TimeValue
HeaderValue = Value | Media | Location | ProductValue
ButtonValue = TextValue | ReplyPayload | Code | Action


@dataclass(frozen=True, kw_only=True)
class TemplateHeader:
    values: tuple[HeaderValue, ...]


@dataclass(frozen=True, kw_only=True)
class TemplateBody:
    values: tuple[Value, ...]


@dataclass(frozen=True, kw_only=True)
class TemplateButton:
    index: int  # from 0, in the order of the template's own buttons
    kind: ButtonKind
    values: tuple[ButtonValue, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OfferEnd:
    """When a limited offer ends."""

    at: datetime
    values = ()


@dataclass(frozen=True, kw_only=True)
class TemplateCard:
    components: tuple[TemplateHeader | TemplateBody | TemplateButton, ...] = ()

    @property
    def texts(self) -> Iterable[str]:
        return (value.text for component in self.components for value in component.values)


@dataclass(frozen=True, kw_only=True)
class TemplateCards:
    cards: tuple[TemplateCard, ...]


Component = TemplateHeader | TemplateBody | TemplateButton | OfferEnd | TemplateCards


@dataclass(frozen=True, kw_only=True)
class Template(Content):
    kind = "template"
    name: str
    language: str
    language_policy: str = ""
    components: tuple[Component, ...] = ()

    @property
    def text(self) -> str:
        return lines(
            self.name, *(text for component in self.components for text in texts(component))
        )

    @property
    def preview(self) -> str:
        return one_line(f"Template {self.name}")


def texts(component: Component) -> Iterable[str]:
    if isinstance(component, TemplateCards):
        return (text for card in component.cards for text in card.texts)
    return (value.text for value in component.values)
