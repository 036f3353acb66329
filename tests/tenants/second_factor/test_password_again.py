"""A session alone, stolen or left open, changes nothing of its user's second factor: the password
is asked again, unless it was given a moment ago.
"""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from tenants.models import AuditEntry, SecondFactor, User
from tenants.scope import auth_scope, operator_scope
from tests.support.invitations import heading
from tests.support.members import employ
from tests.support.operators import operator
from tests.support.second_factor import (
    PASSWORD,
    SET_UP,
    app_of,
    enrolled,
    errors,
    password_given,
    recovery_codes,
)

OWN = "/staff/second-factor/"
AGAIN = "Enter your password again"
PAGES = ["set-up/", "replace/", "recovery-codes/", "take-away/"]


@pytest.fixture
def later():
    """`later(11)`: it is so many minutes later."""
    now, moves = timezone.now(), []

    def later(minutes: int) -> None:
        moves.append(time_machine.travel(now + timedelta(minutes=minutes), tick=True))
        moves[-1].start()

    yield later
    for each in reversed(moves):
        each.stop()


def factors() -> int:
    with auth_scope():
        return SecondFactor.objects.count()


def test_a_session_that_is_older_binds_no_phone_to_an_account_without_one(web, acme, later):
    employ("ada", acme, "owner")
    stolen, _ = password_given(web, "ada", "/staff/")
    offered = stolen.open(f"{web}{SET_UP}")
    later(11)

    asked = stolen.fill(offered, code=app_of(offered).code())
    assert (heading(asked), factors()) == (AGAIN, 0)
    refused = stolen.fill(asked, password="a guess")
    assert (errors(refused), factors()) == (["This is not your password."], 0)
    assert heading(stolen.open(f"{web}{SET_UP}")) == AGAIN


def test_with_the_password_it_goes_on_where_it_was_and_is_asked_again_after_ten_minutes(
    web, acme, later
):
    employ("ada", acme, "owner")
    ada, _ = password_given(web, "ada", "/staff/")
    later(11)
    page = ada.fill(ada.open(f"{web}{SET_UP}?next={OWN}"), password=PASSWORD)
    assert page.url == f"{web}{SET_UP}?next={OWN}"
    kept = ada.fill(page, code=app_of(page).code())
    assert (len(recovery_codes(kept)), factors()) == (10, 1)

    later(20)
    assert heading(ada.open(f"{web}{OWN}recovery-codes/")) == "Make new recovery codes"
    later(22)
    assert heading(ada.open(f"{web}{OWN}recovery-codes/")) == AGAIN


@pytest.mark.parametrize("page", PAGES)
def test_nothing_of_a_second_factor_changes_for_an_older_session(web, acme, later, page):
    employ("ada", acme, "owner")
    ada, _, codes = enrolled(web, "ada", "/staff/")
    later(11)
    fields = {"csrfmiddlewaretoken": ada.session.cookies["csrftoken"], "code": codes[0]}
    address = f"{web}{OWN}{page}"
    answer = ada.session.post(address, data=fields, headers={"Referer": address}, timeout=10)

    assert (heading(answer), factors()) == (AGAIN, 1)


def test_wrong_passwords_lock_and_are_in_the_audit_log(web, db_rows, later):
    operator("grace")
    grace, _, _ = enrolled(web, "grace")
    later(11)
    page = grace.open(f"{web}{OWN}replace/")
    for _ in range(5):
        page = grace.fill(page, password="a guess")

    assert page.status_code == 429
    with operator_scope():
        failed = AuditEntry.objects.filter(action="sign_in_failed", username="grace")
        assert failed.count() == 4


def test_a_password_that_is_given_again_lengthens_no_operators_session(web, db_rows, later):
    operator("grace")
    grace, _, _ = enrolled(web, "grace")
    for minutes in range(29, 12 * 60, 29):
        later(minutes)
        page = grace.open(f"{web}{OWN}recovery-codes/")
        assert heading(page) == AGAIN
        grace.fill(page, password=PASSWORD)

    later(12 * 60 + 1)
    assert grace.open(f"{web}/admin/").url != f"{web}/admin/"


def test_who_owes_the_code_is_asked_for_the_code_and_nobody_for_nothing(web, acme):
    employ("ada", acme, "owner")
    enrolled(web, "ada", "/staff/")
    half, _ = password_given(web, "ada", "/staff/")
    nobody, _ = password_given(web, "nobody", "/staff/")

    assert heading(half.open(f"{web}{OWN}password/")) == "Enter a code"
    assert nobody.open(f"{web}{OWN}password/").url.startswith(f"{web}/staff/login/")
    with auth_scope():
        assert User.objects.count() == 1
