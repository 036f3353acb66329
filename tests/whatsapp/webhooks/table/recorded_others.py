"""What the recorded webhooks 070 to 161 say: statuses, bodies of several items, accounts, and what
the phone app shares.
"""

from tests.support.whatsapp.expected import (
    DANA,
    DANA_BSUID,
    DANA_PARENT,
    NEW_BSUID,
    OMAR,
    at,
    became,
    call,
    channel,
    echo,
    entry,
    identity,
    message,
    ours,
    preference,
    priced,
    refused,
    status,
    theirs,
)

HELD_BACK = (
    "Meta holds it back, so that the person gets fewer such messages: not before 24 hours have"
    " passed. (Graph error 131049: This message was not delivered to maintain healthy ecosystem"
    " engagement: In order to maintain a healthy ecosystem engagement, the message failed to be"
    " delivered.)"
)
TOO_LATE = (
    "The person wrote more than 24 hours ago: only a template may be sent. (Graph error 131047:"
    " Re-engagement message: Message failed to send because more than 24 hours have passed.)"
)
REFERENCE = '{"t":"tenant-1","o":"0190f3a2-7c1e-7000-8000-000000000079"}'
OMARS = {"contact_ids": (OMAR,), "contact_name": "Omar", "reply_to": OMAR[1]}
OF_LEE = {
    "account_id": "300000000000002",
    "channel_external_id": "400000000000002",
    "channel_number": "442079460002",
    "contact_ids": (("wa_id", "447700900123"),),
    "contact_name": "Lee",
    "reply_to": "447700900123",
}
OTHER_NUMBER = {"channel_external_id": "400000000000009", "channel_number": "15550100009"}
LOST_NUMBER = {"channel_external_id": "499999999999999", "channel_number": "15550109999"}
THEN = at(1_789_913_600)

STATUSES = {
    "070": [status("out-70", "sent", pricing=priced("regular", "utility"))],
    "071": [
        status(
            "out-71",
            "sent",
            pricing=priced("regular", "marketing"),
            conversation_origin="marketing",
        )
    ],
    "072": [
        status(
            "out-72",
            "delivered",
            recipient_ids=(DANA_BSUID, DANA_PARENT, DANA),
            pricing=priced("free_customer_service", "service", billable=False),
        )
    ],
    "073": [
        status(
            "out-73",
            "delivered",
            recipient_ids=(DANA_BSUID,),
            pricing=priced("regular", "marketing"),
        )
    ],
    "075": [status("out-75", "played")],
    "076": [status("out-76", "failed", error_code="131049", error=HELD_BACK)],
    "077": [status("out-77", "failed", error_code="131047", error=TOO_LATE, closes_window=True)],
    "079": [status("out-79", "sent", reference=REFERENCE, pricing=priced("regular", "utility"))],
    "081": [status("out-not-yet-known", "delivered")],
    "082": [
        status("out-82", "read", occurred_at=at(1_790_000_003)),
        status("out-82", "delivered", occurred_at=at(1_790_000_002)),
        status("out-82", "sent", occurred_at=at(1_790_000_001)),
    ],
    "084": [status("out-84", "delivered"), status("out-84", "delivered")],
    "086": [
        status(
            "out-86",
            "sent",
            pricing=priced("free_entry_point", "referral_conversion", billable=False),
            conversation_origin="referral_conversion",
        )
    ],
    "088": [status("out-88", "warning")],
    "089": [status("001", "deleted")],
}
SEVERAL = {
    "100": [
        message("100a", text="for tenant one"),
        message("100b", text="for tenant two", **OF_LEE),
    ],
    "101": [message("101a", text="a"), message("101b", text="b", **OTHER_NUMBER)],
    "103": [
        message("103a", text="1"),
        message("103b", text="2", **OMARS),
        message("103c", text="3"),
    ],
    "104": [
        message("104", text="thanks"),
        status("out-104", "read"),
        status("out-104b", "delivered"),
    ],
    "105": [message("105", text="dup"), message("105", text="dup")],
    "106": [message("001", text="Hello, is the blue one in stock?")],
    "109": [message("109", text="lost?", **LOST_NUMBER)],
    "111": [],
    "113": [],
    "114": [channel("errors")],
    "115": [
        status(f"out-115-{change}-{place}", "delivered")
        for change in range(10)
        for place in range(100)
    ],
    "117": [refused("The item names no contact.")],
    "118": [refused("The body is not a WhatsApp webhook.", account_id="", channel_external_id="")],
}
ACCOUNTS = {
    "120": [channel("message_template_status_update")],
    "121": [channel("message_template_status_update")],
    "123": [channel("message_template_status_update")],
    "124": [channel("message_template_quality_update")],
    "125": [channel("template_category_update")],
    "126": [channel("template_category_update")],
    "127": [channel("message_template_components_update")],
    "128": [channel("phone_number_quality_update")],
    "130": [channel("phone_number_name_update")],
    "131": [channel("account_update")],
    "132": [channel("account_update")],
    "134": [channel("account_update")],
    "135": [channel("account_update")],
    "139": [channel("business_username_updates")],
    "140": [channel("account_alerts")],
    "141": [channel("account_review_update")],
    "142": [channel("business_capability_update")],
    "144": [channel("security")],
    "152": [channel("calls")],
    "153": [
        call(
            "wacid.Y29ycHVzMTUy",
            "Call of 1 min 0 s",
            contact_ids=(DANA_BSUID, DANA),
            sent_at=at(1_790_000_060),
        )
    ],
    "155": [channel("group_lifecycle_update")],
    "156": [channel("group_participants_update")],
    "158": [channel("payment_configuration_update")],
    "159": [channel("partner_solutions")],
    "160": [channel("flows")],
    "161": [channel("quantum_update")],
}
PEOPLE = {
    "137": [
        identity(
            contact_ids=(NEW_BSUID, DANA),
            replacements=(became(DANA_BSUID, NEW_BSUID),),
            contact_name="Dana Levi",
        )
    ],
    "138": [preference(False, contact_name="Dana Levi")],
    "145": [
        echo("145", text="On its way!", contact_ids=(DANA_BSUID, DANA), contact_name="Dana Levi")
    ],
    "148": [entry(DANA, "Dana Levi"), entry(OMAR, "")],
    "149": [
        ours("149a", "text", "Here it is", status="read", sent_at=THEN),
        theirs("149b", "media_placeholder", "", "File that is not shared yet", sent_at=THEN),
        theirs("149c", text="Thanks", contact_ids=(OMAR,), sent_at=THEN),
    ],
}
EXPECTED = {**STATUSES, **SEVERAL, **ACCOUNTS, **PEOPLE}
