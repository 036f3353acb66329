"""What WhatsApp would refuse, other than for its size, is refused before: one sentence each, and
all of them at once.
"""

from datetime import datetime

import pytest

from channels_app.content import (
    Button,
    CardLink,
    CardName,
    CardPhone,
    Code,
    ContactCard,
    ContactCards,
    LinkButton,
    ListMenu,
    Location,
    Media,
    OfferEnd,
    OrderStatus,
    Reaction,
    ReplyPayload,
    Section,
    TemplateBody,
    Text,
    TimeValue,
    Unsendable,
)
from tests.support.whatsapp.contents import (
    LINK,
    NAN,
    NO_JSON,
    NO_LINK,
    OK,
    PHOTO,
    UNWRITABLE,
    YES_NO,
    Telepathy,
    button,
    buttons,
    card,
    carousel,
    deep,
    faults_of,
    flow,
    menu,
    rows,
    template,
)
from whatsapp.sending.compose import compose

pytestmark = pytest.mark.whatsapp

REFUSED = [
    pytest.param(Text(body=""), "The text is empty.", id="an empty text"),
    pytest.param(Text(body=" \n\t"), "The text is empty.", id="a text of blanks"),
    pytest.param(Text(body="a\0"), UNWRITABLE.format("The text"), id="NUL"),
    pytest.param(Text(body="a\ud83d"), UNWRITABLE.format("The text"), id="half of a pair"),
    pytest.param(
        Location(latitude=90.1, longitude=0),
        "The latitude is 90.1; it must be between -90 and 90.",
        id="too far north",
    ),
    pytest.param(
        Location(latitude=-91, longitude=0),
        "The latitude is -91; it must be between -90 and 90.",
        id="too far south",
    ),
    pytest.param(
        Location(latitude=0, longitude=181),
        "The longitude is 181; it must be between -180 and 180.",
        id="too far east",
    ),
    pytest.param(
        Location(latitude=0, longitude=NAN),
        "The longitude is nan; it must be between -180 and 180.",
        id="no number",
    ),
    pytest.param(
        Reaction(message_external_id="", emoji="👍"),
        "The id of the message reacted to is empty.",
        id="a reaction to nothing",
    ),
    pytest.param(
        Reaction(message_external_id="1", emoji=" "), "The emoji is empty.", id="a blank reaction"
    ),
    pytest.param(
        Media(kind="image"),
        "The image needs exactly one source: an id, a link or a file.",
        id="a photo from nowhere",
    ),
    pytest.param(
        Media(kind="image", external_id="1", link=LINK),
        "The image needs exactly one source: an id, a link or a file.",
        id="a photo from two places",
    ),
    pytest.param(
        Media(kind="\ud800" + "x" * 100, link=LINK),
        f"There are no media of the kind \ufffd{'x' * 39}; it must be one of image, video, audio,"
        " document, sticker.",
        id="a kind that cannot even be quoted",
    ),
    pytest.param(
        Media(kind="hologram", link=LINK),
        "There are no media of the kind hologram; it must be one of image, video, audio, document,"
        " sticker.",
        id="a kind of media that there is not",
    ),
    pytest.param(
        Media(kind="audio", link=LINK, caption="Hi"),
        "The audio has a caption; WhatsApp shows none there.",
        id="audio with a caption",
    ),
    pytest.param(
        Media(kind="sticker", link=LINK, caption="Hi"),
        "The sticker has a caption; WhatsApp shows none there.",
        id="a sticker with a caption",
    ),
    pytest.param(
        Media(kind="video", link=LINK, filename="a.mp4"),
        "The video has a file name; only documents have one.",
        id="a video's file name",
    ),
    pytest.param(
        Media(kind="video", link=LINK, is_voice=True),
        "The video cannot be a voice note; only audio can.",
        id="a voice note that is a video",
    ),
    pytest.param(
        buttons(header=Media(kind="audio", link=LINK)),
        "The header cannot be of the kind audio; it must be one of image, video, document.",
        id="audio in a header",
    ),
    pytest.param(
        buttons(header=Media(kind="image", link=LINK, caption="Hi")),
        "The header has a caption; WhatsApp shows none there.",
        id="a caption in a header",
    ),
    pytest.param(
        carousel(card(media=Media(kind="document", link=LINK)), card()),
        "The header of card 1 cannot be of the kind document; it must be one of image, video.",
        id="a document on a card",
    ),
    pytest.param(
        ContactCards(cards=()),
        "The number of contact cards is 0; 1 is the least and 257 is the most.",
        id="no cards",
    ),
    pytest.param(
        ContactCards(cards=(ContactCard(name=CardName(formatted="")),)),
        "The name of contact card 1 is empty.",
        id="a card of nobody",
    ),
    pytest.param(
        ContactCards(
            cards=(ContactCard(name=CardName(formatted="Ada"), phones=(CardPhone(number=""),)),)
        ),
        "Phone number 1 of contact card 1 is empty.",
        id="an empty phone number",
    ),
    pytest.param(buttons(body=""), "The body is empty.", id="buttons without a text"),
    pytest.param(
        buttons(buttons=()),
        "The number of buttons is 0; 1 is the least and 3 is the most.",
        id="no buttons",
    ),
    pytest.param(
        buttons(buttons=(OK, Button(id="no", title="No"), Button(id="ok", title="Yes"))),
        "Buttons 1 and 3 have the same id; each needs its own.",
        id="two buttons with one id",
    ),
    pytest.param(
        buttons(buttons=(OK, Button(id="no", title="OK"))),
        "Buttons 1 and 2 have the same title; each needs its own.",
        id="two buttons with one title",
    ),
    pytest.param(
        buttons(buttons=(Button(id="ok ", title="OK"),)),
        "The id of button 1 begins or ends with a space.",
        id="an id with a space",
    ),
    pytest.param(
        menu(Section(title="1", rows=rows(1)), Section(rows=rows(1, 1))),
        "The title of section 2 is empty.",
        id="two sections, one title",
    ),
    pytest.param(
        menu(Section(title="1", rows=rows(1)), Section(title="2", rows=rows(1))),
        "Rows 1 and 2 of all sections have the same id; each needs its own.",
        id="two rows with one id",
    ),
    pytest.param(
        ListMenu(body="Hi", button="Choose", sections=(Section(rows=()),)),
        "The number of rows in all sections is 0; 1 is the least and 10 is the most.",
        id="no rows",
    ),
    *(
        pytest.param(LinkButton(body="Hi", title="Shop", url=url), NO_LINK, id=f"the link {url}")
        for url in (
            "acme.example",
            "ftp://acme.example",
            "http://",
            "https:///a",
            "https://acme.example/a b",
            "javascript:alert(1)",
        )
    ),
    pytest.param(
        flow(flow_id=""),
        "The Flow needs either its id or its name, and not both.",
        id="a Flow without a name",
    ),
    pytest.param(
        flow(flow_name="a"),
        "The Flow needs either its id or its name, and not both.",
        id="a Flow with two names",
    ),
    pytest.param(
        flow(action="fly"),
        "The Flow's action must be one of navigate, data_exchange.",
        id="an action that there is not",
    ),
    pytest.param(
        flow(action="data_exchange", screen="FIRST"),
        "A Flow with data exchange is given neither a screen nor data: its own endpoint gives"
        " both.",
        id="data exchange with a screen",
    ),
    pytest.param(
        flow(data={}),
        "The Flow's data are empty: leave them away, or give at least one value.",
        id="empty data of a Flow",
    ),
    *(
        pytest.param(
            OrderStatus(body="Hi", parameters={"a": value}),
            NO_JSON,
            id=f"parameters with {value!r}",
        )
        for value in (NAN, {1, 2}, b"a", "\0", ["\udc00"])
    ),
    pytest.param(
        OrderStatus(body="Hi", parameters=deep(100_000)), NO_JSON, id="parameters without a bottom"
    ),
    pytest.param(
        carousel(card()),
        "The number of cards is 1; 2 is the least and 10 is the most.",
        id="one card",
    ),
    pytest.param(
        carousel(card(), card(buttons=YES_NO)),
        "The cards differ in their buttons; each needs the same number of the same kind.",
        id="cards with unlike buttons",
    ),
    pytest.param(
        carousel(*[card(link=CardLink(title="Shop", url=LINK))] * 2),
        (
            "Card 1 has both buttons and a link; it can have one of them.",
            "Card 2 has both buttons and a link; it can have one of them.",
        ),
        id="cards with buttons and a link",
    ),
    pytest.param(
        template(language=""), "The template's language is empty.", id="a template in no language"
    ),
    pytest.param(
        template(*[TemplateBody(values=())] * 2),
        "The number of bodies is 2; 0 is the least and 1 is the most.",
        id="two bodies",
    ),
    pytest.param(
        template(button(ReplyPayload(text="a"), index=10)),
        "The index of a button is 10; it must be between 0 and 9.",
        id="index 10",
    ),
    pytest.param(
        template(*[button(ReplyPayload(text="a"))] * 2),
        "Buttons 1 and 2 have the same index; each needs its own.",
        id="one index twice",
    ),
    pytest.param(
        template(button(Code(text="A"), kind="flow")),
        "Value 1 of the button with index 0 is of a sort that cannot stand there.",
        id="a code for a Flow",
    ),
    pytest.param(
        template(button(Code(text="A"), kind="fly")),
        "There are no template buttons of the kind fly; it must be one of quick_reply, url,"
        " copy_code, flow, catalog, product_list, order_details.",
        id="a button that there is not",
    ),
    pytest.param(
        template(TemplateBody(values=(PHOTO,))),
        "Value 1 of the body is of a sort that cannot stand there.",
        id="a photo in a body",
    ),
    pytest.param(
        template(TemplateBody(values=(TimeValue(text="today", details={"a": NAN}),))),
        "The details of value 1 of the body cannot be written as JSON, or hold a character that"
        " cannot be sent.",
        id="details that are no JSON",
    ),
    pytest.param(
        template(OfferEnd(at=datetime(2026, 1, 1))),
        "The end of the offer has no time zone.",
        id="an end without a zone",
    ),
    pytest.param(
        Telepathy(), "WhatsApp has no message for this.", id="content of another provider"
    ),
]


@pytest.mark.parametrize(("content", "fault"), REFUSED)
def test_what_cannot_be_sent_is_refused_with_one_sentence(content, fault):
    assert faults_of(content) == ((fault,) if isinstance(fault, str) else fault)


def test_every_fault_is_said_at_once():
    content = buttons(
        header="h" * 61,
        body="",
        footer="f" * 61,
        buttons=(
            Button(id="", title="t" * 25),
            Button(id="1", title="\0"),
            Button(id="1", title="B"),
            Button(id="2", title="C"),
        ),
    )

    with pytest.raises(Unsendable) as refused:
        compose(content)

    assert refused.value.faults == (
        "The number of buttons is 4; 1 is the least and 3 is the most.",
        "Buttons 2 and 3 have the same id; each needs its own.",
        "The id of button 1 is empty.",
        "The title of button 1 has 25 characters; 20 is the most.",
        UNWRITABLE.format("The title of button 2"),
        "The header has 61 characters; 60 is the most.",
        "The body is empty.",
        "The footer has 61 characters; 60 is the most.",
    )
    assert str(refused.value) == " ".join(refused.value.faults)
