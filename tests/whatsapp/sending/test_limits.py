"""Every limit: what is at it goes, what is beyond it is refused with one sentence."""

from collections.abc import Callable
from typing import Any

import pytest

from channels_app.content import (
    Button,
    CallPermissionRequest,
    CardName,
    Catalog,
    Code,
    ContactCard,
    ContactCards,
    Content,
    Fault,
    LinkButton,
    Media,
    MoneyValue,
    Product,
    ProductSection,
    Reaction,
    ReplyPayload,
    Row,
    Section,
    TemplateBody,
    TemplateCard,
    TemplateCards,
    TemplateHeader,
    Text,
    TextValue,
)
from tests.support.pointers import told
from tests.support.whatsapp.contents import (
    LINK,
    OK,
    button,
    buttons,
    card,
    carousel,
    faults_of,
    flow,
    ids,
    menu,
    products,
    rows,
    stored,
    template,
)
from whatsapp.sending import limits
from whatsapp.sending.bodies.media import MB

pytestmark = pytest.mark.whatsapp


def characters(
    constant: str, name: str, pointer: str, make: Callable[[str], Content], at: str = ""
) -> Any:
    """A row of the table: a text of so many characters, called `name` in the fault."""
    most = getattr(limits, constant)
    sentence = f"{name} has {most + 1} characters; {most} is the most."
    fault = Fault(sentence, pointer)
    return pytest.param(
        constant, lambda n: make("a" * n), most, fault, id=f"{constant}: {name}{at}"
    )


def items(
    constant: str, nouns: str, pointer: str, make: Callable[[int], Content], least: int = 1
) -> Any:
    most = getattr(limits, constant)
    sentence = f"The number of {nouns} is {most + 1}; {least} is the least and {most} is the most."
    return pytest.param(constant, make, most, Fault(sentence, pointer), id=f"{constant}: {nouns}")


MOST = [
    characters("TEXT", "The text", "/body", lambda s: Text(body=s)),
    characters(
        "CAPTION", "The caption", "/caption", lambda s: Media(kind="image", link=LINK, caption=s)
    ),
    characters(
        "NAME",
        "The document's file name",
        "/filename",
        lambda s: Media(kind="document", link=LINK, filename=s),
    ),
    characters(
        "ID", "The image's id", "/external_id", lambda s: Media(kind="image", external_id=s)
    ),
    characters(
        "LINK",
        "The image's link",
        "/link",
        lambda s: Media(kind="image", link=LINK + s[len(LINK) :]),
    ),
    characters(
        "EMOJI", "The emoji", "/emoji", lambda s: Reaction(message_external_id="1", emoji=s)
    ),
    characters("BODY", "The body", "/body", lambda s: buttons(body=s), " of buttons"),
    characters("BODY", "The body", "/body", lambda s: menu(body=s), " of a list"),
    characters(
        "BODY", "The body", "/body", lambda s: CallPermissionRequest(body=s), " of a request"
    ),
    characters(
        "BODY",
        "The body",
        "/body",
        lambda s: Product(catalog_id="1", product_id="1", body=s),
        " of a product",
    ),
    characters("HEADER", "The header", "/header", lambda s: buttons(header=s), " of buttons"),
    characters("HEADER", "The header", "/header", lambda s: menu(header=s), " of a list"),
    characters(
        "HEADER",
        "The header",
        "/header",
        lambda s: products(ProductSection(product_ids=("1",)), header=s),
        " of products",
    ),
    characters("FOOTER", "The footer", "/footer", lambda s: buttons(footer=s), " of buttons"),
    characters(
        "FOOTER",
        "The footer",
        "/footer",
        lambda s: Catalog(body="Hello", footer=s),
        " of a catalog",
    ),
    characters(
        "BUTTON_TITLE",
        "The title of button 2",
        "/buttons/1/title",
        lambda s: buttons(buttons=(OK, Button(id="1", title=s))),
    ),
    characters(
        "BUTTON_ID",
        "The id of button 2",
        "/buttons/1/id",
        lambda s: buttons(buttons=(OK, Button(id=s, title="1"))),
    ),
    characters(
        "BUTTON_TITLE", "The title of the button", "/button", lambda s: menu(button=s), " of a list"
    ),
    characters(
        "BUTTON_TITLE",
        "The title of the button",
        "/title",
        lambda s: LinkButton(body="Hi", title=s, url=LINK),
        " of a link",
    ),
    characters(
        "SECTION_TITLE",
        "The title of section 1",
        "/sections/0/title",
        lambda s: menu(Section(title=s, rows=rows(1))),
    ),
    characters(
        "ROW_TITLE",
        "The title of row 1 of section 1",
        "/sections/0/rows/0/title",
        lambda s: menu(Section(rows=(Row(id="1", title=s),))),
    ),
    characters(
        "ROW_ID",
        "The id of row 1 of section 1",
        "/sections/0/rows/0/id",
        lambda s: menu(Section(rows=(Row(id=s, title="1"),))),
    ),
    characters(
        "ROW_DESCRIPTION",
        "The description of row 1 of section 1",
        "/sections/0/rows/0/description",
        lambda s: menu(Section(rows=(Row(id="1", title="1", description=s),))),
    ),
    characters("FLOW_TITLE", "The title of the Flow's button", "/title", lambda s: flow(title=s)),
    characters(
        "CARD_BODY", "The body of card 2", "/cards/1/body", lambda s: carousel(card(), card(body=s))
    ),
    characters("TEMPLATE_NAME", "The template's name", "/name", lambda s: template(name=s)),
    characters(
        "TEMPLATE_VALUE",
        "Value 1 of the body",
        "/components/0/values/0/text",
        lambda s: template(TemplateBody(values=(TextValue(text=s),))),
    ),
    characters(
        "HEADER",
        "Value 1 of the header",
        "/components/0/values/0/text",
        lambda s: template(TemplateHeader(values=(TextValue(text=s),))),
    ),
    characters(
        "TEMPLATE_CODE",
        "Value 1 of the button with index 0",
        "/components/0/values/0/text",
        lambda s: template(button(Code(text=s), "copy_code")),
    ),
    characters(
        "TEMPLATE_PAYLOAD",
        "Value 1 of the button with index 0",
        "/components/0/values/0/text",
        lambda s: template(button(ReplyPayload(text=s))),
    ),
    characters(
        "TEMPLATE_URL",
        "Value 1 of the button with index 0",
        "/components/0/values/0/text",
        lambda s: template(button(TextValue(text=s), "url")),
    ),
    characters(
        "CURRENCY",
        "The currency of value 1 of the body",
        "/components/0/values/0/currency",
        lambda s: template(TemplateBody(values=(MoneyValue(text="1", currency=s, thousandths=1),))),
    ),
    items(
        "CONTACTS",
        "contact cards",
        "/cards",
        lambda n: ContactCards(cards=(ContactCard(name=CardName(formatted="Ada")),) * n),
    ),
    items("BUTTONS", "buttons", "/buttons", lambda n: buttons(buttons=ids(n))),
    items(
        "SECTIONS",
        "sections",
        "/sections",
        lambda n: products(*[ProductSection(title="Tea", product_ids=("1",))] * n),
    ),
    items(
        "ROWS",
        "rows in all sections",
        "/sections",
        lambda n: menu(Section(title="1", rows=rows(n - 1)), Section(title="2", rows=rows(1, n))),
    ),
    items(
        "PRODUCTS",
        "products in all sections",
        "/sections",
        lambda n: products(ProductSection(product_ids=("1",) * n)),
    ),
    items("CARDS", "cards", "/cards", lambda n: carousel(*[card()] * n), least=2),
    items(
        "CARDS",
        "cards",
        "/components/0/cards",
        lambda n: template(TemplateCards(cards=(TemplateCard(),) * n)),
        least=2,
    ),
    pytest.param(
        "AMOUNT",
        lambda n: template(
            TemplateBody(values=(MoneyValue(text="1", currency="EUR", thousandths=n),))
        ),
        2**31 - 1,
        Fault(
            "The amount of value 1 of the body is 2147483648; it must be between 0 and 2147483647.",
            "/components/0/values/0/thousandths",
        ),
        id="AMOUNT",
    ),
    pytest.param(
        "CARD_LINE_BREAKS",
        lambda n: carousel(card(), card(body="Tea" + "\n" * n)),
        2,
        Fault("The body of card 2 has more than 2 line breaks.", "/cards/1/body"),
        id="CARD_LINE_BREAKS",
    ),
]


@pytest.mark.parametrize(("constant", "make", "most", "fault"), MOST)
def test_what_is_at_the_limit_goes_and_one_more_is_refused(constant, make, most, fault):
    assert most == getattr(limits, constant)
    assert (faults_of(make(most - 1)), faults_of(make(most))) == ((), ())
    assert told(faults_of(make(most + 1))) == told([fault])


def test_every_number_of_the_limits_is_in_a_test():
    numbers = {
        name for name, value in vars(limits).items() if name.isupper() and isinstance(value, int)
    }

    # below
    assert numbers - {case.values[0] for case in MOST} == {"FEWEST_CARDS", "TEMPLATE_BUTTONS"}


def test_a_template_has_ten_buttons_at_most():
    eleven = template(*(button(ReplyPayload(text="a"), index=n) for n in range(11)))

    assert faults_of(template(*eleven.components[:10])) == ()
    assert told(faults_of(eleven)) == told(
        [
            Fault("The number of buttons is 11; 0 is the least and 10 is the most.", "/components"),
            Fault(
                "The index of a button is 10; it must be between 0 and 9.", "/components/10/index"
            ),
        ]
    )


FILES = [
    pytest.param("image", 5 * MB, ("image/jpeg", "image/png"), "image/gif", id="image"),
    pytest.param("video", 16 * MB, ("video/mp4", "video/3gpp"), "video/webm", id="video"),
    pytest.param(
        "audio",
        16 * MB,
        (
            "audio/aac",
            "audio/amr",
            "audio/mpeg",
            "audio/mp4",
            "audio/ogg",
            "audio/ogg; codecs=opus",
        ),
        "audio/wav",
        id="audio",
    ),
    pytest.param(
        "document",
        100 * MB,
        ("application/pdf", "text/plain", "application/x-anything"),
        None,
        id="document",
    ),
    pytest.param("sticker", 500 * 1024, ("image/webp",), "image/png", id="sticker"),
]


@pytest.mark.parametrize(("kind", "most", "types", "other"), FILES)
def test_a_stored_file_is_of_a_type_and_a_size_that_whatsapp_takes(kind, most, types, other):
    taken = dict.fromkeys(each.split(";")[0] for each in types)
    is_other = Fault(
        f"The {kind} is a file of the type {other}; WhatsApp takes {', '.join(taken)}.", "/file"
    )

    assert [faults_of(stored(kind, most, each)) for each in types] == [()] * len(types)
    assert told(faults_of(stored(kind, most + 1, types[0]))) == told(
        [Fault(f"The {kind} has {most + 1} bytes; {most} is the most.", "/file")]
    )
    assert told(faults_of(stored(kind, 0, types[0]))) == told(
        [Fault(f"The {kind} is an empty file.", "/file")]
    )
    assert other is None or told(faults_of(stored(kind, most, other))) == told([is_other])
