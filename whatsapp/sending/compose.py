"""What a business says, in Meta's words: content in, the body of a message out, or every fault at
once. Pure.

The envelope (whom it goes to, what it answers, our reference) is put around it where it is sent.
"""

from collections.abc import Callable
from typing import Any

from channels_app.content import (
    Buttons,
    CallPermissionRequest,
    Carousel,
    Catalog,
    ContactCards,
    ContactRequest,
    Content,
    Fault,
    FaultCode,
    Flow,
    LinkButton,
    ListMenu,
    Location,
    LocationRequest,
    Media,
    OrderDetails,
    OrderStatus,
    Product,
    ProductList,
    Reaction,
    Template,
    Text,
    Unsendable,
)
from whatsapp.json_values import Json
from whatsapp.sending.bodies import (
    cards,
    carousel,
    commerce,
    flows,
    interactive,
    media,
    plain,
    template,
)
from whatsapp.sending.limits import Check

BUILDERS: dict[type[Content], Callable[[Any, Check], Json]] = {
    Text: plain.text,
    Location: plain.location,
    Reaction: plain.reaction,
    Media: media.media,
    ContactCards: cards.contacts,
    Buttons: interactive.buttons,
    ListMenu: interactive.list_menu,
    LinkButton: interactive.link_button,
    LocationRequest: interactive.location_request,
    ContactRequest: interactive.contact_request,
    CallPermissionRequest: interactive.call_permission_request,
    Flow: flows.flow,
    Carousel: carousel.carousel,
    Product: commerce.product,
    ProductList: commerce.product_list,
    Catalog: commerce.catalog,
    OrderDetails: commerce.order_details,
    OrderStatus: commerce.order_status,
    Template: template.template,
}


def compose(content: Content) -> Json:
    """Meta's body: {type, <type>: object}; raises Unsendable. Media of a stored file have no id
    yet: it is put in when sent.
    """
    build = BUILDERS.get(type(content))
    if build is None:
        raise Unsendable(Fault("WhatsApp has no message for this.", code=FaultCode.UNSUPPORTED))
    check = Check()
    body = build(content, check)
    check.raise_faults()
    return body


def read_receipt(wamid: str) -> Json:
    """The whole body that marks an inbound message, and those before it, as read."""
    return {"messaging_product": "whatsapp", "status": "read", "message_id": wamid}


def typing_indicator(wamid: str) -> Json:
    """The same, and the person sees us typing: for 25 seconds, or until the answer."""
    return {**read_receipt(wamid), "typing_indicator": {"type": "text"}}
