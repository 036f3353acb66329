"""What a business account may no longer do, as Meta tells it. Pure."""

from whatsapp.errors.meaning import RESTRICTED
from whatsapp.json_values import Json, moment, objects, text

# Restrictions that leave answers to people possible. Any other, and any that Meta invents later,
# may stop them.
PARTIAL = {
    "RESTRICTED_ADD_PHONE_NUMBER_ACTION": "it may add no numbers",
    "RESTRICTED_BIZ_INITIATED_MESSAGING": (
        "it may only write to people who wrote in the last 24 hours"
    ),
    "RESTRICTED_UTILITY_TEMPLATES": "it may make no utility templates",
    "RESTRICTED_DIRECT_SEND_UTILITY_TEMPLATES": "it may send no utility templates directly",
    "RESTRICTED_BUSINESS_INITIATED_CALLING": "it may call nobody",
    "RESTRICTED_USER_INITIATED_CALLING": "nobody may call it",
    "RESTRICTED_BIZ_INITIATED_AND_USER_INITIATED_CALLING": "it can neither call nor be called",
    "RESTRICTED_USER_INITIATED_CALLING_CALL_BUTTON_HIDDEN": "people see no button to call it",
}
WHOLE = {"RESTRICTED_CUSTOMER_INITIATED_MESSAGING": "it may not even answer people"}


def restriction(value: Json) -> Json:
    told = objects(value, "restriction_info")
    kinds = [text(each.get("restriction_type")) for each in told]
    stops = any(kind not in PARTIAL for kind in kinds)
    words = [in_words(each) for each in told]
    then = " Connect it again when that is over." if stops else ""
    return {
        "summary": (
            "Meta has restricted the business"
            f" account{': ' if words else ''}{', '.join(words)}.{then}"
        ),
        "severity": "critical" if stops else "warning",
        "health": {"account_status": "restricted" if stops else "restricted in part"},
        "parks": RESTRICTED if stops else "",
    }


def in_words(told: Json) -> str:
    """What is restricted, and until when."""
    kind = text(told.get("restriction_type"))
    known = {**PARTIAL, **WHOLE}
    return f"{known.get(kind) or kind or 'a restriction without a name'}{until(told)}"


def until(told: Json) -> str:
    end = moment(told.get("expiration"))
    return f" until {end:%Y-%m-%d %H:%M} UTC" if end else ""
