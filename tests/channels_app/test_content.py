"""What people read of a message that was said: its whole text, and one line of it for lists."""

import pytest
from hypothesis import given, settings

from channels_app.content import (
    Action,
    Button,
    Buttons,
    CallPermissionRequest,
    Card,
    CardEmail,
    CardLink,
    CardName,
    CardPhone,
    Carousel,
    Catalog,
    ContactCard,
    ContactCards,
    ContactRequest,
    Content,
    Flow,
    LinkButton,
    ListMenu,
    Location,
    LocationRequest,
    Media,
    MoneyValue,
    OrderDetails,
    OrderStatus,
    Product,
    ProductList,
    ProductSection,
    Reaction,
    Row,
    Section,
    Template,
    TemplateBody,
    TemplateButton,
    TemplateCard,
    TemplateCards,
    TemplateHeader,
    Text,
    TextValue,
)
from channels_app.content.base import PREVIEW_LENGTH
from channels_app.content.interactive import Headed, Interactive, Titled
from tests.support.anything import anything

YES, NO = Button(id="yes", title="Yes"), Button(id="no", title="No")
PHOTO = Media(kind="image", external_id="1", caption="broken here")
ADA = ContactCard(
    name=CardName(formatted="Ada Lovelace"),
    phones=(CardPhone(number="+44 20 1234"),),
    emails=(CardEmail(address="ada@acme.example"),),
)
BODY = TemplateBody(
    values=(TextValue(text="Ada"), MoneyValue(text="5 EUR", currency="EUR", thousandths=5000))
)

SAID = [
    pytest.param(Text(body="Hi\n Ada "), "text", "Hi\n Ada ", "Hi Ada", id="a text"),
    pytest.param(PHOTO, "image", "broken here", "Photo: broken here", id="a photo with a caption"),
    pytest.param(Media(kind="video", link="https://a.example"), "video", "", "Video", id="a video"),
    pytest.param(
        Media(kind="audio", external_id="1", is_voice=True),
        "audio",
        "",
        "Voice note",
        id="a voice note",
    ),
    pytest.param(
        Media(kind="document", external_id="1", filename="bill.pdf"),
        "document",
        "",
        "Document: bill.pdf",
        id="a document",
    ),
    pytest.param(Media(kind="sticker", external_id="1"), "sticker", "", "Sticker", id="a sticker"),
    pytest.param(
        Location(latitude=1, longitude=2, name="META HQ", address="1 Hacker Way"),
        "location",
        "META HQ\n1 Hacker Way",
        "Location: META HQ",
        id="a place",
    ),
    pytest.param(
        Location(latitude=1.5, longitude=-2),
        "location",
        "1.5, -2",
        "Location: 1.5, -2",
        id="a place without a name",
    ),
    pytest.param(
        ContactCards(cards=(ADA,)),
        "contacts",
        "Ada Lovelace\n+44 20 1234\nada@acme.example",
        "Contact: Ada Lovelace",
        id="a card",
    ),
    pytest.param(
        ContactCards(cards=(ADA, ContactCard(name=CardName(formatted="Acme")))),
        "contacts",
        "Ada Lovelace\n+44 20 1234\nada@acme.example\nAcme",
        "Contacts: Ada Lovelace, Acme",
        id="two cards",
    ),
    pytest.param(
        Reaction(message_external_id="1", emoji="👍"),
        "reaction",
        "👍",
        "Reaction: 👍",
        id="a reaction",
    ),
    pytest.param(
        Reaction(message_external_id="1", emoji=""),
        "reaction",
        "",
        "Reaction removed",
        id="a reaction taken away",
    ),
    pytest.param(
        Buttons(header="Tea", body="Now?", footer="Acme", buttons=(YES, NO)),
        "interactive",
        "Tea\nNow?\nAcme\nYes\nNo",
        "Now?",
        id="buttons",
    ),
    pytest.param(
        Buttons(header=PHOTO, body="Now?", buttons=(YES,)),
        "interactive",
        "Now?\nYes",
        "Now?",
        id="below a photo",
    ),
    pytest.param(
        ListMenu(
            body="Tea?",
            button="Choose",
            sections=(
                Section(title="Black", rows=(Row(id="1", title="Assam", description="strong"),)),
                Section(rows=(Row(id="2", title="Mint"),)),
            ),
        ),
        "interactive",
        "Tea?\nChoose\nBlack\nAssam: strong\nMint",
        "Tea?",
        id="a list",
    ),
    pytest.param(
        LinkButton(body="Tea", title="Shop", url="https://a.example"),
        "interactive",
        "Tea\nShop: https://a.example",
        "Tea",
        id="a link",
    ),
    pytest.param(
        Flow(body="Book", title="Open", flow_id="1"),
        "interactive",
        "Book\nOpen",
        "Book",
        id="a Flow",
    ),
    pytest.param(
        LocationRequest(body="Where?"),
        "interactive",
        "Where?",
        "Where?",
        id="a request for the location",
    ),
    pytest.param(
        ContactRequest(body="Who?"), "interactive", "Who?", "Who?", id="a request for the number"
    ),
    pytest.param(
        CallPermissionRequest(body="May we?"),
        "interactive",
        "May we?",
        "Call permission request: May we?",
        id="a request to call",
    ),
    pytest.param(
        Carousel(
            body="New",
            cards=(
                Card(media=PHOTO, body="Tea", buttons=(YES,)),
                Card(media=PHOTO, link=CardLink(title="Shop", url="https://a.example")),
            ),
        ),
        "interactive",
        "New\nTea\nYes\nShop: https://a.example",
        "New",
        id="cards to swipe",
    ),
    pytest.param(
        Product(catalog_id="1", product_id="2"),
        "interactive",
        "",
        "Product",
        id="a product without a word",
    ),
    pytest.param(
        ProductList(
            header="Teas",
            body="All",
            catalog_id="1",
            sections=(ProductSection(title="Black", product_ids=("2",)),),
        ),
        "interactive",
        "Teas\nAll\nBlack",
        "All",
        id="products",
    ),
    pytest.param(Catalog(body="All"), "interactive", "All", "All", id="a catalog"),
    pytest.param(
        OrderDetails(body="Pay", parameters={}), "interactive", "Pay", "Pay", id="an order"
    ),
    pytest.param(
        OrderStatus(body="Paid", footer="Acme", parameters={}),
        "interactive",
        "Paid\nAcme",
        "Paid",
        id="its state",
    ),
    pytest.param(
        Template(
            name="order_ready",
            language="en",
            components=(
                TemplateHeader(values=(PHOTO,)),
                BODY,
                TemplateButton(index=0, kind="flow", values=(Action(values={}),)),
                TemplateCards(cards=(TemplateCard(components=(BODY,)),)),
            ),
        ),
        "template",
        "order_ready\nbroken here\nAda\n5 EUR\nAda\n5 EUR",
        "Template order_ready",
        id="a template",
    ),
]


@pytest.mark.parametrize(("content", "kind", "text", "preview"), SAID)
def test_what_was_said_can_be_read(content, kind, text, preview):
    assert (content.kind, content.text, content.preview) == (kind, text, preview)


def test_a_long_text_is_cut_in_lists_only():
    assert Text(body="a" * 120).preview == "a" * 120
    assert Text(body="a" * 121).preview == "a" * 119 + "…"
    assert (
        Media(kind="image", external_id="1", caption="a" * 200).preview
        == "Photo: " + "a" * 112 + "…"
    )


KINDS = sorted({type(case.values[0]) for case in SAID}, key=lambda kind: kind.__name__)


def test_every_sort_of_content_is_read_in_a_test():
    def below(kind: type) -> set[type]:
        return {each for child in kind.__subclasses__() for each in {child, *below(child)}}

    ours = {kind for kind in below(Content) if kind.__module__.startswith("channels_app")}

    assert ours - {Interactive, Headed, Titled} == set(KINDS)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_whatever_is_said_has_one_line_for_lists(kind):
    @settings(max_examples=25, deadline=None)
    @given(content=anything(kind))
    def check(content):
        assert len(content.preview) <= PREVIEW_LENGTH
        assert len(content.preview.splitlines()) <= 1
        assert isinstance(content.text, str)

    check()
