"""The content of outbound messages, as frozen dataclasses that are independent of any provider.

Creating one validates nothing. The provider knows its own limits: it translates content into a
request body, and raises Unsendable with all faults at once.
"""

from channels_app.content.base import Content
from channels_app.content.cards import (
    CardAddress,
    CardCompany,
    CardEmail,
    CardName,
    CardPhone,
    CardUrl,
    ContactCard,
    ContactCards,
)
from channels_app.content.carousel import Card, CardLink, Carousel
from channels_app.content.commerce import (
    Catalog,
    OrderDetails,
    OrderStatus,
    Product,
    ProductList,
    ProductSection,
)
from channels_app.content.faults import Fault, FaultCode, Unsendable
from channels_app.content.forms import Flow
from channels_app.content.interactive import Button, Buttons, LinkButton, ListMenu, Row, Section
from channels_app.content.media import Media, StoredFile, files_of
from channels_app.content.plain import Location, Reaction, Text
from channels_app.content.requests import CallPermissionRequest, ContactRequest, LocationRequest
from channels_app.content.template import (
    Action,
    Code,
    MoneyValue,
    OfferEnd,
    ProductValue,
    ReplyPayload,
    Template,
    TemplateBody,
    TemplateButton,
    TemplateCard,
    TemplateCards,
    TemplateHeader,
    TextValue,
    TimeValue,
)

__all__ = [
    "Action", "Button", "Buttons", "CallPermissionRequest", "Card", "CardAddress", "CardCompany",
    "CardEmail", "CardLink", "CardName", "CardPhone", "CardUrl", "Carousel", "Catalog", "Code",
    "ContactCard", "ContactCards", "ContactRequest", "Content", "Fault", "FaultCode", "Flow",
    "LinkButton", "ListMenu", "Location", "LocationRequest", "Media", "MoneyValue", "OfferEnd",
    "OrderDetails", "OrderStatus", "Product", "ProductList", "ProductSection", "ProductValue",
    "Reaction", "ReplyPayload", "Row", "Section", "StoredFile", "Template", "TemplateBody",
    "TemplateButton", "TemplateCard", "TemplateCards", "TemplateHeader", "Text", "TextValue",
    "TimeValue", "Unsendable", "files_of",
]  # fmt: skip
