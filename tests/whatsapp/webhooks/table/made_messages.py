"""Messages that nobody recorded: what Meta leaves out, and what it might put in; body and events by
what is particular.
"""

from typing import Any

from channels_app.events import Event
from tests.support.whatsapp.expected import DANA_BSUID, file, message, refused, said, webhook
from tests.whatsapp.webhooks.table.recorded_messages import NOT_PASSED_ON

Case = tuple[bytes, list[Event]]
AIM = "wamid.aim"
UNREADABLE_ID = "An identifier is missing or not a text."
REPLIED = {"from_user_id": DANA_BSUID[1], "id": AIM}
STICKER = {"id": "5", "mime_type": "image/webp", "sha256": "s=", "animated": True}
PDF = {"id": "6", "mime_type": "application/pdf", "sha256": "d=", "filename": "invoice.pdf"}
PDF_FILE = file("6", "application/pdf", "d=", "invoice.pdf")
PHONELESS = [
    {"name": {"first_name": "Avi"}},
    {"org": {"company": "Acme"}},
    {"phones": [{"phone": "+12025550177"}]},
]
FLOW = (
    '{"flow_token": "t", "colours": ["red", "blue"], "agreed": true, "size": null, "at": {"city":'
    ' "Malm\\u00f6"}}'
)


def one(
    kind: str,
    *words: str,
    wamid: str = "wamid.made",
    told: dict[str, Any] | None = None,
    **more: Any,
) -> Case:
    """A webhook of one message of Dana's, and its event with these words. `more`: of the message;
    `told`: of the event.
    """
    return webhook(messages=[said(kind, wamid=wamid, **more)]), [
        message(wamid, kind, *words, **(told or {}))
    ]


def inner_edit(kind: str, **content: Any) -> dict[str, Any]:
    return {
        "edit": {
            "original_message_id": AIM,
            "message": {"context": {"id": "M0"}, "type": kind, **content},
        }
    }


def reply_of(kind: str, **content: Any) -> dict[str, Any]:
    return {"interactive": {"type": kind, kind: content}}


NAMELESS: dict[str, Any] = {"name": None, "address": ["1 Main St"]}
NO_PLACES: list[tuple[Any, Any]] = [
    *((None, None), (None, 18.1), (59.3, None), ("59.3", "18.1"), ("NaN", "NaN"), ("", "")),
    *((True, False), ([59.3], {"a": 1}), (90.5, 18.1), (59.3, -181), (10**400, 0)),
]
AIMED = {"target_external_id": AIM}
FILES = {
    "image without a caption": one(
        "image",
        "",
        "Photo",
        image={"id": "4", "mime_type": "image/png"},
        told={"attachment": file("4", "image/png", "")},
    ),
    "image whose id is a number": one(
        "image", "", "Photo", image={"id": 4}, told={"attachment": file("4", "", "")}
    ),
    "image without an id": one("image", "look", "Photo: look", image={"caption": "look"}),
    "image whose id is an object": (
        webhook(messages=[said("image", image={"id": {}})]),
        [message("wamid.made", "image", "", "Photo")],
    ),
    "image whose id is a list": (
        webhook(messages=[said("image", image={"id": [1]})]),
        [refused(UNREADABLE_ID)],
    ),
    "image said to be a video": one("video", "", "Video", image={"id": "4", "caption": "x"}),
    "animated sticker": one(
        "sticker",
        "",
        "Sticker",
        sticker=STICKER,
        told={"attachment": file("5", "image/webp", "s=")},
    ),
    "document without a caption": one(
        "document", "", "Document: invoice.pdf", document=PDF, told={"attachment": PDF_FILE}
    ),
    "document called by a lie": one(
        "document",
        "",
        "Document: a.pdf\ufffd.exe",
        document={"id": "6", "filename": "a.pdf\x00.exe", "mime_type": "text/html"},
        told={"attachment": file("6", "text/html", "", "a.pdf\ufffd.exe")},
    ),
    "audio that says nothing of voice": one(
        "audio", "", "Audio", audio={"id": "7"}, told={"attachment": file("7", "", "")}
    ),
}
PLACES = {
    "location without a name": one(
        "location",
        "59.3, 18.1",
        "Location: 59.3, 18.1",
        location={"latitude": 59.3, "longitude": 18.1},
    ),
    "location with an address alone": one(
        "location",
        "1 Main St",
        "Location: 1 Main St",
        location={"latitude": 1, "longitude": 2, "address": "1 Main St"},
    ),
    **{
        f"location at {latitude!r}, {longitude!r}": one(
            "location", "", "Location", location={**NAMELESS, **place}
        )
        for latitude, longitude in NO_PLACES
        if (place := {"latitude": latitude, "longitude": longitude})
    },
    "location of half a pair": one("location", "", "Location", location={"latitude": 59.3}),
    "location at nothing and nowhere": one(
        "location", "0, -0.5", "Location: 0, -0.5", location={"latitude": 0, "longitude": -0.5}
    ),
    "location that is no object": one("location", "", "Location", location=[59.3, 18.1]),
    "location without a place": one(
        "location", "", "Location", location={"url": "https://shop.example"}
    ),
    "cards without a formatted name": one(
        "contacts", "Avi, +12025550177", "Contact: Avi, +12025550177", contacts=PHONELESS
    ),
    "no card": one("contacts", "", "Contact", contacts=[]),
    "order without items": one("order", "", "Order", order={"catalog_id": "77"}),
    "order whose items are none": one(
        "order", "for Ada", "Order: for Ada", order={"text": "for Ada", "product_items": None}
    ),
    "order of odd items": one(
        "order",
        "2.5 x A-1, 7",
        "Order: 2.5 x A-1, 7",
        order={
            "text": {"a": 1},
            "product_items": [
                {"product_retailer_id": "A-1", "quantity": 2.5},
                {"product_retailer_id": None, "quantity": True},
                {"product_retailer_id": 7, "quantity": {"a": 1}},
                {"product_retailer_id": [], "quantity": None},
            ],
        },
    ),
    "order with words": one(
        "order",
        "for Ada\n1 x A-1, B-2",
        "Order: for Ada 1 x A-1, B-2",
        order={
            "text": "for Ada",
            "product_items": [
                {"product_retailer_id": "A-1", "quantity": 1},
                {"product_retailer_id": "B-2"},
            ],
        },
    ),
}
ANSWERS = {
    "interactive without its object": one("interactive", "", "Message of the type interactive"),
    "interactive that is no object": one(
        "interactive", "", "Message of the type interactive", interactive=["product"]
    ),
    "interactive of a new kind": one(
        "interactive", "x", "Message of the type dial_reply: x", **reply_of("dial_reply", title="x")
    ),
    "interactive of a new kind without words": one(
        "interactive",
        "",
        "Message of the type dial_reply",
        **reply_of("dial_reply", id="7", title=None, at=True),
    ),
    "interactive of a new kind whose words are objects": one(
        "interactive",
        "Which?",
        "Message of the type poll: Which?",
        **reply_of("poll", title={}, body={"text": "Which?"}),
    ),
    "interactive whose object is missing": one(
        "interactive", "", "Message of the type product", interactive={"type": "product"}
    ),
    "interactive whose object is another's": one(
        "interactive",
        "",
        "Message of the type product",
        interactive={"type": "product", "button_reply": {"title": "x"}},
    ),
    "interactive that is its own object": one(
        "interactive",
        "sku-9",
        "Message of the type product: sku-9",
        interactive={"type": "product", "product_retailer_id": "sku-9"},
    ),
    "interactive without its type": one(
        "interactive", "Yes", interactive={"button_reply": {"id": "1", "title": "Yes"}}
    ),
    "interactive without its type, of a new kind": one(
        "interactive",
        "sku-9",
        "Message of the type product: sku-9",
        interactive={"product": {"product_retailer_id": "sku-9"}},
    ),
    "interactive whose type is a number": one(
        "interactive", "Yes", interactive={"type": 7, "list_reply": {"title": "Yes"}}
    ),
    "several products": one(
        "interactive",
        "sku-1, 2",
        "Message of the type product_list: sku-1, 2",
        **reply_of(
            "product_list",
            sections=[
                {"product_items": [{"product_retailer_id": "sku-1"}, {"product_retailer_id": 2}]}
            ],
        ),
    ),
    "reply without a title": one("interactive", "yes", **reply_of("button_reply", id="yes")),
    "reply without anything": one(
        "interactive", "", "Message of the type list_reply", **reply_of("list_reply", title=None)
    ),
    "call permission of a new answer": one(
        "interactive",
        "",
        "Message of the type call_permission_reply",
        **reply_of("call_permission_reply", response=["maybe"]),
    ),
    "form without fields": one(
        "interactive",
        "",
        "Message of the type nfm_reply",
        **reply_of("nfm_reply", response_json=None),
    ),
    "form of many fields": one(
        "interactive",
        'colours: red, blue\nagreed: true\nsize: \nat: {"city": "Malmö"}',
        'colours: red, blue agreed: true size: at: {"city": "Malmö"}',
        **reply_of("nfm_reply", name="flow", body="Sent", response_json=FLOW),
    ),
    "form that is no JSON": one(
        "interactive", "Sent", **reply_of("nfm_reply", body="Sent", response_json="{")
    ),
    "form too deep to read": one(
        "interactive", "Sent", **reply_of("nfm_reply", body="Sent", response_json="[" * 100_000)
    ),
    "calls refused": one(
        "interactive",
        "Calls are not allowed.",
        **reply_of("call_permission_reply", response="reject"),
    ),
    "button without a context": one("button", "Stop", button={"payload": "UNSUB", "text": "Stop"}),
    "button with its payload alone": one("button", "UNSUB", button={"payload": "UNSUB"}),
    "button without words": one(
        "button", "", "Message of the type button", button={"text": None, "payload": True}
    ),
    "button that is its own words": one("button", "Stop", button="Stop"),
    "button that is none": one("button", "", "Message of the type button", button=None),
    "reply in the BSUID's form": one(
        "text", "yes", text={"body": "yes"}, context=REPLIED, told={"quoted_external_id": AIM}
    ),
    "context of nothing": one("text", "yes", text={"body": "yes"}, context=None),
    "reaction": one(
        "reaction", "👍", "Reaction: 👍", reaction={"message_id": AIM, "emoji": "👍"}, told=AIMED
    ),
    "reaction taken back, the key missing": one(
        "reaction", "", "Reaction taken back", reaction={"message_id": AIM}, told=AIMED
    ),
    "reaction taken back, null": one(
        "reaction",
        "",
        "Reaction taken back",
        reaction={"message_id": AIM, "emoji": None},
        told=AIMED,
    ),
}
EDITS = {
    "edit of a document's caption": one(
        "edit",
        "paid",
        "Edited: paid",
        told=AIMED,
        **inner_edit("document", document={**PDF, "caption": "paid"}),
    ),
    "edit that takes the caption away": one(
        "edit", "", "Edited", told=AIMED, **inner_edit("video", video={"id": "4"})
    ),
    "edit to another type": one(
        "edit", "", "Edited", told=AIMED, **inner_edit("hologram", hologram={"frames": 3})
    ),
    "edit without its message": one(
        "edit", "", "Edited", told=AIMED, edit={"original_message_id": AIM}
    ),
    "edit of a group's message": one(
        "edit",
        "b",
        "Edited: b",
        told={**AIMED, "group_external_id": "G"},
        group_id="G",
        **inner_edit("text", text={"body": "b"}),
    ),
    "revoke without its aim": one("revoke", "", "Message deleted"),
}
ODD = {
    "type of tomorrow with words": one(
        "poll",
        "Lunch?",
        "Message of the type poll: Lunch?",
        poll={"id": "1", "title": "Lunch?", "options": ["a"]},
    ),
    "type of tomorrow that is a list": one(
        "cards", "A, B", "Message of the type cards: A, B", cards=[{"name": "A"}, {"text": "B"}]
    ),
    "type of tomorrow that is named as an id": one("id", "", "Message of the type id"),
    "type missing": (
        webhook(messages=[{**said("x"), "type": None}]),
        [message("wamid.made", "unknown", "", "Message without a type")],
    ),
    "type of a newline": one("new\nline", "", "Message of the type new line"),
    "text under another key": one("text", "", "Message without words", image={"caption": "x"}),
    "unsupported without a reason": one("unsupported", "", NOT_PASSED_ON),
    "time that is none": one(
        "text", "a", text={"body": "a"}, timestamp="abc", told={"sent_at": None}
    ),
    "time in milliseconds": one(
        "text", "a", text={"body": "a"}, timestamp="1790000000000", told={"sent_at": None}
    ),
    "time as a number": one("text", "a", text={"body": "a"}, timestamp=1_790_000_000),
    "no id": (webhook(messages=[said("text", wamid=None)]), [refused(UNREADABLE_ID)]),
    "id too long": (
        webhook(messages=[said("text", wamid="w" * 513)]),
        [
            refused(
                "An identifier is longer than 512 bytes or holds characters that cannot be stored."
            )
        ],
    ),
    "number of 5000 digits": (
        webhook(messages=[said("text", extra="big")]).replace(b'"big"', b"9" * 5000),
        [refused("A number is too large, or not a number.")],
    ),
    "sender that is an object": (
        webhook(contacts=[], messages=[said("text", sender={"a": 1})]),
        [refused("The item names no contact.")],
    ),
    "account and number as numbers": (
        webhook(messages=[said("text", text={"body": "a"})])
        .replace(b'"300000000000001"', b"300000000000001")
        .replace(b'"400000000000001"', b"400000000000001"),
        [message("wamid.made", text="a")],
    ),
}
CASES: dict[str, Case] = {**FILES, **PLACES, **ANSWERS, **EDITS, **ODD}
