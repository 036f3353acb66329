"""What becomes of a business account at Meta: bans, restrictions, its end, who may use it. Pure."""

from dataclasses import dataclass

from whatsapp.errors.meaning import NEEDS_REAUTH, RESTRICTED
from whatsapp.json_values import Json, inner, text
from whatsapp.webhooks.channel_updates.restrictions import restriction
from whatsapp.wording import in_brackets, reported


@dataclass(frozen=True, kw_only=True)
class Update:
    """`status`: what the account's status is from now on, if it is told; `details`: the object of
    the value, and its words, that belong behind the sentence.
    """

    summary: str
    severity: str = "info"
    status: str = ""
    parks: str = ""
    lifts: bool = False
    details: tuple[str, ...] = ()


def ended(summary: str, status: str, *details: str) -> Update:
    return Update(
        summary=summary, severity="critical", status=status, parks=NEEDS_REAUTH, details=details
    )


UPDATES = {
    "ACCOUNT_DELETED": ended(
        "The business account was deleted at Meta: connect another one.", "deleted"
    ),
    "ACCOUNT_OFFBOARDED": ended(
        "The account has left the platform, because its phone changed or was registered anew:"
        " connect it again.",
        "offboarded",
    ),
    "PARTNER_REMOVED": ended(
        "The business no longer shares its account with us: connect it again.",
        "not shared",
        *("disconnection_info", "reason", "initiated_by"),
    ),
    "PARTNER_APP_UNINSTALLED": ended(
        "The business has removed our app, and the token with it: connect the account again.",
        "app removed",
    ),
    "ACCOUNT_RECONNECTED": Update(
        summary=(
            "The account is back after its phone changed. Connect it again if it does not send."
        ),
        status="active",
    ),
    "ACCOUNT_VIOLATION": Update(
        summary=(
            "Meta says that the account breaks its rules: see Business Support before it is"
            " restricted."
        ),
        severity="warning",
        details=("violation_info", "violation_type"),
    ),
    "PARTNER_ADDED": Update(summary="The business shares its account with us."),
    "PARTNER_APP_INSTALLED": Update(summary="The business has given our app its permissions."),
    "PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE": Update(
        summary="The verification of the business has a new status.",
        details=("partner_client_certification_info", "status", "rejection_reasons"),
    ),
    "AUTH_INTL_PRICE_ELIGIBILITY_UPDATE": Update(
        summary="Authentication messages may have international prices now."
    ),
    "BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE": Update(
        summary="Meta has set the country of the business."
    ),
    "VOLUME_BASED_PRICING_TIER_UPDATE": Update(
        summary="The account has reached another tier of prices.",
        details=("volume_tier_info", "pricing_category", "region", "tier", "effective_month"),
    ),
    "AD_ACCOUNT_LINKED": Update(summary="An ad account was linked, for marketing messages."),
    "MM_LITE_TERMS_SIGNED": Update(
        summary="The business has accepted the terms of marketing messages."
    ),
    "VERIFIED_ACCOUNT": Update(summary="Meta has verified the account."),
}
BANS = {
    "DISABLE": Update(
        summary=(
            "Meta has disabled the business account: nothing can be sent. See Business Support."
        ),
        severity="critical",
        status="disabled",
        parks=RESTRICTED,
        details=("ban_info", "waba_ban_date"),
    ),
    "SCHEDULE_FOR_DISABLE": Update(
        summary=(
            "Meta is going to disable the business account: ask for a review at Business Support at"
            " once."
        ),
        severity="critical",
        status="to be disabled",
        details=("ban_info", "waba_ban_date"),
    ),
    "REINSTATE": Update(
        summary="Meta has reinstated the business account: its channels send again.",
        status="active",
        lifts=True,
    ),
}


def update(value: Json) -> Json:
    event = text(value.get("event"))
    if event == "ACCOUNT_RESTRICTION":
        return restriction(value)
    ban = text(inner(value, "ban_info").get("waba_ban_state"))
    known = BANS.get(ban) if event == "DISABLED_UPDATE" else UPDATES.get(event)
    if known is None:
        return {
            "summary": reported("the business account", event, ban),
            "severity": "warning" if ban else "info",
        }
    words = (
        [text(inner(value, known.details[0]).get(each)) for each in known.details[1:]]
        if known.details
        else []
    )
    return {
        "summary": f"{known.summary}{in_brackets(*words)}",
        "severity": known.severity,
        "health": {"account_status": known.status} if known.status else {},
        "parks": known.parks,
        "lifts": known.lifts,
    }
