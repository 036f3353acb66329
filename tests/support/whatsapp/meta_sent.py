"""Meta's own examples of messages to send, said in our words: the name of the example, and the
content.
"""

from datetime import date
from typing import Any

from channels_app.content import (
    Action,
    Button,
    Buttons,
    CardAddress,
    CardCompany,
    CardEmail,
    CardName,
    CardPhone,
    CardUrl,
    Catalog,
    ContactCard,
    ContactCards,
    Content,
    Flow,
    ListMenu,
    Location,
    Media,
    MoneyValue,
    OrderDetails,
    OrderStatus,
    Product,
    ProductList,
    ProductSection,
    Reaction,
    ReplyPayload,
    Row,
    Section,
    Template,
    TemplateBody,
    TemplateButton,
    TemplateHeader,
    Text,
    TextValue,
    TimeValue,
)


def media(kind: str, *, source: str, **more: str) -> Media:
    return Media(
        kind=kind,
        **{
            source: (
                f"<{kind.upper()}_OBJECT_ID>" if source == "external_id" else f"https://{kind}-url"
            )
        },
        **more,
    )


AUDIO, AUDIO_LINK = media("audio", source="external_id"), media("audio", source="link")
IMAGE, IMAGE_LINK = media("image", source="external_id"), media("image", source="link")
STICKER, STICKER_LINK = (
    Media(kind="sticker", external_id="<MEDIA_OBJECT_ID>"),
    media("sticker", source="link"),
)
VIDEO = media("video", source="external_id", caption="<VIDEO_CAPTION_TEXT>")
VIDEO_LINK = media("video", source="link", caption="<VIDEO_CAPTION_TEXT>")
DOCUMENT = media(
    "document",
    source="external_id",
    caption="<DOCUMENT_CAPTION_TO_SEND>",
    filename="<DOCUMENT_FILENAME>",
)
HOME_ADDRESS = CardAddress(
    street="1 Hacker Way",
    city="Menlo Park",
    state="CA",
    zip="94025",
    country="United States",
    country_code="us",
    label="home",
)
WORK_ADDRESS = CardAddress(
    street="200 Jefferson Dr",
    city="Menlo Park",
    state="CA",
    zip="94025",
    country="United States",
    country_code="us",
    label="work",
)
JOHN = ContactCards(
    cards=(
        ContactCard(
            name=CardName(
                formatted="John Smith",
                first="John",
                middle="D.",
                last="Smith",
                prefix="Dr",
                suffix="Jr",
            ),
            phones=(
                CardPhone(number="+1 (940) 555-1234", label="home"),
                CardPhone(number="+1 (650) 555-1234", label="work", external_id="16505551234"),
            ),
            emails=(
                CardEmail(address="test@fb.com", label="work"),
                CardEmail(address="test@whatsapp.com", label="home"),
            ),
            addresses=(HOME_ADDRESS, WORK_ADDRESS),
            urls=(
                CardUrl(url="https://www.facebook.com", label="work"),
                CardUrl(url="https://www.whatsapp.com", label="home"),
            ),
            company=CardCompany(name="WhatsApp", department="Design", title="Manager"),
            birthday=date(2012, 8, 18),
        ),
    )
)
HEADQUARTERS = Location(
    latitude=37.758056,
    longitude=-122.425332,
    name="META HQ",
    address="1 Hacker Way, Menlo Park, CA 94025",
)


def section(number: int) -> Section:
    rows = tuple(
        Row(
            id=f"<LIST_SECTION_{number}_ROW_{n}_ID>",
            title=f"<SECTION_{number}_ROW_{n}_TITLE>",
            description=f"<SECTION_{number}_ROW_{n}_DESC>",
        )
        for n in (1, 2)
    )
    return Section(title=f"<LIST_SECTION_{number}_TITLE>", rows=rows)


LIST = ListMenu(
    header="<HEADER_TEXT>",
    body="<BODY_TEXT>",
    footer="<FOOTER_TEXT>",
    button="<BUTTON_TEXT>",
    sections=(section(1), section(2)),
)


def flow(*, title: str, words: tuple[str, str, str], is_draft: bool = False, **which: str) -> Flow:
    header, body, footer = words
    return Flow(
        header=header,
        body=body,
        footer=footer,
        title=title,
        token="<FLOW_TOKEN>",
        is_draft=is_draft,
        screen="<SCREEN_ID>",
        data={"<CUSTOM_KEY>": "<CUSTOM_VALUE>"},
        **which,
    )


NOT_SHOWN, SHOWN = (
    ("Not shown in draft mode",) * 3,
    ("<HEADER_TEXT>", "<BODY_TEXT>", "<FOOTER_TEXT>"),
)
DRAFT = {"title": "Not shown in draft mode", "words": NOT_SHOWN, "is_draft": True}
PUBLISHED = {"title": "Open Flow!", "words": SHOWN}

BODY = TemplateBody(
    values=(
        TextValue(text="text-string"),
        MoneyValue(text="$100.99", currency="USD", thousandths=100_990),
        TimeValue(
            text="February 25, 1977",
            details={
                "day_of_week": 5,
                "year": 1977,
                "month": 2,
                "day_of_month": 25,
                "hour": 15,
                "minute": 33,
                "calendar": "GREGORIAN",
            },
        ),
    )
)
PICTURE = TemplateHeader(values=(Media(kind="image", link="https://the-image-url"),))


def quick_reply(index: int, value: TextValue | ReplyPayload) -> TemplateButton:
    return TemplateButton(index=index, kind="quick_reply", values=(value,))


def template(
    *components: Any,
    name: str = "template-name",
    language: str = "language-and-locale-code",
    policy: str = "",
) -> Template:
    return Template(name=name, language=language, language_policy=policy, components=components)


AMOUNTS = {
    "discount": ("optional_text", 100),
    "shipping": ("optional_text", 100),
    "tax": ("optional_text", 100),
}
ORDER = {
    "currency": "INR",
    "order": {
        **{
            key: {"description": text, "offset": 100, "value": value}
            for key, (text, value) in AMOUNTS.items()
        },
        "items": [
            {
                "amount": {"offset": 100, "value": 1500},
                "name": "bread",
                "quantity": 1,
                "retailer_id": "1234567",
                "sale_amount": {"offset": 100, "value": 1000},
            }
        ],
        "status": "pending",
        "subtotal": {"offset": 100, "value": 1000},
    },
    "payment_configuration": "my-payment-config-name",
    "payment_type": "upi",
    "reference_id": "unique-reference-id",
    "total_amount": {"offset": 100, "value": 1100},
    "type": "digital-goods",
}
ORDER["order"]["discount"]["discount_program_name"] = "optional_text"
BREAD = "https://upload.wikimedia.org/wikipedia/commons/thumb/3/3b/Home_made_sour_dough_bread.jpg/640px-Home_made_sour_dough_bread.jpg"

BUILT: dict[str, Content] = {
    "Send Text Message": Text(body="text-message-content", previews_links=False),
    "Send Text Message with Preview URL": Text(
        body="Please visit https://youtu.be/hpltvTEiRrY.", previews_links=True
    ),
    "Send Reply to Text Message": Text(body="<TEXT_MSG_CONTENT>", previews_links=False),
    "Send Reply with Reaction Message": Reaction(
        message_external_id="wamid.HBgLM...", emoji="\U0001f600"
    ),
    **dict.fromkeys(("Send Audio Message by ID", "Send Reply to Audio Message by ID"), AUDIO),
    **dict.fromkeys(
        ("Send Audio Message by URL", "Send Reply to Audio Message by URL"), AUDIO_LINK
    ),
    **dict.fromkeys(("Send Image Message by ID", "Send Reply to Image Message by ID"), IMAGE),
    **dict.fromkeys(
        ("Send Image Message by URL", "Send Reply to Image Message by URL"), IMAGE_LINK
    ),
    **dict.fromkeys(("Send Sticker Message by ID", "Send Reply to Sticker Message by ID"), STICKER),
    **dict.fromkeys(
        ("Send Sticker Message by URL", "Send Reply to Sticker Message by URL"), STICKER_LINK
    ),
    **dict.fromkeys(("Send Video Message by ID", "Send Reply to Video Message by ID"), VIDEO),
    **dict.fromkeys(
        ("Send Video Message by URL", "Send Reply to Video Message by URL"), VIDEO_LINK
    ),
    **dict.fromkeys(
        ("Send Document Message by ID", "Send Reply to Document Message by ID"), DOCUMENT
    ),
    "Send Document Message by URL": media(
        "document", source="link", caption="<DOCUMENT-CAPTION-TEXT>"
    ),
    "Send Reply to Document Message by URL": media(
        "document", source="link", caption="<DOCUMENT_CAPTION_TEXT>"
    ),
    **dict.fromkeys(("Send Contact Message", "Send Reply to Contact Message"), JOHN),
    **dict.fromkeys(("Send Location Message", "Send Reply to Location Message"), HEADQUARTERS),
    **dict.fromkeys(("Send List Message", "Send Reply to List Message"), LIST),
    "Send Reply Button": Buttons(
        body="<BUTTON_TEXT>",
        buttons=tuple(
            Button(id=f"<UNIQUE_BUTTON_ID_{n}>", title=f"<BUTTON_TITLE_{n}>") for n in (1, 2)
        ),
    ),
    "Send Draft Flow by ID": flow(flow_id="{{Flow-ID}}", **DRAFT),
    "Send Draft Flow by Name": flow(flow_name="{{Flow-Name}}", **DRAFT),
    "Send Published Flow by ID": flow(flow_id="{{Flow-ID}}", **PUBLISHED),
    "Send Published Flow by Name": flow(flow_name="{{Flow-Name}}", **PUBLISHED),
    "Send Single Product Message": Product(
        body="<OPTIONAL_BODY_TEXT>",
        footer="<OPTIONAL_FOOTER_TEXT>",
        catalog_id="367025965434465",
        product_id="<ID_TEST_ITEM_1>",
    ),
    "Send Multi-Product Message": ProductList(
        header="<YOUR_TEXT_HEADER_CONTENT>",
        body="<YOUR_TEXT_BODY_CONTENT>",
        footer="<YOUR_TEXT_FOOTER_CONTENT>",
        catalog_id="146265584024623",
        sections=tuple(
            ProductSection(
                title=f"<SECTION{n}_TITLE>",
                product_ids=(
                    f"<YOUR_PRODUCT{n}_SKU_IN_CATALOG>",
                    f"<YOUR_SECOND_PRODUCT{n}_SKU_IN_CATALOG>",
                ),
            )
            for n in (1, 2)
        ),
    ),
    "Send Catalog Message": Catalog(
        body=(
            "Hello! Thanks for your interest. Ordering is easy. Just visit our catalog and add"
            " items to purchase."
        ),
        footer="Best grocery deals on WhatsApp!",
        thumbnail_product_id="2lc20305pt",
    ),
    "Send Order Details Message": OrderDetails(
        header=Media(kind="image", link=BREAD),
        body="your-text-body-content",
        footer="your-text-footer-content",
        parameters=ORDER,
    ),
    "Send Order Status Message": OrderStatus(
        body="your-text-body-content",
        parameters={
            "reference_id": "unique-reference-id-from-order-details-msg",
            "order": {"status": "processing", "description": "optional-text"},
        },
    ),
    "Send Test Message": template(name="hello_world", language="en_US"),
    **dict.fromkeys(
        (
            "Send Message Template Text",
            "Send Sample Text Message",
            "Send Sample Shipping Confirmation Template",
        ),
        template(BODY),
    ),
    "Send Message Template Media": template(PICTURE, BODY),
    "Send Message Template Interactive": template(
        PICTURE,
        BODY,
        quick_reply(0, ReplyPayload(text="aGlzIHRoaXMgaXMgY29v")),
        quick_reply(1, ReplyPayload(text="9rwnB8RbYmPF5t2Mn09x4h")),
    ),
    "Send Sample Issue Resolution Template": template(
        TemplateBody(values=(TextValue(text="*Mr. Jones*"),)),
        quick_reply(0, TextValue(text="true")),
        quick_reply(1, TextValue(text="false")),
        name="sample_issue_resolution",
        language="en_US",
        policy="deterministic",
    ),
    "Send Catalog Template Message": template(
        TemplateBody(values=tuple(TextValue(text=each) for each in ("100", "400", "3"))),
        TemplateButton(
            index=0,
            kind="catalog",
            values=(Action(values={"thumbnail_product_retailer_id": "2lc20305pt"}),),
        ),
        name="intro_catalog_offer",
        language="en_US",
    ),
    "Send Flow Template Message": template(
        TemplateButton(
            index=0,
            kind="flow",
            values=(
                Action(
                    values={
                        "flow_token": "<FLOW_TOKEN>",
                        "flow_action_data": {"<CUSTOM_KEY>": "<CUSTOM_VALUE>"},
                    }
                ),
            ),
        ),
        name="<TEMPLATE_NAME>",
        language="en_US",
    ),
}
