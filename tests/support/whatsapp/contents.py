"""Things to say that WhatsApp takes, to be made worse one at a time."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from channels_app.content import (
    Action,
    Button,
    Buttons,
    CallPermissionRequest,
    Card,
    CardLink,
    Carousel,
    Code,
    ContactRequest,
    Content,
    Fault,
    Flow,
    LinkButton,
    ListMenu,
    Location,
    LocationRequest,
    Media,
    MoneyValue,
    OfferEnd,
    OrderStatus,
    ProductList,
    ProductSection,
    ProductValue,
    ReplyPayload,
    Row,
    Section,
    StoredFile,
    Template,
    TemplateBody,
    TemplateButton,
    TemplateCard,
    TemplateCards,
    TemplateHeader,
    TextValue,
    TimeValue,
    Unsendable,
)
from tests.support.whatsapp.meta_sent import BUILT
from whatsapp.sending.compose import compose

LINK = "https://acme.example/"
PHOTO = Media(kind="image", link=LINK)
OK = Button(id="ok", title="OK")
YES_NO = (Button(id="yes", title="Yes"), Button(id="no", title="No"))
FILE_ID = UUID(int=1)
NAN = float("nan")
UNWRITABLE = "{} holds a character that cannot be sent: NUL, or half of a pair of surrogates."
NO_LINK = (
    "The link of the button must begin with http:// or https://, name a host and have no spaces."
)
NO_JSON = (
    "The order's parameters cannot be written as JSON, or hold a character that cannot be sent."
)


class Telepathy(Content):
    kind = "telepathy"
    text = ""


def deep(levels: int) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(levels):
        value = {"a": value}
    return value


def faults_of(content: Content) -> tuple[Fault, ...]:
    try:
        compose(content)
    except Unsendable as error:
        return error.faults
    return ()


def buttons(**more: Any) -> Buttons:
    return Buttons(**{"body": "Hello", "buttons": (OK,), **more})


def menu(*sections: Section, **more: Any) -> ListMenu:
    return ListMenu(
        **{
            "body": "Hello",
            "button": "Choose",
            "sections": sections or (Section(rows=rows(1)),),
            **more,
        }
    )


def rows(number: int, start: int = 0) -> tuple[Row, ...]:
    return tuple(Row(id=f"{start + n}", title=f"Row {n}") for n in range(number))


def flow(**more: Any) -> Flow:
    return Flow(**{"body": "Hello", "title": "Open", "flow_id": "1", **more})


def products(*sections: ProductSection, **more: Any) -> ProductList:
    return ProductList(
        **{"header": "Tea", "body": "Hello", "catalog_id": "1", "sections": sections, **more}
    )


def carousel(*cards: Card) -> Carousel:
    return Carousel(body="Hello", cards=cards)


def card(**more: Any) -> Card:
    return Card(**{"media": PHOTO, "body": "Tea", "buttons": (OK,), **more})


def template(*components: Any, **more: Any) -> Template:
    return Template(**{"name": "order_ready", "language": "en", "components": components, **more})


def button(value: Any, kind: Any = "quick_reply", index: int = 0) -> TemplateButton:
    return TemplateButton(index=index, kind=kind, values=(value,))


def stored(kind: Any, size: int, mime_type: str) -> Media:
    return Media(kind=kind, file=StoredFile(id=FILE_ID, mime_type=mime_type, size=size))


def ids(number: int) -> tuple[Button, ...]:
    return tuple(Button(id=f"{n}", title=f"Button {n}") for n in range(number))


TITLED = (
    TemplateHeader(values=(TextValue(text="7", name="order"),)),
    TemplateBody(
        values=(
            TextValue(text="Ada", name="who"),
            MoneyValue(text="1 EUR", currency="EUR", thousandths=1000, name="price"),
            TimeValue(text="today", name="day"),
        )
    ),
    button(ReplyPayload(text="yes")),
    button(TextValue(text="no"), index=1),
    button(TextValue(text="orders/7"), "url", 2),
    button(Code(text="TEA20"), "copy_code", 3),
    button(Action(values={"flow_token": "1"}), "flow", 4),
    OfferEnd(at=datetime(2026, 1, 1, tzinfo=UTC)),
)
SHOWN = (
    TemplateHeader(values=(Media(kind="document", link=LINK, filename="a.pdf"),)),
    TemplateCards(
        cards=(
            TemplateCard(
                components=(
                    TemplateHeader(values=(ProductValue(catalog_id="1", product_id="2"),)),
                    TemplateBody(values=(TextValue(text="tea"),)),
                )
            ),
            TemplateCard(components=(button(TextValue(text="a"), "url"),)),
        )
    ),
)
HEADQUARTERS = Location(latitude=1, longitude=2, name="Shop", address="1 Street")
SECTIONS = (
    Section(title="Tea", rows=(Row(id="a", title="Green", description="From Kyoto"),)),
    Section(title="Cake", rows=rows(2)),
)
# what WhatsApp takes: every kind of content, with each of its fields in one of them
SAMPLES: list[Content] = [
    *BUILT.values(),
    buttons(header="Tea", footer="Acme", buttons=YES_NO),
    buttons(header=Media(kind="document", external_id="1", filename="a.pdf")),
    buttons(header=stored("image", 9, "image/png")),
    menu(*SECTIONS, header="Menu", footer="Acme"),
    LinkButton(header="Tea", body="Hello", footer="Acme", title="Shop", url=LINK),
    LocationRequest(body="Hello"),
    ContactRequest(body="Hello"),
    CallPermissionRequest(body="Hello"),
    flow(action="data_exchange", token="1"),
    carousel(card(buttons=YES_NO), card(buttons=YES_NO)),
    carousel(*[card(buttons=(), link=CardLink(title="Shop", url=LINK))] * 2),
    products(ProductSection(product_ids=("1", "2"))),
    Media(kind="audio", external_id="1", is_voice=True),
    stored("audio", 9, "audio/ogg; codecs=opus"),
    OrderStatus(body="Hello", footer="Acme", parameters={"reference_id": "1"}),
    template(*TITLED, language_policy="deterministic"),
    template(*SHOWN),
    template(TemplateHeader(values=(HEADQUARTERS,))),
]
