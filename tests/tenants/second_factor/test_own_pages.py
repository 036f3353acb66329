"""One's own second factor, once it is proven: new recovery codes, another app, doing without it;
and what a password, another operator and a command do to it.
"""

import io
import json

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command

from tenants.models import AuditEntry, RecoveryCode, SecondFactor, User
from tenants.scope import auth_scope, operator_scope
from tests.support.back_office import confirm, said
from tests.support.invitations import Browser, heading, link_in
from tests.support.members import employ, note
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

OWN = "/staff/second-factor/"
NEW = "a long and odd password"


@pytest.fixture
def required(settings) -> None:
    settings.OPERATORS_NEED_SECOND_FACTOR = True


def operator(name: str) -> User:
    with auth_scope():
        return User.objects.create_user(
            name,
            f"{name}@example.com",
            "correct horse",
            is_staff=True,
            is_superuser=True,
        )


@pytest.fixture
def grace(db_rows) -> User:
    return operator("grace")


def factors() -> tuple[int, int]:
    """How many factors and recovery codes there are."""
    with auth_scope():
        return SecondFactor.objects.count(), RecoveryCode.objects.count()


def is_in(browser: Browser, web: str) -> bool:
    return browser.open(f"{web}/admin/").url == f"{web}/admin/"


def try_code(web: str, code: str, name: str = "grace", then: str = "/admin/") -> bool:
    browser, page = password_given(web, name, then)
    return browser.fill(page, code=code).url == f"{web}{then}"


def test_new_recovery_codes_void_the_earlier_ones_and_cost_a_code(web, grace):
    browser, app, earlier = enrolled(web, "grace")
    page = browser.open(f"{web}{OWN}recovery-codes/")
    refused = browser.fill(page, code="000000")
    renewed = recovery_codes(browser.fill(page, code=app.next()))

    assert (heading(refused), recovery_codes(refused), len(renewed)) == (
        "Make new recovery codes",
        [],
        10,
    )
    assert (try_code(web, earlier[0]), try_code(web, renewed[0])) == (False, True)


def test_another_app_takes_the_first_ones_place_for_a_code_of_the_first(web, grace):
    browser, first, codes = enrolled(web, "grace")
    elsewhere, page = password_given(web, "grace")
    elsewhere.fill(page, code=codes[0])
    page = browser.open(f"{web}{OWN}replace/")
    second = app_of(page)
    refused = browser.fill(page, current="000000", code=second.code())
    kept = browser.fill(page, current=first.next(), code=second.code())

    assert (len(errors(refused)), len(recovery_codes(kept)), factors()) == (1, 10, (1, 10))
    assert (is_in(browser, web), is_in(elsewhere, web)) == (True, False)
    assert [try_code(web, code) for code in (first.code(), codes[1], second.next())] == [
        False,
        False,
        True,
    ]


def test_who_lost_the_phone_sets_up_another_with_a_recovery_code(web, grace):
    browser, _, codes = enrolled(web, "grace")
    page = browser.open(f"{web}{OWN}replace/")
    kept = browser.fill(page, current=codes[0], code=app_of(page).code())

    assert heading(kept) == "Keep your recovery codes"


def test_a_mistyped_code_of_the_new_app_uses_up_no_code_of_the_first(web, grace):
    browser, _, codes = enrolled(web, "grace")
    page = browser.open(f"{web}{OWN}replace/")
    refused = browser.fill(page, current=codes[0], code="000000")
    kept = browser.fill(page, current=codes[0], code=app_of(page).code())

    assert (errors(refused), heading(kept)) == ([WRONG], "Keep your recovery codes")


def test_what_an_operator_changes_of_the_own_account_and_a_wrong_code_stand_in_the_audit_log(
    web, grace, acme
):
    browser, app, _ = enrolled(web, "grace")
    half, page = password_given(web, "grace")
    half.fill(page, code="000000")
    browser.fill(browser.open(f"{web}{OWN}take-away/"), code=app.next())
    page = browser.open(f"{web}/staff/password/")
    browser.fill(page, old_password="correct horse", new_password1=NEW, new_password2=NEW)
    employ("ada", acme, "owner")
    enrolled(web, "ada", "/staff/")

    with operator_scope():
        entries = AuditEntry.objects.exclude(action="sign_in").order_by("id")
        assert list(entries.values_list("username", "action", "detail")) == [
            ("grace", "change", {"fields": ["second_factor"]}),
            ("grace", "sign_in_failed", {"step": "second_factor"}),
            ("grace", "change", {"fields": ["second_factor"]}),
            ("grace", "change", {"fields": ["password"]}),
        ]


def test_an_operator_who_needs_one_cannot_do_without(web, grace, required):
    browser, _, _ = enrolled(web, "grace")
    answer = browser.open(f"{web}{OWN}take-away/")

    assert (answer.url, "Do without it" in answer.text, factors()) == (
        f"{web}{OWN}",
        False,
        (1, 10),
    )


def test_a_member_sets_one_up_if_they_want_and_takes_it_away_with_a_code(web, acme, required):
    employ("ada", acme, "owner")
    browser, page = password_given(web, "ada", "/staff/")
    assert page.url == f"{web}/staff/"
    page = browser.open(f"{web}{SET_UP}")
    app = app_of(page)
    browser.fill(page, code=app.code())
    elsewhere, asked = password_given(web, "ada", "/staff/acme/members/")
    connecting = elsewhere.open(f"{web}/").text

    assert (heading(asked), "You are signed in." in connecting) == ("Enter a code", False)
    taken = browser.fill(browser.open(f"{web}{OWN}take-away/"), code=app.next())
    assert (note(taken), factors()) == (
        (200, "You sign in with your password alone from now on."),
        (0, 0),
    )
    assert password_given(web, "ada", "/staff/")[1].url == f"{web}/staff/"


def test_a_changed_password_ends_other_sessions_and_leaves_the_factor(web, grace):
    browser, _, codes = enrolled(web, "grace")
    elsewhere, page = password_given(web, "grace")
    elsewhere.fill(page, code=codes[0])
    assert is_in(elsewhere, web)
    page = browser.open(f"{web}/staff/password/")
    browser.fill(page, old_password="correct horse", new_password1=NEW, new_password2=NEW)

    assert (is_in(browser, web), is_in(elsewhere, web), factors()) == (True, False, (1, 9))


def test_a_link_for_a_forgotten_password_is_no_way_around_the_factor(web, grace, mailbox, jobs):
    enrolled(web, "grace")
    somebody = Browser()
    somebody.fill(somebody.open(f"{web}/staff/password/forgotten/"), email="grace@example.com")
    jobs()
    somebody.fill(
        somebody.open(link_in(mailbox.taken[-1], web)), new_password1=NEW, new_password2=NEW
    )
    page = somebody.open(f"{web}/staff/login/")
    answer = somebody.fill(page, username="grace", password=NEW)

    assert (answer.url.removeprefix(web).split("?")[0], factors()) == (ENTER, (1, 10))


def test_signing_out_everywhere_else_leaves_this_session_alone(web, grace):
    browser, _, codes = enrolled(web, "grace")
    elsewhere, page = password_given(web, "grace")
    elsewhere.fill(page, code=codes[0])
    assert is_in(elsewhere, web)
    done = browser.session.post(
        f"{web}{OWN}sign-out-elsewhere/",
        data={"csrfmiddlewaretoken": browser.session.cookies["csrftoken"]},
        headers={"Referer": f"{web}{OWN}"},
        timeout=10,
    )

    assert note(done) == (200, "Wherever else you were signed in, you are not any more.")
    assert (is_in(browser, web), is_in(elsewhere, web)) == (True, False)


def reset(browser: Browser, web: str, *users: User):
    """Reset the second factor of these users by the list's action; the page that follows."""
    address = f"{web}/admin/tenants/user/"
    fields = {
        "csrfmiddlewaretoken": browser.session.cookies["csrftoken"],
        "action": "reset_second_factor",
        "_selected_action": [str(user.pk) for user in users],
        "index": "0",
    }
    asked = browser.session.post(address, data=fields, headers={"Referer": address}, timeout=10)
    return confirm(browser.session, asked)


def test_another_operator_resets_a_lost_one_and_it_is_kept_who_did(web, grace, required):
    ada = operator("ada")
    browser, _, _ = enrolled(web, "grace")
    lost, _, _ = enrolled(web, "ada")
    assert is_in(lost, web)
    answer = reset(browser, web, grace, ada)

    assert said(answer) == [
        "1 of 2 accounts is without a second factor now, and signed out. Nobody resets their own,"
        " and only superusers that of a colleague; who has none keeps none."
    ]
    with auth_scope():
        (entry,) = LogEntry.objects.filter(change_message__startswith="Without a second factor")
    assert (entry.object_id, str(entry.user_id), factors()) == (str(ada.pk), str(grace.pk), (1, 10))
    assert (is_in(lost, web), is_in(browser, web)) == (False, True)
    assert heading(password_given(web, "ada")[1]) == "Set up your second factor"


def test_who_is_no_superuser_resets_that_of_no_colleague(web, grace, acme):
    employ("ada", acme, "owner")
    with auth_scope():
        may = Permission.objects.filter(codename__in=["view_user", "change_user"])
        User.objects.create_user("olga", password="correct horse", is_staff=True)
        User.objects.get(username="olga").user_permissions.set(may)
        ada = User.objects.get(username="ada")
    colleague, _, _ = enrolled(web, "grace")
    enrolled(web, "ada", "/staff/")
    answer = reset(password_given(web, "olga")[0], web, grace, ada)

    assert said(answer) == [
        "1 of 2 accounts is without a second factor now, and signed out. Nobody resets their own,"
        " and only superusers that of a colleague; who has none keeps none."
    ]
    assert (is_in(colleague, web), factors()) == (True, (1, 10))


def test_the_command_resets_it_and_ends_the_sessions(web, grace, required):
    browser, _, _ = enrolled(web, "grace")
    told = io.StringIO()
    call_command("reset_second_factor", "grace", stdout=told)
    call_command("reset_second_factor", "grace", stdout=told)

    assert [json.loads(line) for line in told.getvalue().splitlines()] == [
        {"reset": 1},
        {"reset": 0},
    ]
    assert (is_in(browser, web), factors()) == (False, (0, 0))
    with pytest.raises(CommandError, match="no user 'nobody'"):
        call_command("reset_second_factor", "nobody")
