"""What is made of Meta's answers while a business is connected: what they do not prove counts for
nothing.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.whatsapp.connecting import (
    ACME,
    APP_ID,
    BACK,
    CALLS,
    GLOBEX,
    NUMBER,
    PIN,
    TOKEN,
    VERIFY_TOKEN,
    answered,
    refused,
)
from whatsapp import business
from whatsapp.business import tokens

pytestmark = [pytest.mark.whatsapp, pytest.mark.usefixtures("acme_at_meta")]


@pytest.mark.parametrize(
    ("seconds", "days"),
    [(5_184_000, 60), (0, None), (-1, None), ("soon", None), (True, None), (10**30, None)],
)
def test_a_token_ends_when_meta_says_so(seconds, days, settings):
    content = (
        f'{{"access_token": "EAAx", "token_type": "bearer", "expires_in": {seconds!r}}}'.replace(
            "'", '"'
        )
    )
    granted = answered(settings, content.replace("True", "true"), CALLS["exchange"])
    left = granted.expires_at and granted.expires_at - datetime.now(UTC)

    assert granted.token == "EAAx"
    assert (left and round(left / timedelta(days=1), 3)) == days


def test_a_token_is_not_shown_by_what_holds_it():
    assert "expires_at=None" in repr(tokens.Granted("EAAx", None))
    assert "EAAx" not in repr(tokens.Granted("EAAx", None))


DESCRIBED = """{"data": {"app_id": "670843887433847", "type": "SYSTEM_USER",
 "application": "JaspersMarket",
 "data_access_expires_at": 1772092840, "expires_at": %s, "is_valid": true,
 "scopes": ["whatsapp_business_management", "whatsapp_business_messaging", "public_profile"],
 "user_id": "10222270944537964",
 "granular_scopes": %s}}"""
MANAGED = (
    '{"scope": "whatsapp_business_management", "target_ids": ["300000000000002",'
    ' "300000000000001"]}'
)


def inspected(settings: Any, *granular: str, ends: str = "0") -> business.Inspected:
    return answered(settings, DESCRIBED % (ends, f"[{', '.join(granular)}]"), CALLS["debug_token"])


def messaged(targets: str) -> str:
    return f'{{"scope": "whatsapp_business_messaging"{targets}}}'


def test_what_meta_says_of_a_token_is_read_whole(settings):
    assert inspected(
        settings, MANAGED, messaged(f', "target_ids": ["{ACME}"]'), ends="1767225600"
    ) == business.Inspected(
        is_valid=True,
        app_id=APP_ID,
        user_id="10222270944537964",
        expires_at=datetime(2026, 1, 1, tzinfo=UTC),
        data_access_expires_at=datetime(2026, 2, 26, 8, 0, 40, tzinfo=UTC),
        scopes=frozenset(
            {"whatsapp_business_management", "whatsapp_business_messaging", "public_profile"}
        ),
        account_ids=(GLOBEX, ACME),
        reason="",
    )


@pytest.mark.parametrize(
    ("granular", "named"),
    [
        pytest.param(
            [MANAGED, messaged(f', "target_ids": ["{ACME}"]')],
            [GLOBEX, ACME],
            id="what either permission names",
        ),
        pytest.param([messaged(f', "target_ids": [{ACME}]')], [ACME], id="ids as numbers"),
        pytest.param([MANAGED, messaged("")], [GLOBEX, ACME], id="one permission names none"),
        pytest.param([messaged(', "target_ids": "300000000000001"')], [], id="a text for the list"),
        pytest.param(
            [messaged(', "target_ids": ["../300", null, 1.5, {}]')], [], id="what is no id"
        ),
        pytest.param(
            ['{"scope": "business_management", "target_ids": ["300000000000001"]}'],
            [],
            id="of another permission",
        ),
        pytest.param(
            ['{"scope": "whatsapp_business_management"}', messaged("")],
            [],
            id="no account is named",
        ),
        pytest.param([], [], id="nothing"),
    ],
)
def test_a_token_names_accounts_to_look_at_and_decides_nothing(granular, named, settings):
    assert list(inspected(settings, *granular).account_ids) == named


def test_a_permission_counts_wherever_meta_lists_it(settings):
    only_granular = (
        '{"data": {"is_valid": true, "granular_scopes": [{"scope": "whatsapp_business_messaging"},'
        ' {"scope": 7}]}}'
    )

    assert answered(settings, only_granular, CALLS["debug_token"]).scopes == {
        "whatsapp_business_messaging"
    }
    assert (
        answered(
            settings, '{"data": {"is_valid": true, "scopes": "x"}}', CALLS["debug_token"]
        ).scopes
        == set()
    )


@pytest.mark.parametrize(
    ("ends", "expected"), [("0", None), ('"0"', None), ("null", None), ('"1767225600"', 2026)]
)
def test_a_token_without_an_end_never_ends(ends, expected, settings):
    end = inspected(settings, MANAGED, ends=ends).expires_at

    assert (end and end.year) == expected


@pytest.mark.parametrize("ends", ['"soon"', "-1", "1", "[]", "{}", "true", "1e400"])
def test_an_end_that_cannot_be_read_is_not_taken_for_none(ends, settings):
    error = refused(lambda: inspected(settings, MANAGED, ends=ends))

    assert (str(error), error.then) == ("WhatsApp's answer does not describe the token.", "unknown")


def test_a_token_that_is_dead_says_why(graph):
    token = business.exchange(graph.business.give_code()).token
    assert (business.inspect(token).is_valid, business.inspect(token).reason) == (True, "")
    graph.business.revoke(token)

    dead = business.inspect(token)
    told = "Error validating access token [token]: it has expired or was revoked"
    assert (dead.is_valid, dead.reason) == (False, f"Meta says that the token is not valid: {told}")


def test_a_token_that_is_dead_without_a_reason_is_said_to_be(settings):
    content = (DESCRIBED % (0, f"[{MANAGED}]")).replace("true", "false")

    assert (
        answered(settings, content, CALLS["debug_token"]).reason
        == "Meta says that the token is not valid: it gives no reason."
    )


def test_an_account_and_its_numbers_are_read_as_meta_has_them(graph):
    fresh = business.Number(
        id=NUMBER,
        display_phone_number="+46 70 000 00 01",
        verified_name="Acme",
        status="PENDING",
        platform_type="NOT_APPLICABLE",
        code_verification_status="VERIFIED",
        quality_rating="UNKNOWN",
        throughput="NOT_APPLICABLE",
        limit=None,
    )
    assert business.business_account(ACME, token=TOKEN) == business.Account(ACME, "Acme Ltd")
    assert business.numbers(ACME, token=TOKEN) == [fresh]
    assert business.number(NUMBER, token=TOKEN) == fresh
    assert business.number_with_limit(NUMBER, token=TOKEN) == replace(fresh, limit="TIER_250")


def test_a_graph_that_does_not_know_the_limit_shows_the_number_without_it(graph):
    graph.onboarding_script["number"].append({"code": 100})

    assert business.number_with_limit(NUMBER, token=TOKEN) == business.number(NUMBER, token=TOKEN)


@pytest.mark.parametrize(
    ("count", "afters"),
    [(0, [None]), (100, [None]), (101, [None, "100"]), (250, [None, "100", "200"])],
)
def test_all_numbers_come_page_after_page(count, afters, graph):
    every = [str(500 + number) for number in range(count)]
    graph.business.open_account(GLOBEX, *({"id": each} for each in every))

    assert [number.id for number in business.numbers(GLOBEX, token=TOKEN)] == every
    assert [asked.query.get("after") for asked in graph.asked] == afters


def test_a_number_of_which_meta_says_little_is_read_all_the_same(settings):
    content = (
        '{"data": [{"id": 400, "verified_name": null, "throughput": "HIGH"}, {"verified_name": "No'
        ' id"}, {"id": "../me"}]}'
    )
    blank = {**dict.fromkeys(business.Number.__dataclass_fields__, ""), "limit": None}

    assert answered(settings, content, CALLS["phone_numbers"]) == [
        business.Number(**{**blank, "id": "400"})
    ]


def test_subscriptions_are_told_with_their_callback(graph):
    assert business.subscriptions(ACME, token=TOKEN) == []
    business.subscribe(ACME, token=TOKEN, callback=BACK, verify_token=VERIFY_TOKEN)
    assert business.subscriptions(ACME, token=TOKEN) == [business.Subscription(APP_ID, BACK)]
    business.subscribe(ACME, token=TOKEN)
    assert business.subscriptions(ACME, token=TOKEN) == [business.Subscription(APP_ID, "")]
    business.unsubscribe(ACME, token=TOKEN)
    assert business.subscriptions(ACME, token=TOKEN) == []


def test_a_number_is_registered_under_its_first_pin_alone(graph):
    business.register(NUMBER, token=TOKEN, pin=PIN)
    business.register(NUMBER, token=TOKEN, pin=PIN)
    assert business.number(NUMBER, token=TOKEN).status == "CONNECTED"

    assert refused(lambda: business.register(NUMBER, token=TOKEN, pin="271828")).code == "133005"
    business.deregister(NUMBER, token=TOKEN)
    assert business.number(NUMBER, token=TOKEN).status == "DISCONNECTED"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("exchange", "{}", "WhatsApp's answer holds no token: connect again."),
        ("exchange", '{"access_token": "a b"}', "WhatsApp's answer holds no token: connect again."),
        ("exchange", '{"access_token": 1}', "WhatsApp's answer holds no token: connect again."),
        ("debug_token", "{}", "WhatsApp's answer does not describe the token."),
        (
            "debug_token",
            '{"data": {"is_valid": 1}}',
            "WhatsApp's answer does not describe the token.",
        ),
        ("account", f'{{"id": "{GLOBEX}"}}', "WhatsApp's answer is not about what was asked for."),
        ("number", '{"id": null}', "WhatsApp's answer is not about what was asked for."),
        ("phone_numbers", '{"data": {}}', "WhatsApp's answer is not a list of phone numbers."),
        ("subscriptions", '{"data": [1]}', "WhatsApp's answer is not a list of subscribed apps."),
        ("subscribe", "{}", "WhatsApp's answer does not confirm the subscription."),
        (
            "unsubscribe",
            '{"success": "true"}',
            "WhatsApp's answer does not confirm the end of the subscription.",
        ),
        ("register", '{"success": false}', "WhatsApp's answer does not confirm the registration."),
        (
            "deregister",
            '{"success": 1}',
            "WhatsApp's answer does not confirm the end of the registration.",
        ),
    ],
)
def test_an_answer_that_is_not_what_was_asked_for_is_unknown(name, content, sentence, settings):
    error = refused(lambda: answered(settings, content, CALLS[name]))

    assert (str(error), error.then, error.http_status) == (sentence, "unknown", 200)
