"""What people wrote in the recorded webhooks 001 to 068: the events of each file, in their
order.
"""

from tests.support.whatsapp.expected import (
    DANA,
    DANA_BSUID,
    NEW_BSUID,
    became,
    file,
    message,
    wamid,
)

GROUP = "Y29ycHVzX2dyb3VwOjE1NTUwMTAwMDAxOjEyMDM2MzAwMDAwMDAwMDAx"
ADVERTISEMENT = {
    "source_url": "https://fb.me/corpus1",
    "source_id": "120200000000000008",
    "source_type": "ad",
    "body": "Autumn sale",
    "headline": "Chat with us",
    "media_type": "image",
    "image_url": "https://scontent.example.net/a.jpg",
    "ctwa_clid": "AffCorpusClickId008",
    "welcome_message": {"text": "Hi! Ask us anything."},
}
PRODUCT = {"product": {"catalog_id": "600000000000010", "product_retailer_id": "SKU-10"}}
PHOTO_HASH = "mOaZ0k7m7o4x5C1uXqvJ0pJm7e1m8iYQw3kq9m0s2dE="
NOT_PASSED_ON = "Message that WhatsApp does not pass on"
NO_SUCH_KIND = "WhatsApp does not pass on messages of this kind: ask the person to write otherwise."
UNSUPPORTED = (
    f"{NO_SUCH_KIND} (Graph error 131051: Message type unknown: Message type is currently not"
    " supported.)"
)
UNKNOWN_TYPE = (
    f"{NO_SUCH_KIND} (Graph error 501: Unknown message type: Message type is not currently"
    " supported)"
)
UNAVAILABLE = (
    "The message is not available here: look into the phone app. (Graph error 131060: This message"
    " is currently unavailable.)"
)
TOO_LARGE = (
    "The media could not be downloaded: ask the person to send it again. (Graph error 131052:"
    " Media file size too big. Max file size we currently support: 100MB: Media file size too big.)"
)
NUMBER_NOTICE = "User Dana Levi changed from 12025550143 to 12025550199"
PERSON_NOTICE = "User Dana Levi changed from US.7001002003004005006 to US.7009998887776665554"
NO_PHONE = {"contact_ids": (DANA_BSUID,), "reply_to": DANA_BSUID[1], "username": "dana.levi"}
BOTH_IDS = {"contact_ids": (DANA_BSUID, DANA)}

TEXTS = {
    "001": [message("001", text="Hello, is the blue one in stock?")],
    "002": [message("002", text="hi", username="dana.levi", **BOTH_IDS)],
    "003": [message("003", text="where is my order?", **NO_PHONE)],
    "005": [message("005", text="yes, two please", quoted_external_id=wamid("out-5"))],
    "006": [message("006", text="fwd", forwarded="once")],
    "007": [message("007", text="fwd many", forwarded="often")],
    "008": [message("008", text="Can I get more info?", referral=ADVERTISEMENT)],
    "010": [
        message(
            "010", text="Still available?", quoted_external_id=wamid("out-10"), referral=PRODUCT
        )
    ],
    "011": [message("011", text="ok")],
    "012": [message("012", text="hello group", group_external_id=GROUP)],
    "055": [message("055", text="no contacts", contact_name="")],
    "056": [message("056", text="no name", contact_name="")],
    "059": [message("059", text="extra")],
    "060": [
        message(
            "060",
            text=(
                "שלום \U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 "
                "مرحبا \u200fRTL\u200e é=e\u0301 \U0001d518 \u2028line\n2"
            ),
            preview=(
                "שלום \U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 "
                "مرحبا \u200fRTL\u200e é=e\u0301 \U0001d518 line 2"
            ),
            contact_name="דנה \u200fלוי \U0001f338",
        )
    ],
    "061": [
        message("061", text="שלום 👍 äöå https://a.example/b?c=1&d=<e>@f%g", contact_name="Zoë")
    ],
    "062": [message("062", text="a\ufffdb\x07c")],
    "063": [message("063", text="x\ufffdy")],
    "064": [message("064", text="ab" * 2048, preview="ab" * 59 + "a\u2026")],
    "066": [message("066", preview="Message without words")],
    "067": [
        message(
            "067",
            text="oi",
            contact_ids=(("wa_id", "553188887777"),),
            contact_name="Rui",
            reply_to="553188887777",
        )
    ],
    "068": [
        message(
            "068",
            text="hola",
            contact_ids=(("wa_id", "5215512345678"),),
            contact_name="Ana",
            reply_to="5215512345678",
        )
    ],
}
FILES = {
    "014": [
        message(
            "014",
            "image",
            "broken here",
            "Photo: broken here",
            attachment=file("500000000000014", "image/jpeg", PHOTO_HASH),
        )
    ],
    "016": [
        message(
            "016",
            "audio",
            "",
            "Audio",
            attachment=file("500000000000016", "audio/mpeg", "a16="),
            forwarded="once",
        )
    ],
    "017": [
        message(
            "017",
            "audio",
            "",
            "Voice message",
            attachment=file("500000000000017", "audio/ogg; codecs=opus", "a17="),
        )
    ],
    "018": [
        message(
            "018",
            "video",
            "look",
            "Video: look",
            attachment=file("500000000000018", "video/mp4", "v18="),
        )
    ],
    "019": [
        message(
            "019",
            "document",
            "invoice",
            "Document: invoice",
            attachment=file(
                "500000000000019", "application/pdf", "d19=", "../../etc/פקודה 2026.pdf"
            ),
        )
    ],
    "020": [
        message(
            "020",
            "sticker",
            "",
            "Sticker",
            attachment=file("500000000000020", "image/webp", "s20="),
        )
    ],
    "047": [message("047", "unsupported", "", NOT_PASSED_ON, error_code="131052", error=TOO_LARGE)],
}
ANSWERS = {
    "022": [
        message("022", "location", "Central Shop, 1 Main St", "Location: Central Shop, 1 Main St")
    ],
    "024": [message("024", "contacts", "Avi Cohen, Office", "Contact: Avi Cohen, Office")],
    "025": [
        message(
            "025",
            "contacts",
            "+12025550143",
            "Contact: +12025550143",
            **{**NO_PHONE, "contact_ids": (DANA_BSUID, DANA, ("phone", "12025550143"))},
        )
    ],
    "027": [message("027", "interactive", "Yes", quoted_external_id=wamid("out-27"))],
    "028": [message("028", "interactive", "Express", quoted_external_id=wamid("out-28"))],
    "030": [
        message(
            "030",
            "interactive",
            'rating: 5\nnote: שלום "quoted"',
            'rating: 5 note: שלום "quoted"',
            quoted_external_id=wamid("out-30"),
        )
    ],
    "032": [
        message("032", "interactive", "Calls are allowed.", quoted_external_id=wamid("out-32"))
    ],
    "033": [message("033", "button", "Stop", quoted_external_id=wamid("out-33"))],
    "035": [
        message("035", "reaction", "👍🏽", "Reaction: 👍🏽", target_external_id=wamid("out-35"))
    ],
    "036": [
        message("036", "reaction", "", "Reaction taken back", target_external_id=wamid("out-35"))
    ],
    "038": [message("038", "order", "2 x SKU-1, 1 x SKU-2", "Order: 2 x SKU-1, 1 x SKU-2")],
}
NOTICES = {
    "039": [
        message(
            "039",
            "system",
            NUMBER_NOTICE,
            f"Notice: {NUMBER_NOTICE}",
            contact_name="",
            replacements=(became(DANA, ("wa_id", "12025550199")),),
            reply_to="12025550199",
        )
    ],
    "040": [
        message(
            "040",
            "system",
            PERSON_NOTICE,
            f"Notice: {PERSON_NOTICE}",
            contact_ids=(NEW_BSUID,),
            contact_name="",
            replacements=(became(DANA_BSUID, NEW_BSUID),),
            reply_to=NEW_BSUID[1],
        )
    ],
    "041": [message("041", "system", "User identity changed", "Notice: User identity changed")],
    "042": [message("042", "request_welcome", "", "Chat opened for the first time")],
    "043": [
        message("043", "unsupported", "", NOT_PASSED_ON, error_code="131051", error=UNSUPPORTED)
    ],
    "044": [
        message("044", "unsupported", "", NOT_PASSED_ON, error_code="131060", error=UNAVAILABLE)
    ],
    "046": [message("046", "unknown", "", NOT_PASSED_ON, error_code="501", error=UNKNOWN_TYPE)],
    "048": [
        message(
            "048",
            "edit",
            "Hello, is the RED one in stock?",
            "Edited: Hello, is the RED one in stock?",
            target_external_id=wamid("001"),
            **BOTH_IDS,
        )
    ],
    "049": [
        message(
            "049", "edit", "broken HERE", "Edited: broken HERE", target_external_id=wamid("014")
        )
    ],
    "050": [
        message("050", "revoke", "", "Message deleted", target_external_id=wamid("001"), **BOTH_IDS)
    ],
    "052": [message("052", "hologram", "", "Message of the type hologram")],
}
EXPECTED = {**TEXTS, **FILES, **ANSWERS, **NOTICES}
