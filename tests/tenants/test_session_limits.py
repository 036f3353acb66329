"""Sessions end by themselves: when nothing was asked with one for a while, and some time after the
sign-in in any case. Operators' end sooner.
"""

from datetime import timedelta

import pytest
import requests
import time_machine
from django.utils import timezone

from tests.support.back_office import sign_in as sign_in_as_staff
from tests.support.members import employ, sign_in
from tests.support.sessions import is_in_after

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def ada(web, acme) -> requests.Session:
    employ("ada", acme, "owner")
    return sign_in(web, "ada")[0]


@pytest.fixture
def operator(web, db_rows) -> requests.Session:
    return sign_in_as_staff(web, is_staff=True, is_superuser=True)


@pytest.mark.parametrize(
    ("pauses", "is_in"),
    [
        ([29 * MINUTE], True),
        ([31 * MINUTE], False),
        ([29 * MINUTE] * 3, True),
        ([29 * MINUTE] * 24, True),
        ([29 * MINUTE] * 25, False),  # twelve hours
    ],
)
def test_an_operators_session_ends_after_half_an_hour_unused_and_after_twelve_hours(
    pauses, is_in, operator, web
):
    assert is_in_after(operator, f"{web}/admin/", *pauses) is is_in


def test_signing_out_everywhere_else_lengthens_no_session(operator, web):
    now = timezone.now()
    for minutes in range(29, 12 * 60, 29):
        with time_machine.travel(now + minutes * MINUTE, tick=True):
            page = f"{web}/staff/second-factor/sign-out-elsewhere/"
            form = {"csrfmiddlewaretoken": operator.cookies["csrftoken"]}
            answer = operator.post(page, form, headers={"Referer": page}, timeout=10)
            assert answer.url == f"{web}/staff/second-factor/"

    with time_machine.travel(now + 12 * HOUR + MINUTE, tick=True):
        assert operator.get(f"{web}/admin/", timeout=10).url != f"{web}/admin/"


@pytest.mark.parametrize(
    ("pauses", "is_in"),
    [
        ([7 * HOUR], True),
        ([9 * HOUR], False),
        ([7 * HOUR] * 47, True),
        ([7 * HOUR] * 49, False),  # fourteen days
    ],
)
def test_a_members_session_ends_after_eight_hours_unused_and_after_fourteen_days(
    pauses, is_in, ada, web
):
    assert is_in_after(ada, f"{web}/staff/", *pauses) is is_in


def test_whose_session_is_over_signs_in_anew(web, operator):
    with time_machine.travel(timezone.now() + HOUR, tick=True):
        page = operator.get(f"{web}/admin/", timeout=10)
        fields = {
            "username": "grace",
            "password": "correct horse",
            "csrfmiddlewaretoken": operator.cookies["csrftoken"],
        }
        again = operator.post(page.url, data=fields, headers={"Referer": page.url}, timeout=10)

        assert again.url == f"{web}/admin/"


def test_a_session_that_is_used_is_written_once_a_minute_at_most(web, ada, db_rows):
    def written() -> str:
        (row,) = db_rows.execute("SELECT session_data FROM messaging.django_session").fetchall()
        return row[0]

    at_first = written()
    is_in_after(ada, f"{web}/staff/", timedelta(seconds=20), timedelta(seconds=20))
    assert written() == at_first
    is_in_after(ada, f"{web}/staff/", timedelta(seconds=65))
    assert written() != at_first
