"""What a business says in Meta's words, where Meta's file has no example; and whatever it says, an
answer that can be used.
"""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels_app.content import (
    Action,
    Button,
    CallPermissionRequest,
    Card,
    CardLink,
    CardName,
    Carousel,
    Catalog,
    Code,
    ContactCard,
    ContactCards,
    ContactRequest,
    LinkButton,
    ListMenu,
    Location,
    LocationRequest,
    Media,
    OfferEnd,
    Product,
    ProductValue,
    Reaction,
    Row,
    Section,
    StoredFile,
    Template,
    TemplateBody,
    TemplateButton,
    TemplateCard,
    TemplateCards,
    TemplateHeader,
    Text,
    TextValue,
    Unsendable,
)
from channels_app.storable import storable_json, storable_text
from tests.support.anything import anything
from tests.support.pointers import leads_nowhere
from tests.support.whatsapp.contents import LINK, PHOTO, buttons, flow
from whatsapp.sending.compose import BUILDERS, compose, read_receipt, typing_indicator

pytestmark = pytest.mark.whatsapp

VOICE = Media(
    kind="audio",
    file=StoredFile(id=UUID(int=1), mime_type="audio/ogg; codecs=opus", size=9),
    is_voice=True,
)
IMAGE = {"type": "image", "image": {"link": LINK}}


def interactive(kind: str, action: dict[str, Any], **frame: Any) -> dict[str, Any]:
    return {"type": "interactive", "interactive": {"type": kind, **frame, "action": action}}


def template(*components: Any) -> Template:
    return Template(name="order_ready", language="en", components=components)


def of_template(*components: dict[str, Any]) -> dict[str, Any]:
    body = {"name": "order_ready", "language": {"code": "en"}, "components": list(components)}
    return {"type": "template", "template": body}


def reply(kind: str) -> dict[str, Any]:
    return {"type": kind, kind: {"id": "ok", "title": "OK"}}


SHOP = {"name": "cta_url", "parameters": {"display_text": "Shop", "url": LINK}}
HI = {"text": "Hi"}

SHAPES = [
    pytest.param(
        Text(body="Hi"),
        {"type": "text", "text": {"body": "Hi"}},
        id="a text, previews as Meta likes",
    ),
    pytest.param(
        VOICE,
        {"type": "audio", "audio": {"voice": True}},
        id="a voice note of a stored file, without its id",
    ),
    pytest.param(
        buttons(
            header=Media(
                kind="video", file=StoredFile(id=UUID(int=1), mime_type="video/mp4", size=9)
            )
        ),
        interactive(
            "button",
            {"buttons": [reply("reply")]},
            header={"type": "video", "video": {}},
            body={"text": "Hello"},
        ),
        id="a stored file in a header",
    ),
    pytest.param(
        Location(latitude=0, longitude=0),
        {"type": "location", "location": {"latitude": 0, "longitude": 0}},
        id="a place without a name, on the equator",
    ),
    pytest.param(
        Reaction(message_external_id="wamid.1", emoji=""),
        {"type": "reaction", "reaction": {"message_id": "wamid.1", "emoji": ""}},
        id="a reaction taken away",
    ),
    pytest.param(
        ContactCards(cards=(ContactCard(name=CardName(formatted="Ada")),)),
        {"type": "contacts", "contacts": [{"name": {"formatted_name": "Ada"}}]},
        id="a card with a name only",
    ),
    pytest.param(
        LinkButton(body="Hi", title="Shop", url=LINK, header=PHOTO),
        interactive("cta_url", SHOP, header=IMAGE, body=HI),
        id="a link below a photo",
    ),
    pytest.param(
        ListMenu(body="Hi", button="Choose", sections=(Section(rows=(Row(id="1", title="Tea"),)),)),
        interactive(
            "list",
            {"button": "Choose", "sections": [{"rows": [{"id": "1", "title": "Tea"}]}]},
            body=HI,
        ),
        id="a list of one section without a title",
    ),
    pytest.param(
        LocationRequest(body="Hi"),
        interactive("location_request_message", {"name": "send_location"}, body=HI),
        id="a request for the location",
    ),
    pytest.param(
        ContactRequest(body="Hi"),
        interactive("request_contact_info", {"name": "request_contact_info"}, body=HI),
        id="a request for the phone number",
    ),
    pytest.param(
        CallPermissionRequest(body="Hi"),
        interactive("call_permission_request", {"name": "call_permission_request"}, body=HI),
        id="a request to call",
    ),
    pytest.param(
        CallPermissionRequest(),
        interactive("call_permission_request", {"name": "call_permission_request"}),
        id="a request to call, without a word",
    ),
    pytest.param(
        flow(action="data_exchange", token="t"),
        interactive(
            "flow",
            {
                "name": "flow",
                "parameters": {
                    "flow_message_version": "3",
                    "flow_id": "1",
                    "flow_cta": "Open",
                    "flow_token": "t",
                    "flow_action": "data_exchange",
                },
            },
            body={"text": "Hello"},
        ),
        id="a Flow that asks its own endpoint",
    ),
    pytest.param(
        Product(catalog_id="1", product_id="2"),
        interactive("product", {"catalog_id": "1", "product_retailer_id": "2"}),
        id="a product without a word",
    ),
    pytest.param(
        Catalog(body="Hi"),
        interactive("catalog_message", {"name": "catalog_message"}, body=HI),
        id="a catalog with the first product's picture",
    ),
    pytest.param(
        Carousel(
            body="Hi",
            cards=(Card(media=PHOTO, body="Tea", link=CardLink(title="Shop", url=LINK)),) * 2,
        ),
        interactive(
            "carousel",
            {
                "cards": [
                    {
                        "card_index": n,
                        "type": "cta_url",
                        "header": IMAGE,
                        "body": {"text": "Tea"},
                        "action": SHOP,
                    }
                    for n in (0, 1)
                ]
            },
            body=HI,
        ),
        id="cards with links",
    ),
    pytest.param(
        Carousel(body="Hi", cards=(Card(media=PHOTO, buttons=(Button(id="ok", title="OK"),)),) * 2),
        interactive(
            "carousel",
            {
                "cards": [
                    {
                        "card_index": n,
                        "type": "cta_url",
                        "header": IMAGE,
                        "action": {"buttons": [reply("quick_reply")]},
                    }
                    for n in (0, 1)
                ]
            },
            body=HI,
        ),
        id="cards with buttons",
    ),
    pytest.param(
        template(
            TemplateHeader(values=(Location(latitude=1, longitude=2, name="Shop"),)),
            TemplateBody(values=(TextValue(text="Ada", name="first_name"),)),
            TemplateButton(index=0, kind="url", values=(TextValue(text="ada"),)),
            TemplateButton(index=1, kind="copy_code", values=(Code(text="TEA20"),)),
            TemplateButton(index=2, kind="product_list", values=(Action(values={"sections": []}),)),
            TemplateButton(index=3, kind="catalog"),
            OfferEnd(at=datetime(2026, 1, 1, tzinfo=UTC)),
        ),
        of_template(
            {
                "type": "header",
                "parameters": [
                    {
                        "type": "location",
                        "location": {"latitude": 1, "longitude": 2, "name": "Shop"},
                    }
                ],
            },
            {
                "type": "body",
                "parameters": [{"type": "text", "text": "Ada", "parameter_name": "first_name"}],
            },
            {
                "type": "button",
                "sub_type": "url",
                "index": "0",
                "parameters": [{"type": "text", "text": "ada"}],
            },
            {
                "type": "button",
                "sub_type": "copy_code",
                "index": "1",
                "parameters": [{"type": "coupon_code", "coupon_code": "TEA20"}],
            },
            {
                "type": "button",
                "sub_type": "mpm",
                "index": "2",
                "parameters": [{"type": "action", "action": {"sections": []}}],
            },
            {"type": "button", "sub_type": "catalog", "index": "3"},
            {
                "type": "limited_time_offer",
                "parameters": [
                    {
                        "type": "limited_time_offer",
                        "limited_time_offer": {"expiration_time_ms": 1_767_225_600_000},
                    }
                ],
            },
        ),
        id="a template with a place, a named value, four sorts of buttons and an offer",
    ),
    pytest.param(
        template(
            TemplateCards(
                cards=(
                    TemplateCard(
                        components=(
                            TemplateHeader(values=(ProductValue(catalog_id="1", product_id="2"),)),
                            TemplateButton(index=0, kind="url", values=(TextValue(text="a"),)),
                        )
                    ),
                    TemplateCard(components=(TemplateHeader(values=(PHOTO,)),)),
                )
            )
        ),
        of_template(
            {
                "type": "carousel",
                "cards": [
                    {
                        "card_index": 0,
                        "components": [
                            {
                                "type": "header",
                                "parameters": [
                                    {
                                        "type": "product",
                                        "product": {"catalog_id": "1", "product_retailer_id": "2"},
                                    }
                                ],
                            },
                            {
                                "type": "button",
                                "sub_type": "url",
                                "index": "0",
                                "parameters": [{"type": "text", "text": "a"}],
                            },
                        ],
                    },
                    {"card_index": 1, "components": [{"type": "header", "parameters": [IMAGE]}]},
                ],
            }
        ),
        id="a template's cards",
    ),
]


@pytest.mark.parametrize(("content", "body"), SHAPES)
def test_it_is_said_in_metas_words(content, body):
    assert compose(content) == body


def test_a_message_is_marked_as_read_and_the_person_may_see_us_typing():
    receipt = {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.1"}

    assert read_receipt("wamid.1") == receipt
    assert typing_indicator("wamid.1") == {**receipt, "typing_indicator": {"type": "text"}}


@pytest.mark.parametrize("kind", BUILDERS, ids=lambda kind: kind.__name__)
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(data=st.data())
def test_whatever_is_said_becomes_json_or_is_refused_with_sentences_that_lead_into_it(kind, data):
    content = data.draw(anything(kind))
    try:
        body = compose(content)
    except Unsendable as refused:
        assert refused.faults
        assert [
            fault
            for fault in refused.faults
            if fault != storable_text(fault) or not fault.endswith(".")
        ] == []
        assert leads_nowhere(content, refused.faults) == []
    else:
        assert storable_json(json.loads(json.dumps(body, allow_nan=False))) == body
        assert body.keys() == {"type", content.kind}
