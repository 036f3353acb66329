"""Template messages: a template that the provider has approved, sent by its name with values for
its placeholders.
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
    """A text for the placeholder `name`. A template with numbered placeholders takes its values in
    order, without names.
    """

    text: str
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class MoneyValue:
    """An amount; `text` is shown where the recipient's app cannot format the amount."""

    text: str
    currency: str  # its three-letter code
    thousandths: int  # 100990 is 100.99
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class TimeValue:
    """A date or time; `text` is shown, and `details` are sent unchanged."""

    text: str
    details: Values = field(default_factory=dict)
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class ProductValue:
    """The product that a template's header shows."""

    catalog_id: str
    product_id: str

    text = ""


@dataclass(frozen=True, kw_only=True)
class ReplyPayload:
    """The payload returned when a quick reply is tapped."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Code:
    """The code that a button copies."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Action:
    """The parameters of a button's action, such as a Flow's token and data or the products to show;
    `values` are sent unchanged.
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
    """The time at which a limited offer ends."""

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
