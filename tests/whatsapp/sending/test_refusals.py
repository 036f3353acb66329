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
    Fault,
    FaultCode,
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
from tests.support.pointers import told
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
    pytest.param(Text(body=""), Fault("The text is empty.", "/body"), id="an empty text"),
    pytest.param(Text(body=" \n\t"), Fault("The text is empty.", "/body"), id="a text of blanks"),
    pytest.param(Text(body="a\0"), Fault(UNWRITABLE.format("The text"), "/body"), id="NUL"),
    pytest.param(
        Text(body="a\ud83d"), Fault(UNWRITABLE.format("The text"), "/body"), id="half of a pair"
    ),
    pytest.param(
        Location(latitude=90.1, longitude=0),
        Fault("The latitude is 90.1; it must be between -90 and 90.", "/latitude"),
        id="too far north",
    ),
    pytest.param(
        Location(latitude=-91, longitude=0),
        Fault("The latitude is -91; it must be between -90 and 90.", "/latitude"),
        id="too far south",
    ),
    pytest.param(
        Location(latitude=0, longitude=181),
        Fault("The longitude is 181; it must be between -180 and 180.", "/longitude"),
        id="too far east",
    ),
    pytest.param(
        Location(latitude=0, longitude=NAN),
        Fault("The longitude is nan; it must be between -180 and 180.", "/longitude"),
        id="no number",
    ),
    pytest.param(
        Reaction(message_external_id="", emoji="👍"),
        Fault("The id of the message reacted to is empty.", "/message_external_id"),
        id="a reaction to nothing",
    ),
    pytest.param(
        Reaction(message_external_id="1", emoji=" "),
        Fault("The emoji is empty.", "/emoji"),
        id="a blank reaction",
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
        Fault(
            f"There are no media of the kind \ufffd{'x' * 39}; it must be one of image, video,"
            " audio, document, sticker.",
            "/kind",
        ),
        id="a kind that cannot even be quoted",
    ),
    pytest.param(
        Media(kind="hologram", link=LINK),
        Fault(
            "There are no media of the kind hologram; it must be one of image, video, audio,"
            " document, sticker.",
            "/kind",
        ),
        id="a kind of media that there is not",
    ),
    pytest.param(
        Media(kind="audio", link=LINK, caption="Hi"),
        Fault("The audio has a caption; WhatsApp shows none there.", "/caption"),
        id="audio with a caption",
    ),
    pytest.param(
        Media(kind="sticker", link=LINK, caption="Hi"),
        Fault("The sticker has a caption; WhatsApp shows none there.", "/caption"),
        id="a sticker with a caption",
    ),
    pytest.param(
        Media(kind="video", link=LINK, filename="a.mp4"),
        Fault("The video has a file name; only documents have one.", "/filename"),
        id="a video's file name",
    ),
    pytest.param(
        Media(kind="video", link=LINK, is_voice=True),
        Fault("The video cannot be a voice note; only audio can.", "/is_voice"),
        id="a voice note that is a video",
    ),
    pytest.param(
        buttons(header=Media(kind="audio", link=LINK)),
        Fault(
            "The header cannot be of the kind audio; it must be one of image, video, document.",
            "/header/kind",
        ),
        id="audio in a header",
    ),
    pytest.param(
        buttons(header=Media(kind="image", link=LINK, caption="Hi")),
        Fault("The header has a caption; WhatsApp shows none there.", "/header/caption"),
        id="a caption in a header",
    ),
    pytest.param(
        carousel(card(media=Media(kind="document", link=LINK)), card()),
        Fault(
            "The header of card 1 cannot be of the kind document; it must be one of image, video.",
            "/cards/0/media/kind",
        ),
        id="a document on a card",
    ),
    pytest.param(
        ContactCards(cards=()),
        Fault("The number of contact cards is 0; 1 is the least and 257 is the most.", "/cards"),
        id="no cards",
    ),
    pytest.param(
        ContactCards(cards=(ContactCard(name=CardName(formatted="")),)),
        Fault("The name of contact card 1 is empty.", "/cards/0/name/formatted"),
        id="a card of nobody",
    ),
    pytest.param(
        ContactCards(
            cards=(ContactCard(name=CardName(formatted="Ada"), phones=(CardPhone(number=""),)),)
        ),
        Fault("Phone number 1 of contact card 1 is empty.", "/cards/0/phones/0/number"),
        id="an empty phone number",
    ),
    pytest.param(
        buttons(body=""), Fault("The body is empty.", "/body"), id="buttons without a text"
    ),
    pytest.param(
        buttons(buttons=()),
        Fault("The number of buttons is 0; 1 is the least and 3 is the most.", "/buttons"),
        id="no buttons",
    ),
    pytest.param(
        buttons(buttons=(OK, Button(id="no", title="No"), Button(id="ok", title="Yes"))),
        Fault("Buttons 1 and 3 have the same id; each needs its own.", "/buttons/2/id"),
        id="two buttons with one id",
    ),
    pytest.param(
        carousel(card(), card(buttons=(OK, OK))),
        (
            Fault(
                "The cards differ in their buttons; each needs the same number of the same kind.",
                "/cards",
            ),
            Fault(
                "Buttons 1 and 2 of card 2 have the same id; each needs its own.",
                "/cards/1/buttons/1/id",
            ),
            Fault(
                "Buttons 1 and 2 of card 2 have the same title; each needs its own.",
                "/cards/1/buttons/1/title",
            ),
        ),
        id="one button twice on a card",
    ),
    pytest.param(
        carousel(
            card(buttons=(), link=CardLink(title="Shop", url=LINK)),
            card(buttons=(), link=CardLink(title="", url="acme.example")),
        ),
        (
            Fault("The title of the button of card 2 is empty.", "/cards/1/link/title"),
            Fault(
                "The link of the button of card 2 must begin with http:// or https://, name a host"
                " and have no spaces.",
                "/cards/1/link/url",
            ),
        ),
        id="a card's link",
    ),
    pytest.param(
        buttons(buttons=(OK, Button(id="no", title="OK"))),
        Fault("Buttons 1 and 2 have the same title; each needs its own.", "/buttons/1/title"),
        id="two buttons with one title",
    ),
    pytest.param(
        buttons(buttons=(Button(id="ok ", title="OK"),)),
        Fault("The id of button 1 begins or ends with a space.", "/buttons/0/id"),
        id="an id with a space",
    ),
    pytest.param(
        menu(Section(title="1", rows=rows(1)), Section(rows=rows(1, 1))),
        Fault("The title of section 2 is empty.", "/sections/1/title"),
        id="two sections, one title",
    ),
    pytest.param(
        menu(Section(title="1", rows=rows(1)), Section(title="2", rows=rows(1))),
        Fault(
            "Rows 1 and 2 of all sections have the same id; each needs its own.",
            "/sections/1/rows/0/id",
        ),
        id="two rows with one id",
    ),
    pytest.param(
        ListMenu(body="Hi", button="Choose", sections=(Section(rows=()),)),
        Fault(
            "The number of rows in all sections is 0; 1 is the least and 10 is the most.",
            "/sections",
        ),
        id="no rows",
    ),
    *(
        pytest.param(
            LinkButton(body="Hi", title="Shop", url=url),
            Fault(NO_LINK, "/url"),
            id=f"the link {url}",
        )
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
        Fault("The Flow's action must be one of navigate, data_exchange.", "/action"),
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
        Fault("The Flow's data are empty: leave them away, or give at least one value.", "/data"),
        id="empty data of a Flow",
    ),
    *(
        pytest.param(
            OrderStatus(body="Hi", parameters={"a": value}),
            Fault(NO_JSON, "/parameters"),
            id=f"parameters with {value!r}",
        )
        for value in (NAN, {1, 2}, b"a", "\0", ["\udc00"])
    ),
    pytest.param(
        OrderStatus(body="Hi", parameters=deep(100_000)),
        Fault(NO_JSON, "/parameters"),
        id="parameters without a bottom",
    ),
    pytest.param(
        carousel(card()),
        Fault("The number of cards is 1; 2 is the least and 10 is the most.", "/cards"),
        id="one card",
    ),
    pytest.param(
        carousel(card(), card(buttons=YES_NO)),
        Fault(
            "The cards differ in their buttons; each needs the same number of the same kind.",
            "/cards",
        ),
        id="cards with unlike buttons",
    ),
    pytest.param(
        carousel(*[card(link=CardLink(title="Shop", url=LINK))] * 2),
        (
            Fault("Card 1 has both buttons and a link; it can have one of them.", "/cards/0"),
            Fault("Card 2 has both buttons and a link; it can have one of them.", "/cards/1"),
        ),
        id="cards with buttons and a link",
    ),
    pytest.param(
        template(language=""),
        Fault("The template's language is empty.", "/language"),
        id="a template in no language",
    ),
    pytest.param(
        template(*[TemplateBody(values=())] * 2),
        Fault("The number of bodies is 2; 0 is the least and 1 is the most.", "/components"),
        id="two bodies",
    ),
    pytest.param(
        template(button(ReplyPayload(text="a"), index=10)),
        Fault("The index of a button is 10; it must be between 0 and 9.", "/components/0/index"),
        id="index 10",
    ),
    pytest.param(
        template(*[button(ReplyPayload(text="a"))] * 2),
        Fault("Buttons 1 and 2 have the same index; each needs its own.", "/components/1/index"),
        id="one index twice",
    ),
    pytest.param(
        template(button(Code(text="A"), kind="flow")),
        Fault(
            "Value 1 of the button with index 0 is of a sort that cannot stand there.",
            "/components/0/values/0",
        ),
        id="a code for a Flow",
    ),
    pytest.param(
        template(button(Code(text="A"), kind="fly")),
        Fault(
            "There are no template buttons of the kind fly; it must be one of quick_reply, url,"
            " copy_code, flow, catalog, product_list, order_details.",
            "/components/0/kind",
        ),
        id="a button that there is not",
    ),
    pytest.param(
        template(TemplateBody(values=(PHOTO,))),
        Fault(
            "Value 1 of the body is of a sort that cannot stand there.", "/components/0/values/0"
        ),
        id="a photo in a body",
    ),
    pytest.param(
        template(TemplateBody(values=(TimeValue(text="today", details={"a": NAN}),))),
        Fault(
            "The details of value 1 of the body cannot be written as JSON, or hold a character that"
            " cannot be sent.",
            "/components/0/values/0/details",
        ),
        id="details that are no JSON",
    ),
    pytest.param(
        template(OfferEnd(at=datetime(2026, 1, 1))),
        Fault("The end of the offer has no time zone.", "/components/0/at"),
        id="an end without a zone",
    ),
    pytest.param(
        Telepathy(),
        Fault("WhatsApp has no message for this.", code=FaultCode.UNSUPPORTED),
        id="content of another provider",
    ),
]


@pytest.mark.parametrize(("content", "fault"), REFUSED)
def test_what_cannot_be_sent_is_refused_with_one_sentence_that_says_where(content, fault):
    assert told(faults_of(content)) == told((fault,) if isinstance(fault, str) else fault)


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

    assert told(refused.value.faults) == told(
        [
            Fault("The number of buttons is 4; 1 is the least and 3 is the most.", "/buttons"),
            Fault("Buttons 2 and 3 have the same id; each needs its own.", "/buttons/2/id"),
            Fault("The id of button 1 is empty.", "/buttons/0/id"),
            Fault("The title of button 1 has 25 characters; 20 is the most.", "/buttons/0/title"),
            Fault(UNWRITABLE.format("The title of button 2"), "/buttons/1/title"),
            Fault("The header has 61 characters; 60 is the most.", "/header"),
            Fault("The body is empty.", "/body"),
            Fault("The footer has 61 characters; 60 is the most.", "/footer"),
        ]
    )
    assert str(refused.value) == " ".join(refused.value.faults)
