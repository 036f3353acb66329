"""Things to say that WhatsApp takes, to be made worse one at a time."""

from typing import Any
from uuid import UUID

from channels_app.content import (
    Button,
    Buttons,
    Card,
    Carousel,
    Content,
    Flow,
    ListMenu,
    Media,
    ProductList,
    ProductSection,
    Row,
    Section,
    StoredFile,
    Template,
    TemplateButton,
    Unsendable,
)
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


def faults_of(content: Content) -> tuple[str, ...]:
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
