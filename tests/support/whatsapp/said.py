"""Everything that can be said, and what is shown of it."""

from channels_app.content import (
    Buttons,
    CallPermissionRequest,
    CardLink,
    Carousel,
    Catalog,
    ContactRequest,
    Content,
    LinkButton,
    LocationRequest,
    Media,
    Reaction,
    Template,
    TemplateBody,
    TemplateButton,
    TemplateHeader,
    Text,
    TextValue,
)
from tests.support.whatsapp.contents import LINK, PHOTO, YES_NO, card, flow
from tests.support.whatsapp.meta_sent import BUILT, HEADQUARTERS, JOHN, LIST

TEMPLATE = Template(
    name="order_ready",
    language="en",
    components=(
        TemplateHeader(values=(PHOTO,)),
        TemplateBody(
            values=(TextValue(text="Ada", name="who"), TextValue(text="tea", name="what"))
        ),
        TemplateButton(index=0, kind="url", values=(TextValue(text="17"),)),
    ),
)
LISTED = (
    {"type": "HEADER", "format": "IMAGE"},
    {"type": "BODY", "text": "{{who}}, your {{what}} is ready."},
    {"type": "BUTTONS", "buttons": [{"type": "URL", "url": "https://acme.example/{{1}}"}]},
)
# the content, and what its row says: kind, text, preview
SAID: list[tuple[Content, str, str, str]] = [
    (Text(body="Good\nmorning"), "text", "Good\nmorning", "Good morning"),
    (HEADQUARTERS, "location", "META HQ\n1 Hacker Way, Menlo Park, CA 94025", "Location: META HQ"),
    (Reaction(message_external_id="wamid.ada", emoji="👍"), "reaction", "👍", "Reaction: 👍"),
    (Media(kind="image", link=LINK, caption="Our shop"), "image", "Our shop", "Photo: Our shop"),
    (Media(kind="document", external_id="9", filename="a.pdf"), "document", "", "Document: a.pdf"),
    (Media(kind="audio", external_id="9", is_voice=True), "audio", "", "Voice note"),
    (JOHN, "contacts", JOHN.text, "Contact: John Smith"),
    (Buttons(body="Tea?", buttons=YES_NO), "interactive", "Tea?\nYes\nNo", "Tea?"),
    (LIST, "interactive", LIST.text, "<BODY_TEXT>"),
    (
        LinkButton(body="Our shop", title="Open", url=LINK),
        "interactive",
        f"Our shop\nOpen: {LINK}",
        "Our shop",
    ),
    (LocationRequest(body="Where?"), "interactive", "Where?", "Where?"),
    (ContactRequest(body="Your number?"), "interactive", "Your number?", "Your number?"),
    (CallPermissionRequest(), "interactive", "", "Call permission request"),
    (flow(), "interactive", "Hello\nOpen", "Hello"),
    (
        Carousel(
            body="Teas",
            cards=tuple(card(buttons=(), link=CardLink(title=each, url=LINK)) for each in "AB"),
        ),
        "interactive",
        f"Teas\nTea\nA: {LINK}\nTea\nB: {LINK}",
        "Teas",
    ),
    *(
        (BUILT[f"Send {each} Message"], "interactive", BUILT[f"Send {each} Message"].text, preview)
        for each, preview in (
            ("Single Product", "Product: <OPTIONAL_BODY_TEXT>"),
            ("Multi-Product", "<YOUR_TEXT_BODY_CONTENT>"),
            ("Order Details", "your-text-body-content"),
            ("Order Status", "your-text-body-content"),
        )
    ),
    (Catalog(body="Our catalog"), "interactive", "Our catalog", "Our catalog"),
    (TEMPLATE, "template", "order_ready\nAda\ntea\n17", "Template order_ready"),
]
