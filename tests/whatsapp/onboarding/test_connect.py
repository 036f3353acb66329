"""A business is connected: each step proven with the token, recorded, and the number answers at the
end.
"""

import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from channels_app.models import Channel
from tenants.scope import operator_scope
from tests.support.back_office import sign_in as sign_in_as_staff
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, REPLY, thread_of
from tests.support.whatsapp.connect_page import PAGE, csrf, steps
from whatsapp.models import Signup
from whatsapp.onboarding.steps import TITLES

pytestmark = [pytest.mark.whatsapp, pytest.mark.usefixtures("all_told")]

ALL_DONE = [(name, "done") for name in TITLES]


def channel() -> Channel:
    with operator_scope():
        return Channel.objects.get()


def signup() -> Signup:
    with operator_scope():
        return Signup.objects.latest("created_at")


def test_a_number_that_is_connected_by_metas_script_receives_and_answers(
    web, acme, ada, account, finish, jobs, write, work, graph
):
    answer = finish()
    jobs()

    assert (answer.status_code, steps(ada, web, answer)) == (200, ALL_DONE)
    connected = channel()
    assert (
        connected.status,
        connected.external_id,
        connected.account_id,
        connected.phone_number,
        connected.name,
    ) == ("live", ACME_NUMBER, ACME_ACCOUNT, "46700000000", "Stand-in")
    assert (account.callback, account.numbers[ACME_NUMBER]["status"]) == ("", "CONNECTED")
    write("Hello")
    work()
    assert thread_of(acme) == [("inbound", "Hello", "received"), ("outbound", REPLY, "accepted")]
    assert graph.ledger[0]["token"] == connected.secrets()["access_token"]


def test_a_number_that_is_connected_on_metas_own_page_is_the_same(web, ada, account, meta, jobs):
    dialog = ada.post(
        f"{web}{PAGE}begin/", data=csrf(ada, web), headers={"Referer": f"{web}{PAGE}"}, timeout=10
    )
    asked = {name: values[0] for name, values in parse_qs(urlsplit(dialog.url).query).items()}
    granted = ada.get(
        dialog.url.replace("/v25.0/dialog/oauth?", "/dialog/answer?choice=continue&"), timeout=10
    )
    jobs()

    assert (asked["response_type"], asked["config_id"], asked["redirect_uri"]) == (
        "code",
        "800000000000001",
        f"{web}{PAGE}callback",
    )
    assert (steps(ada, web, granted), channel().status) == (ALL_DONE, "live")


def test_token_and_pin_are_sealed_and_the_attempt_keeps_neither(
    ada, account, meta, finish, jobs, db_rows
):
    finish()
    jobs()
    secrets = channel().secrets()
    everything = str(
        db_rows.execute("SELECT to_jsonb(s) FROM messaging.whatsapp_signups s").fetchall()
    )
    everything += str(db_rows.execute("SELECT to_jsonb(c) FROM messaging.channels c").fetchall())
    everything += str(
        db_rows.execute("SELECT to_jsonb(j) FROM jobs.procrastinate_jobs j").fetchall()
    )

    assert secrets["pin"] == meta.pins[ACME_NUMBER]
    assert [
        each in everything for each in (secrets["access_token"], secrets["pin"], *meta.codes)
    ] == [False] * 3
    assert signup().credentials == ""


FAULTS = [
    pytest.param("exchange", {"code": 100}, "exchange", id="the code is not taken"),
    pytest.param(
        "debug_token", {"http": 502}, "token", id="Meta does not say what the token may do"
    ),
    pytest.param(
        "phone_numbers", {"code": 190, "http": 401}, "numbers", id="the account is not shown"
    ),
    pytest.param("subscribe", {"code": 200}, "subscribe", id="the app is not subscribed"),
    pytest.param("subscriptions", {"http": 502}, "subscribe", id="the subscription cannot be seen"),
    pytest.param("register", {"code": 133005}, "register", id="the number has another PIN"),
    pytest.param("number", {"code": 4}, "live", id="the number cannot be seen in the end"),
]


@pytest.mark.parametrize(("call", "fault", "step"), FAULTS)
def test_a_step_that_fails_says_so_and_the_next_press_goes_on_from_there(
    web, ada, account, finish, graph, jobs, call, fault, step
):
    graph.onboarding_script[call].append(fault)
    answer = finish()
    jobs()
    names = list(TITLES)
    failed = steps(ada, web, answer)
    assert failed == [
        (
            name,
            (
                "done"
                if names.index(name) < names.index(step)
                else "failed"
                if name == step
                else "pending"
            ),
        )
        for name in names
    ]
    assert signup().steps[step]["said"] != ""
    with operator_scope():
        assert [each.status for each in Channel.objects.all()] in ([], ["pending"])

    if step == "exchange":  # a code is good for one exchange: Connect again
        answer = finish()
    else:
        form = csrf(ada, web)
        ada.post(
            f"{web}{PAGE}{signup().id}/again/",
            data=form,
            headers={"Referer": f"{web}{PAGE}"},
            timeout=10,
        )
    jobs()
    assert (steps(ada, web, answer), channel().status) == (ALL_DONE, "live")


def test_a_business_without_a_number_adds_one_and_goes_on(web, ada, meta, finish, jobs):
    owned = meta.open_account(ACME_ACCOUNT)
    meta.event = "FINISH_ONLY_WABA"
    answer = finish(event="FINISH_ONLY_WABA")
    jobs()
    assert (
        signup().steps["numbers"]["said"]
        == "The account has no number yet. Add one in WhatsApp Manager, then press Continue."
    )

    meta.open_account(ACME_ACCOUNT, {"id": ACME_NUMBER})
    ada.post(
        f"{web}{PAGE}{signup().id}/again/",
        data=csrf(ada, web),
        headers={"Referer": f"{web}{PAGE}"},
        timeout=10,
    )
    jobs()
    assert (steps(ada, web, answer), owned.id) == (ALL_DONE, ACME_ACCOUNT)


def test_a_number_that_stays_in_the_phone_app_is_not_registered_and_sends_more_slowly(
    web, ada, meta, finish, jobs
):
    meta.open_account(
        ACME_ACCOUNT, {"id": ACME_NUMBER, "status": "CONNECTED", "platform_type": "ON_PREMISE"}
    )
    answer = finish(event="FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING")
    jobs()

    assert (steps(ada, web, answer), meta.pins, channel().messages_per_second) == (ALL_DONE, {}, 20)


def test_connecting_again_replaces_the_token_of_the_same_channel_and_keeps_its_pin(
    ada, account, meta, finish, jobs
):
    finish()
    jobs()
    before = channel()
    meta.revoke(before.secrets()["access_token"])
    with operator_scope():
        Channel.objects.update(status="needs_reauth", status_reason="The token is dead.")
    finish()
    jobs()

    after = channel()
    assert (after.id, after.status, after.status_reason) == (before.id, "live", "")
    assert after.secrets()["access_token"] != before.secrets()["access_token"]
    assert after.secrets()["pin"] == before.secrets()["pin"] == meta.pins[ACME_NUMBER]
    assert after.token_expires_at is not None


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        pytest.param(
            {"waba_id": "399999999999999"},
            "The account that was chosen was not shared with us.",
            id="account",
        ),
        pytest.param(
            {"phone_number_id": "499999999999999"},
            "The number is not of an account that was shared with us.",
            id="number",
        ),
    ],
)
def test_what_the_browser_names_and_the_token_does_not_reach_is_refused(
    ada, account, meta, finish, jobs, data, sentence
):
    finish(data=meta.told() | data)
    jobs()

    (failed,) = [each["said"] for each in signup().steps.values() if each["failed"]]
    assert failed.startswith(sentence)
    with operator_scope():
        assert Channel.objects.count() == 0
    assert account.callback is None


def test_a_token_that_lacks_a_permission_is_refused_and_says_which(
    ada, account, meta, finish, jobs
):
    meta.scopes = ["whatsapp_business_management"]
    finish()
    jobs()

    assert (
        signup().steps["token"]["said"]
        == "The permission to send and receive messages is missing. Press Connect again, and leave"
        " every box ticked."
    )


def test_platform_staff_see_how_far_an_attempt_came(web, ada, account, finish, graph, jobs):
    graph.onboarding_script["subscribe"].append({"code": 200})
    finish()
    jobs()
    staff = sign_in_as_staff(web, is_staff=True, is_superuser=True)
    page = staff.get(f"{web}/admin/whatsapp/signup/{signup().id}/change/", timeout=10).text

    shown = re.findall(r'<th scope="row">(.*?)</th><td[^>]*>(.*?)</td>', page)
    assert shown == [(html.escape(TITLES[name]), "done") for name in list(TITLES)[:5]] + [
        (html.escape(TITLES["subscribe"]), "failed"),
        (html.escape(TITLES["register"]), "pending"),
        (html.escape(TITLES["live"]), "pending"),
    ]
