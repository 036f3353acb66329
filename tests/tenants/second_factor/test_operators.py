"""Operators sign in with a password and a code. Until both are given, nothing of the back-office is
shown or done.
"""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from tenants.models import SecondFactor, User
from tenants.scope import auth_scope
from tests.support.addresses import every_address
from tests.support.cast import create_tenant
from tests.support.forms import post
from tests.support.invitations import Browser, heading
from tests.support.second_factor import (
    ENTER,
    SET_UP,
    WRONG,
    app_of,
    enrolled,
    errors,
    password_given,
    recovery_codes,
)


@pytest.fixture(autouse=True)
def required(settings) -> None:
    settings.OPERATORS_NEED_SECOND_FACTOR = True


@pytest.fixture
def grace(db_rows) -> User:
    with auth_scope():
        return User.objects.create_user(
            "grace", password="correct horse", is_staff=True, is_superuser=True
        )


def opens(browser: Browser, web: str, path: str = "/admin/") -> str:
    """Where the browser is led that asks for a page."""
    return browser.open(f"{web}{path}").url.removeprefix(web)


def test_an_operator_sets_up_an_app_at_the_next_sign_in_and_is_led_on(web, grace):
    browser, page = password_given(web, "grace", "/admin/tenants/tenant/")
    assert (page.url, heading(page)) == (
        f"{web}{SET_UP}?next=%2Fadmin%2Ftenants%2Ftenant%2F",
        "Set up your second factor",
    )

    kept = browser.fill(page, code=app_of(page).code())
    assert (heading(kept), len(set(recovery_codes(kept))), kept.headers["Cache-Control"]) == (
        "Keep your recovery codes",
        10,
        "no-store",
    )
    assert re.findall(r'<a class="button" href="(.*?)"', kept.text) == ["/admin/tenants/tenant/"]
    assert opens(browser, web, "/admin/tenants/tenant/") == "/admin/tenants/tenant/"


def test_the_page_has_the_key_as_a_picture_and_as_text(web, grace):
    _, page = password_given(web, "grace")
    key = re.search(r'class="key">(.*?)<', page.text)[1].replace(" ", "")
    size, path = re.search(
        r'viewBox="0 0 (\d+) \1".*?<path d="([Mhvz0-9 -]+)"/>', page.text
    ).groups()

    assert (len(key), int(size) > 40, path.count("M") > 400) == (32, True, True)
    assert ("style=" in page.text, "data:" in page.text) == (False, False)


def test_the_page_offers_the_same_key_however_often_it_is_loaded(web, grace):
    browser, page = password_given(web, "grace")
    again = browser.open(page.url)

    assert app_of(again).secret == app_of(page).secret
    assert app_of(password_given(web, "grace")[1]).secret != app_of(page).secret


def test_who_has_an_app_types_a_code_after_the_password(web, grace):
    _, app, _ = enrolled(web, "grace")
    browser, page = password_given(web, "grace", "/admin/tenants/tenant/")
    assert heading(page) == "Enter a code"

    done = browser.fill(page, code=app.next())
    assert (done.url, done.status_code) == (f"{web}/admin/tenants/tenant/", 200)


def test_before_the_code_no_page_shows_or_does_anything(web, grace):
    create_tenant("acme", "Acme canary")
    enrolled(web, "grace")
    browser, _ = password_given(web, "grace")
    led = {
        path: (answer.status_code, answer.headers.get("Location", "").split("?")[0])
        for path in every_address()
        if path.startswith(("/admin/", "/staff/"))
        for answer in [browser.session.get(f"{web}{path}", allow_redirects=False, timeout=10)]
        if path not in (ENTER, SET_UP, "/staff/logout/")
    }

    assert (set(led.values()), len(led) > 80) == ({(302, ENTER)}, True)
    post(browser.session, f"{web}/admin/tenants/tenant/add/", slug="made", name="Made")
    changed = browser.session.post(
        f"{web}/admin/tenants/tenant/add/",
        data={"slug": "made", "csrfmiddlewaretoken": browser.session.cookies["csrftoken"]},
        allow_redirects=False,
        timeout=10,
    )
    assert (changed.status_code, changed.headers["Location"].split("?")[0]) == (302, ENTER)


def test_before_the_code_the_start_and_the_connect_page_know_nobody(web, grace):
    enrolled(web, "grace")
    browser, _ = password_given(web, "grace")

    assert "You are signed in." not in browser.open(f"{web}/").text


def test_setting_up_another_app_is_no_way_around_the_code(web, grace):
    enrolled(web, "grace")
    browser, _ = password_given(web, "grace")

    assert opens(browser, web, SET_UP).startswith(ENTER)
    assert opens(browser, web, "/staff/second-factor/replace/").startswith(ENTER)


def test_two_who_set_up_an_app_at_once_do_not_both_succeed(web, grace):
    first, first_page = password_given(web, "grace")
    second, second_page = password_given(web, "grace")
    first.fill(first_page, code=app_of(first_page).code())
    answer = second.fill(second_page, code=app_of(second_page).code())

    assert answer.url.removeprefix(web).split("?")[0] == ENTER


def test_a_code_is_taken_once(web, grace):
    _, app, _ = enrolled(web, "grace")
    code = app.next()
    answers = []
    for _ in range(2):
        browser, page = password_given(web, "grace")
        answers.append(browser.fill(page, code=code))

    assert [(heading_or_url(each, web), errors(each)) for each in answers] == [
        ("/admin/", []),
        ("Enter a code", [WRONG]),
    ]


def heading_or_url(answer, web: str) -> str:
    return heading(answer) if "<h1>Enter" in answer.text else answer.url.removeprefix(web)


@pytest.mark.parametrize(("steps", "is_taken"), [(-1, False), (0, False), (1, True), (2, False)])
def test_the_next_steps_code_is_taken_and_none_further_away_used_or_before_a_used_one(
    steps, is_taken, web, grace
):
    with time_machine.travel(timezone.now().replace(second=5), tick=False):
        _, app, _ = enrolled(web, "grace")
        browser, page = password_given(web, "grace")
        answer = browser.fill(page, code=app.code(steps))

    assert (answer.url == f"{web}/admin/") is is_taken


def test_a_slow_clock_is_tolerated(web, grace):
    with time_machine.travel(timezone.now() - timedelta(minutes=10), tick=True):
        _, app, _ = enrolled(web, "grace")
    with time_machine.travel(timezone.now(), tick=False):
        answers = []
        for steps in (-2, -1):
            browser, page = password_given(web, "grace")
            answers.append(heading_or_url(browser.fill(page, code=app.code(steps)), web))

    assert answers == ["Enter a code", "/admin/"]


@pytest.mark.parametrize("code", ["000000 ", "abc", "１２３４５６", "1" * 32, "12345"])
def test_what_is_no_code_is_refused_with_a_sentence(code, web, grace):
    enrolled(web, "grace")
    browser, page = password_given(web, "grace")

    assert errors(browser.fill(page, code=code)) == [WRONG]


def test_a_recovery_code_lets_in_once_however_it_is_typed(web, grace):
    _, _, codes = enrolled(web, "grace")
    answers = []
    for typed in (codes[0].upper().replace("-", " "), codes[0], codes[1]):
        browser, page = password_given(web, "grace")
        answers.append(heading_or_url(browser.fill(page, code=typed), web))

    assert answers == ["/admin/", "Enter a code", "/admin/"]


def test_wrong_codes_lock_the_account_wherever_they_come_from(web, grace, settings):
    settings.PROXY_COUNT = 1
    _, app, codes = enrolled(web, "grace")
    statuses = []
    for number in range(5):
        browser, page = password_given(web, "grace")
        browser.session.headers["X-Forwarded-For"] = f"192.0.2.{number}"
        statuses.append(browser.fill(page, code="000000"))
    browser, page = password_given(web, "grace")
    refused = [browser.fill(page, code=code) for code in (app.next(), codes[0])]

    locked = ["Too many codes were wrong. Try again in 15 minutes."]
    assert [(each.status_code, errors(each)) for each in statuses] == [
        *[(200, [WRONG])] * 4,
        (429, locked),
    ]
    assert [(each.status_code, errors(each)) for each in refused] == [(429, locked)] * 2
    assert 890 <= int(refused[0].headers["Retry-After"]) <= 900


def test_each_failure_after_a_lock_doubles_it_up_to_a_day_and_the_right_code_ends_it(web, grace):
    _, app, _ = enrolled(web, "grace")
    waits, now = [], timezone.now()
    for _ in range(13):
        with time_machine.travel(now, tick=True):
            browser, page = password_given(web, "grace")
            answer = browser.fill(page, code="000000")
        waits.append(round(int(answer.headers.get("Retry-After", 0)) / 60))
        now += timedelta(minutes=waits[-1], seconds=10)
    with time_machine.travel(now, tick=True):
        browser, page = password_given(web, "grace")
        done = browser.fill(page, code=app.next())

    assert waits == [0, 0, 0, 0, 15, 30, 60, 120, 240, 480, 960, 1440, 1440]
    with auth_scope():
        assert (done.url, SecondFactor.objects.get().failures) == (f"{web}/admin/", 0)


def test_the_session_gets_another_key_when_the_factor_is_proven(web, grace):
    _, app, _ = enrolled(web, "grace")
    browser, page = password_given(web, "grace")
    before = dict(browser.session.cookies)
    browser.fill(page, code=app.next())
    after = dict(browser.session.cookies)
    stale = Browser()
    stale.session.cookies.update(before)

    assert [name for name in ("sessionid", "csrftoken") if before[name] == after[name]] == []
    assert opens(stale, web) == "/admin/login/?next=/admin/"


def test_where_none_is_required_the_password_is_enough_but_for_who_has_set_one_up(
    web, grace, settings
):
    settings.OPERATORS_NEED_SECOND_FACTOR = False
    assert opens(password_given(web, "grace")[0], web) == "/admin/"
    enrolled(web, "grace")

    assert opens(password_given(web, "grace")[0], web).startswith(ENTER)


def test_nothing_but_a_page_of_ours_follows_the_code(web, grace):
    _, app, _ = enrolled(web, "grace")
    browser, page = password_given(web, "grace")
    answer = browser.fill(page, code=app.next(), next="https://evil.example/")

    assert answer.url == f"{web}/admin/"


def test_who_is_half_signed_in_can_sign_out(web, grace):
    enrolled(web, "grace")
    browser, page = password_given(web, "grace")
    answer = browser.session.post(
        f"{web}/staff/logout/",
        data={"csrfmiddlewaretoken": browser.session.cookies["csrftoken"]},
        headers={"Referer": page.url},
        timeout=10,
    )

    assert (answer.url, opens(browser, web)) == (
        f"{web}/staff/login/",
        "/admin/login/?next=/admin/",
    )


def test_neither_the_key_nor_a_recovery_code_stands_in_the_database(web, grace, db_rows):
    browser, page = password_given(web, "grace")
    key = re.search(r'class="key">(.*?)<', page.text)[1].replace(" ", "")
    kept = browser.fill(page, code=app_of(page).code())
    codes = recovery_codes(kept)
    tables = ("users", "second_factors", "recovery_codes", "django_session")
    stored = "".join(
        str(db_rows.execute(f"SELECT to_jsonb(t) FROM messaging.{table} t").fetchall())
        for table in tables
    )

    assert ("grace" in stored, len(codes)) == (True, 10)
    plain = [key, key.lower(), *codes, *(code.replace("-", "") for code in codes)]
    assert [secret for secret in plain if secret in stored] == []


def test_rotated_encryption_keys_leave_the_app_and_the_recovery_codes(web, grace, settings):
    _, app, codes = enrolled(web, "grace")
    settings.ENCRYPTION_KEYS = {"new": bytes(range(101, 133)), **settings.ENCRYPTION_KEYS}
    call_command("rotate_encryption_keys")
    settings.ENCRYPTION_KEYS = {"new": bytes(range(101, 133))}
    answers = []
    for code in (app.next(), codes[0]):
        browser, page = password_given(web, "grace")
        answers.append(browser.fill(page, code=code).url)

    assert answers == [f"{web}/admin/"] * 2


def test_without_the_encryption_key_no_code_is_taken_and_none_counts(web, grace, settings):
    _, app, _ = enrolled(web, "grace")
    settings.ENCRYPTION_KEYS = {"other": bytes(range(101, 133))}
    browser, page = password_given(web, "grace")
    answer = browser.fill(page, code=app.next())

    with auth_scope():
        failures = SecondFactor.objects.get().failures
    assert (answer.status_code, failures, opens(browser, web).startswith(ENTER)) == (503, 0, True)
