"""What Meta tells of accounts, numbers and templates: as recorded, in variants, and anything that
could be sent.
"""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from channels_app.events import ChannelUpdate, Rejected, TemplateChange
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, GLOBEX_ACCOUNT
from tests.support.whatsapp import corpus
from tests.whatsapp.webhooks.any_json import JSON, KEYS, TRIES
from whatsapp.webhooks.channel_updates.reader import KEPT, READERS, updates_in
from whatsapp.webhooks.parser import parse

pytestmark = pytest.mark.whatsapp

AT = datetime.fromtimestamp(1_790_000_000, UTC)
NUMBER, PORTFOLIO = "15550100001", "800000000000001"


def template(number: int, name: str, language: str, **values: Any) -> TemplateChange:
    return TemplateChange(
        external_id=f"700000000000{number}", name=name, language=language, values=values
    )


def told(summary: str, **more: Any) -> dict[str, Any]:
    return {"summary": summary, **more}


ORDER_READY = "The template order_ready (en_US)"
RECORDED = {
    "120": told(
        f"{ORDER_READY} was approved: it can be sent.",
        template=template(
            120, "order_ready", "en_US", status="approved", rejected_reason="", category="utility"
        ),
    ),
    "121": told(
        "The template promo_x (he) was rejected: edit it and have it reviewed again. Reason:"
        " INVALID_FORMAT. Placeholders touch each other. Put words between them.",
        severity="warning",
        template=template(
            121,
            "promo_x",
            "he",
            status="rejected",
            rejected_reason="INVALID_FORMAT",
            category="marketing",
        ),
    ),
    "123": told(
        "The template promo_z (en) was disabled for its quality: make a new one.",
        severity="warning",
        template=template(
            123, "promo_z", "en", status="disabled", rejected_reason="", category="marketing"
        ),
    ),
    "124": told(
        "The quality of the template order_ready (en_US) is now yellow (it was green).",
        severity="warning",
        template=template(120, "order_ready", "en_US", quality="yellow"),
    ),
    "125": told(
        "The category of the template order_ready (en_US) is now marketing (it was utility): its"
        " price is another.",
        severity="warning",
        template=template(120, "order_ready", "en_US", category="marketing"),
    ),
    "126": told(
        "The category of the template order_ready (en_US) becomes marketing within a day: its price"
        " changes with it.",
        severity="warning",
    ),
    "127": told(
        "The text of the template order_ready (en_US) was changed.",
        template=template(
            120,
            "order_ready",
            "en_US",
            components=[
                {"type": "BODY", "text": "Order {{1}} is ready."},
                {"type": "FOOTER", "text": "Shop"},
                {
                    "type": "BUTTONS",
                    "buttons": [{"type": "URL", "text": "Track", "url": "https://shop.example/t"}],
                },
            ],
        ),
    ),
    "128": told(
        "The number may send faster now. People it may write to in a day: unlimited.",
        number=NUMBER,
        health={"throughput": "high", "limit": "unlimited"},
    ),
    "130": told(
        "The display name Shop One was approved.",
        number=NUMBER,
        health={"name_status": "approved", "name": "Shop One"},
    ),
    "131": told("The business shares its account with us.", account_id=GLOBEX_ACCOUNT),
    "132": told(
        "Meta is going to disable the business account: ask for a review at Business Support at"
        " once. (November 30, 2026)",
        severity="critical",
        health={"account_status": "to be disabled"},
    ),
    "134": told(
        "The business has removed our app, and the token with it: connect the account again.",
        severity="critical",
        health={"account_status": "app removed"},
        parks="needs_reauth",
    ),
    "135": told(
        "Meta says that the account breaks its rules: see Business Support before it is restricted."
        " (ADULT)",
        severity="warning",
    ),
    "139": told(
        "The username shop.one is the number's now.", number=NUMBER, health={"username": "shop.one"}
    ),
    "140": told(
        "Meta alerts: Limits cannot be increased. (INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED,"
        " ACTIVE)",
        severity="warning",
    ),
    "141": told("Meta has reviewed the business account: approved.", health={"review": "approved"}),
    "142": told(
        "Meta has set what the business may do. People it may write to in a day: 2,000. Numbers it"
        " may have: 25.",
        health={"limit": "2,000"},
    ),
    "144": told("The number's PIN was changed.", number=NUMBER),
    "155": told("", channel_external_id=ACME_NUMBER, occurred_at=None),
    "156": told("", channel_external_id=ACME_NUMBER, occurred_at=None),
    "158": told("Meta reports of the payment configuration: cfg, razorpay, Needs Testing."),
    "159": told(
        "Meta reports of the partner solution: 900000000000159, SOLUTION_UPDATED, ACTIVE.",
        account_id=PORTFOLIO,
    ),
    "160": told(
        "Meta reports of the Flow: 900000000000160, FLOW_STATUS_CHANGE, DRAFT, PUBLISHED, Flow"
        " changed."
    ),
    "161": told("Meta reports: quantum_update."),
}
OF_PEOPLE = {
    "137",
    "138",
    "145",
    "148",
    "149",
    "152",
    "153",
}  # fields about people, which are somebody else's


def content_of(name: str) -> dict[str, Any]:
    """The only change of a recorded webhook."""
    return json.loads(corpus.read(name))["entry"][0]["changes"][0]


@pytest.mark.parametrize("name", RECORDED)
def test_a_recorded_webhook_says(name):
    change = content_of(name)
    common = {
        "kind": change["field"],
        "account_id": ACME_ACCOUNT,
        "occurred_at": AT,
        "raw": change["value"],
    }

    assert list(parse(corpus.read(name))) == [ChannelUpdate(**{**common, **RECORDED[name]})]


def test_every_recorded_webhook_about_accounts_is_in_the_table():
    numbers = {case["file"][:3] for case in corpus.CASES if "120" <= case["file"][:3] <= "161"}

    assert numbers - OF_PEOPLE == set(RECORDED)


def test_an_error_of_a_number_is_critical_and_parks_what_cannot_send():
    body = json.loads(corpus.read("114"))
    body["entry"][0]["changes"][0]["value"]["errors"] += [
        {"code": 131031, "title": "Account has been locked"},
        {"code": "x"},
    ]
    events = list(parse(json.dumps(body).encode()))

    assert [
        (each.kind, each.account_id, each.channel_external_id, each.severity) for each in events
    ] == [("errors", ACME_ACCOUNT, ACME_NUMBER, "critical")] * 3
    assert [(each.summary, each.parks) for each in events] == [
        (
            (
                "Meta asks to send more slowly; it is tried again. (Graph error 130429: Rate limit"
                " hit)"
            ),
            "",
        ),
        (
            (
                "Meta has restricted or disabled the business account: see Business Support, then"
                " reconnect. (Graph error 131031: Account has been locked)"
            ),
            "restricted",
        ),
        (
            (
                "Meta refused the message with a code of its own: look it up in Meta's list of"
                " error codes. (Graph error x)"
            ),
            "",
        ),
    ]


def read(field: str, **value: Any) -> ChannelUpdate:
    (event,) = updates_in(field, value, ACME_ACCOUNT, 1_790_000_000)
    assert isinstance(event, ChannelUpdate)
    return event


UPDATES = [
    ("ACCOUNT_DELETED", {}, "critical", "deleted", "needs_reauth"),
    ("ACCOUNT_OFFBOARDED", {}, "critical", "offboarded", "needs_reauth"),
    ("PARTNER_REMOVED", {}, "critical", "not shared", "needs_reauth"),
    ("PARTNER_APP_UNINSTALLED", {}, "critical", "app removed", "needs_reauth"),
    ("ACCOUNT_RECONNECTED", {}, "info", "active", ""),
    ("ACCOUNT_VIOLATION", {"violation_info": {"violation_type": "SCAM"}}, "warning", None, ""),
    *[
        (event, {}, "info", None, "")
        for event in (
            "PARTNER_ADDED",
            "PARTNER_APP_INSTALLED",
            "PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE",
            "AUTH_INTL_PRICE_ELIGIBILITY_UPDATE",
            "BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE",
            "VOLUME_BASED_PRICING_TIER_UPDATE",
            "AD_ACCOUNT_LINKED",
            "MM_LITE_TERMS_SIGNED",
            "VERIFIED_ACCOUNT",
            "SOMETHING_OF_TOMORROW",
        )
    ],
    (
        "DISABLED_UPDATE",
        {"ban_info": {"waba_ban_state": "DISABLE"}},
        "critical",
        "disabled",
        "restricted",
    ),
    (
        "DISABLED_UPDATE",
        {"ban_info": {"waba_ban_state": "SCHEDULE_FOR_DISABLE"}},
        "critical",
        "to be disabled",
        "",
    ),
    ("DISABLED_UPDATE", {"ban_info": {"waba_ban_state": "REINSTATE"}}, "info", "active", ""),
    ("DISABLED_UPDATE", {"ban_info": {"waba_ban_state": "QUANTUM"}}, "warning", None, ""),
    ("DISABLED_UPDATE", {"ban_info": ["DISABLE"]}, "info", None, ""),
    *[
        (
            "ACCOUNT_RESTRICTION",
            {"restriction_info": [{"restriction_type": kind}]},
            severity,
            status,
            parks,
        )
        for kind, severity, status, parks in (
            ("RESTRICTED_BIZ_INITIATED_MESSAGING", "warning", "restricted in part", ""),
            ("RESTRICTED_ADD_PHONE_NUMBER_ACTION", "warning", "restricted in part", ""),
            ("RESTRICTED_USER_INITIATED_CALLING", "warning", "restricted in part", ""),
            ("RESTRICTED_CUSTOMER_INITIATED_MESSAGING", "critical", "restricted", "restricted"),
            ("RESTRICTED_TOMORROW", "critical", "restricted", "restricted"),
        )
    ],
    ("ACCOUNT_RESTRICTION", {}, "warning", "restricted in part", ""),
]


@pytest.mark.parametrize(
    ("event", "more", "severity", "status", "parks"), UPDATES, ids=lambda each: str(each)[:60]
)
def test_what_happens_to_an_account(event, more, severity, status, parks):
    found = read("account_update", event=event, **more)

    assert (found.severity, found.health, found.parks) == (
        severity,
        {"account_status": status} if status else {},
        parks,
    )
    assert found.lifts == ("REINSTATE" in str(more))
    assert found.summary.endswith((".", ")"))


def test_only_customer_initiated_or_unknown_restrictions_stop_a_channel_and_their_end_is_told():
    kinds = (
        "RESTRICTED_BIZ_INITIATED_MESSAGING",
        "RESTRICTED_CUSTOMER_INITIATED_MESSAGING",
        "RESTRICTED_TOMORROW",
    )
    told = [{"restriction_type": kind, "expiration": 1_790_000_000} for kind in kinds]

    assert (
        read("account_update", event="ACCOUNT_RESTRICTION", restriction_info=told).summary
        == "Meta has restricted the business account: it may only write to people who wrote in the"
        " last 24 hours until 2026-09-21 14:13 UTC, it may not even answer people until"
        " 2026-09-21 14:13 UTC, RESTRICTED_TOMORROW until 2026-09-21 14:13 UTC. Connect it again"
        " when that is over."
    )


def test_why_an_account_was_taken_back_is_told():
    info = {"reason": "PRIMARY_INACTIVITY", "initiated_by": "SYSTEM"}

    assert (
        read("account_update", event="PARTNER_REMOVED", disconnection_info=info).summary
        == "The business no longer shares its account with us: connect it again."
        " (PRIMARY_INACTIVITY, SYSTEM)"
    )


STATUSES = [
    ("APPROVED", "approved", "info"),
    ("REINSTATED", "approved", "info"),
    ("UNARCHIVED", "approved", "info"),
    ("PENDING", "pending", "info"),
    ("IN_APPEAL", "in_appeal", "info"),
    ("PAUSED", "paused", "warning"),
    ("FLAGGED", "flagged", "warning"),
    ("DISABLED", "disabled", "warning"),
    ("LOCKED", "locked", "warning"),
    ("LIMIT_EXCEEDED", "limit_exceeded", "warning"),
    ("ARCHIVED", "archived", "warning"),
    ("PENDING_DELETION", "pending_deletion", "info"),
    ("DELETED", "deleted", "info"),
    ("QUANTUM", "QUANTUM", "info"),
]
PROMO = {
    "message_template_id": "77",
    "message_template_name": "promo",
    "message_template_language": "en",
}


@pytest.mark.parametrize(("event", "status", "severity"), STATUSES)
def test_each_status_of_a_template_is_one_of_ours(event, status, severity):
    found = read("message_template_status_update", event=event, **PROMO)

    assert found.template == TemplateChange(
        external_id="77",
        name="promo",
        language="en",
        values={"status": status, "rejected_reason": ""},
    )
    assert found.severity == severity


VARIANTS = [
    pytest.param(
        "message_template_status_update",
        {
            "event": "PAUSED",
            "other_info": {"title": "FIRST_PAUSE", "description": "For 3 hours."},
            **PROMO,
        },
        "The template promo (en) is paused for its quality: it cannot be sent until the pause ends."
        " For 3 hours.",
        id="why a template is paused",
    ),
    pytest.param(
        "message_template_status_update",
        {},
        "The template without a name was changed.",
        id="an empty template",
    ),
    pytest.param(
        "message_template_quality_update",
        PROMO,
        "The quality of the template promo (en) was changed.",
        id="none",
    ),
    pytest.param(
        "message_template_quality_update",
        {"new_quality_score": "PURPLE", **PROMO},
        "The quality of the template promo (en) is now PURPLE.",
        id="tomorrow's score",
    ),
    pytest.param(
        "template_category_update",
        PROMO,
        "The category of the template promo (en) was changed.",
        id="no category",
    ),
    pytest.param(
        "phone_number_quality_update",
        {"event": "FLAGGED", "current_limit": "TIER_1K", "old_limit": "TIER_10K"},
        "The number's quality is low: people block or report its messages. "
        "People it may write to in a day: 1,000 (before: 10,000).",
        id="limits of older webhooks",
    ),
    pytest.param(
        "phone_number_quality_update",
        {"event": "QUANTUM", "max_daily_conversations_per_business": "TIER_5M"},
        "Meta reports of the number's quality: QUANTUM. People it may write to in a day: TIER_5M.",
        id="a quality and a tier of tomorrow",
    ),
    pytest.param(
        "phone_number_name_update",
        {
            "decision": "REJECTED",
            "requested_verified_name": "Shop",
            "rejection_reason": "NAME_TOO_SHORT",
        },
        "The display name Shop was rejected: choose another. Reason: NAME_TOO_SHORT.",
        id="a name that was rejected",
    ),
    pytest.param(
        "phone_number_name_update",
        {"decision": "QUANTUM", "requested_verified_name": "Shop"},
        "Meta reports of the number's display name Shop: QUANTUM.",
        id="a decision of tomorrow",
    ),
    pytest.param(
        "business_capability_update",
        {"max_daily_conversations_per_business": 250, "max_phone_numbers_per_business": 2},
        "Meta has set what the business may do. People it may write to in a day: 250. Numbers it"
        " may have: 2.",
        id="a limit that is a number",
    ),
    pytest.param(
        "business_capability_update",
        {},
        "Meta has set what the business may do.",
        id="no capabilities",
    ),
    pytest.param(
        "business_username_updates",
        {"username": "shop", "status": "reserved"},
        "The username shop is reserved for the number.",
        id="a username that is reserved",
    ),
    pytest.param(
        "business_username_updates",
        {"status": "deleted"},
        "The number has no username any more.",
        id="no username",
    ),
    pytest.param(
        "security",
        {"event": "QUANTUM"},
        "Meta reports of the number's security: QUANTUM.",
        id="of tomorrow",
    ),
    pytest.param(
        "account_alerts",
        {"alert_type": "OBA_REJECTED", "alert_severity": "CRITICAL", "alert_status": "ACTIVE"},
        "Meta alerts: OBA_REJECTED (OBA_REJECTED, ACTIVE)",
        id="an alert of the flat kind",
    ),
    pytest.param("account_alerts", {}, "Meta alerts: without a description.", id="an empty alert"),
    pytest.param(
        "account_review_update",
        {"decision": 7},
        "Meta has reviewed the business account.",
        id="no decision",
    ),
    pytest.param(
        "account_settings_update",
        {},
        "Meta reports a change of the account's settings.",
        id="settings",
    ),
    pytest.param(
        "flows", {"flow_id": 160}, "Meta reports of the Flow: 160.", id="an id that is a number"
    ),
]


@pytest.mark.parametrize(("field", "value", "summary"), VARIANTS)
def test_an_operator_reads(field, value, summary):
    assert read(field, **value).summary == summary


HEALTH = [
    ("phone_number_quality_update", {"event": "FLAGGED"}, {"quality": "flagged"}),
    ("phone_number_quality_update", {"event": "UNFLAGGED"}, {"quality": "not flagged"}),
    ("phone_number_quality_update", {"current_limit": "TIER_50"}, {"limit": "50"}),
    (
        "phone_number_name_update",
        {"decision": "DECLINED", "requested_verified_name": "S"},
        {"name_status": "rejected"},
    ),
    (
        "business_username_updates",
        {"status": "reserved", "username": "shop"},
        {"username": "shop (reserved)"},
    ),
    ("business_username_updates", {"status": "deleted"}, {"username": ""}),
    ("business_username_updates", {"status": "quantum", "username": "shop"}, {}),
    (
        "business_capability_update",
        {"max_daily_conversations_per_business": -1},
        {"limit": "unlimited"},
    ),
    ("account_review_update", {"decision": "REJECTED"}, {"review": "rejected"}),
    ("account_review_update", {"decision": "QUANTUM"}, {"review": "QUANTUM"}),
]


@pytest.mark.parametrize(("field", "value", "health"), HEALTH)
def test_of_the_channels_health_is_now_so(field, value, health):
    assert read(field, **value).health == health


def test_an_alert_about_a_number_is_its_channels():
    event = read(
        "account_alerts",
        entity_type="PHONE_NUMBER",
        entity_id=int(ACME_NUMBER),
        alert_info={"alert_type": "X"},
    )

    assert event.channel_external_id == ACME_NUMBER


def test_a_header_that_is_a_text_is_one_of_the_components():
    event = read("message_template_components_update", message_template_title="Hi", **PROMO)

    assert event.template.values == {
        "components": [{"type": "HEADER", "text": "Hi", "format": "TEXT"}]
    }


def test_a_template_that_cannot_be_told_apart_is_told_of_and_not_changed():
    event = read("message_template_status_update", event="APPROVED", message_template_name="promo")

    assert (event.summary, event.template) == (
        "The template promo was approved: it can be sent.",
        None,
    )


def test_a_number_is_read_however_it_is_written():
    assert read("security", display_phone_number="+1 (555) 010-0001").number == NUMBER
    assert read("security", display_phone_number=15550100001).number == NUMBER


def test_a_time_and_an_account_that_are_texts_or_numbers_are_read():
    (first,) = updates_in("security", {}, int(ACME_ACCOUNT), "1790000000")
    (second,) = updates_in("security", {"timestamp": "1790000000"}, ACME_ACCOUNT, None)

    assert (first.account_id, first.occurred_at, second.occurred_at) == (ACME_ACCOUNT, AT, AT)


VALUES = st.dictionaries(
    KEYS | st.sampled_from(["event", "decision", "status", "ban_info", "restriction_info"]), JSON
)
FIELDS = st.sampled_from([*READERS, *KEPT, "group_of_tomorrow", "tomorrow", ""]) | st.text(
    max_size=70
)


@TRIES
@given(FIELDS, VALUES, JSON, JSON)
@example("account_update", {"event": ["DISABLED_UPDATE"], "waba_info": "x"}, {}, [])
@example(
    "account_update",
    {"event": "ACCOUNT_RESTRICTION", "restriction_info": [{"restriction_type": {}}, 1]},
    1,
    10**30,
)
@example(
    "message_template_status_update",
    {"event": "APPROVED", **PROMO, "message_template_name": "\x00"},
    "",
    0,
)
@example(
    "message_template_components_update",
    {"message_template_buttons": [[], {"a": {}}], **PROMO},
    "",
    0,
)
def test_no_value_of_any_field_makes_the_reader_fail(field, value, account, at):
    (event,) = updates_in(field, value, account, at)

    is_storable = "Infinity" not in json.dumps(value) and "NaN" not in json.dumps(value)
    assert isinstance(event, ChannelUpdate if is_storable else ChannelUpdate | Rejected)
    assert event.raw is not None
