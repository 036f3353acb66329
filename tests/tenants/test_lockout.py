"""Guessing passwords: after a few failures a name is locked at the address that guesses, at both
logins, and nowhere else.
"""

import io
import logging
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
import requests
import time_machine
from axes.models import AccessAttempt
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.management import call_command
from django.test import RequestFactory
from django.utils import timezone

from tenants import tasks
from tenants.models import User
from tenants.passwords import AT_ONCE
from tenants.scope import auth_scope
from tenants.web.lockout import NOWHERE, address_of
from tests.support.back_office import sign_in as sign_in_as_staff
from tests.support.forms import Form
from tests.support.outcomes import count

LOGINS = ["/admin/login/", "/staff/login/"]
LOCKED = "Too many attempts have failed. Try again in 15 minutes."
BUSY = "Too many people are signing in at this moment. Try again in a few seconds."
RIGHT, WRONG = "correct horse", "wrong horse"
HOME, ELSEWHERE = "192.0.2.1", "192.0.2.2"

Try = Callable[..., requests.Response]


class Counting(MD5PasswordHasher):
    """Django's quick one; tells which passwords were looked at, and waits if it is told to."""

    algorithm = "counting"
    checked: list[str] = []
    may_go_on = Event()

    def encode(self, password: str, salt: str) -> str:
        Counting.checked.append(password)
        Counting.may_go_on.wait(10)
        return super().encode(password, salt)


@pytest.fixture(autouse=True)
def checked(settings) -> list[str]:
    """The passwords that were looked at."""
    settings.PASSWORD_HASHERS = [f"{__name__}.Counting"]
    settings.PROXY_COUNT = 1  # so that a test comes from where it wants
    Counting.may_go_on.set()
    Counting.checked.clear()
    return Counting.checked


@pytest.fixture
def grace(db_rows) -> User:
    with auth_scope():
        return User.objects.create_user("grace", password=RIGHT, is_staff=True, is_superuser=True)


@pytest.fixture
def attempt(web) -> Try:
    """Submit a login page; `attempt("grace", WRONG)`."""

    def attempt(
        name: str, password: str, *, login: str = LOGINS[0], at: str = HOME
    ) -> requests.Response:
        session = requests.Session()
        address = f"{web}{login}"
        fields = Form(session.get(address, timeout=10).text).fields | {
            "username": name,
            "password": password,
        }
        headers = {"Referer": address, "X-Forwarded-For": at}
        return session.post(
            address, data=fields, headers=headers, allow_redirects=False, timeout=20
        )

    return attempt


def fail(attempt: Try, times: int = 5, name: str = "grace", **more: str) -> list[int]:
    return [attempt(name, WRONG, **more).status_code for _ in range(times)]


def said(answer: requests.Response) -> list[str]:
    return [
        each.strip()
        for each in re.findall(
            r'(?:class="errornote">\s*|role="alert">)(.*?)\s*</', answer.text, re.S
        )
    ]


@pytest.mark.parametrize("login", LOGINS)
def test_the_fifth_failure_locks_and_says_so_on_the_page(attempt, grace, login):
    assert fail(attempt, login=login) == [200, 200, 200, 200, 429]

    answer = attempt("grace", WRONG, login=login)
    assert (
        answer.status_code,
        answer.headers["Retry-After"],
        answer.headers["Cache-Control"].count("no-store"),
    ) == (429, "900", 1)
    assert (LOCKED in answer.text, 'name="password"' in answer.text) == (True, True)


@pytest.mark.parametrize("login", LOGINS)
def test_while_it_is_locked_not_even_the_right_password_is_looked_at(
    attempt, grace, checked, login
):
    fail(attempt, login=login)
    checked.clear()
    answers = [
        attempt("grace", password, login=each) for password in (RIGHT, WRONG) for each in LOGINS
    ]

    assert ({answer.status_code for answer in answers}, checked) == ({429}, [])
    assert len({len(answer.text) for answer in answers[::2]}) <= 2


@pytest.mark.parametrize("login", LOGINS)
def test_after_a_quarter_of_an_hour_the_right_password_works_again(attempt, grace, db_rows, login):
    fail(attempt, login=login)
    with time_machine.travel(timezone.now() + timedelta(minutes=14)):
        assert attempt("grace", RIGHT, login=login).status_code == 429
    with time_machine.travel(timezone.now() + timedelta(minutes=15, seconds=1)):
        assert attempt("grace", RIGHT, login=login).status_code == 302
    assert count(db_rows, "axes_accessattempt") == 0


def test_guessing_on_does_not_keep_the_lock_shut(attempt, grace):
    fail(attempt)
    with time_machine.travel(timezone.now() + timedelta(minutes=10)):
        assert fail(attempt, 3) == [429] * 3
    with time_machine.travel(timezone.now() + timedelta(minutes=15, seconds=1)):
        assert attempt("grace", RIGHT).status_code == 302


def test_a_success_begins_the_count_anew(attempt, grace):
    for _ in range(3):
        assert fail(attempt, 4) == [200] * 4
        assert attempt("grace", RIGHT).status_code == 302


def test_a_lock_is_of_one_name_at_one_address(attempt, grace):
    with auth_scope():
        User.objects.create_user("hopper", password=RIGHT, is_staff=True)
    fail(attempt)

    assert attempt("grace", RIGHT, at=ELSEWHERE).status_code == 302
    assert attempt("hopper", RIGHT).status_code == 302
    assert attempt("grace", RIGHT).status_code == 429


@pytest.mark.parametrize("login", LOGINS)
def test_a_name_that_nobody_has_looks_the_same_before_the_lock_and_during_it(
    attempt, grace, checked, login
):
    def seen(name: str) -> list[tuple]:
        answers = [attempt(name, WRONG, login=login) for _ in range(6)]
        return [(each.status_code, said(each), each.headers.get("Retry-After")) for each in answers]

    checked.clear()
    known, by_known = seen("grace"), len(checked)
    assert (by_known, seen("nobody"), len(checked)) == (5, known, 10)
    assert [sentences for _, sentences, _ in known[4:]] == [[LOCKED], [LOCKED]]


def test_many_names_from_one_address_lock_the_address_and_no_other(attempt, grace):
    with auth_scope():
        for number in range(12):
            AccessAttempt.objects.create(
                username=f"name{number}", ip_address=HOME, failures_since_start=4
            )
    answers = [attempt(f"another{number}", WRONG).status_code for number in range(3)]

    assert answers == [200, 429, 429]
    assert attempt("grace", RIGHT).status_code == 429
    assert attempt("grace", RIGHT, at=ELSEWHERE).status_code == 302


def test_ones_own_account_pays_for_no_guesses_at_others(attempt, grace):
    with auth_scope():
        User.objects.create_user("mallory", password=RIGHT)
    fail(attempt, 4)
    assert attempt("mallory", RIGHT, login="/staff/login/").status_code == 302

    assert fail(attempt, 1) == [429]


def test_both_logins_count_together(attempt, grace):
    fail(attempt, 3, login=LOGINS[0])
    assert fail(attempt, 2, login=LOGINS[1]) == [200, 429]


def test_another_browser_is_the_same_guesser(attempt, grace, web):
    answers = []
    for number in range(5):
        session = requests.Session()
        session.headers.update({"User-Agent": f"browser {number}", "X-Forwarded-For": HOME})
        fields = Form(session.get(f"{web}/staff/login/", timeout=10).text).fields | {
            "username": "grace",
            "password": WRONG,
        }
        answers.append(session.post(f"{web}/staff/login/", data=fields, timeout=10).status_code)

    assert answers == [200] * 4 + [429]


def test_24_guesses_at_once_are_few_guesses(attempt, grace, checked):
    with ThreadPoolExecutor(24) as pool:
        answers = list(
            pool.map(
                lambda _: attempt("grace", WRONG, login="/staff/login/").status_code, range(24)
            )
        )

    assert set(answers) <= {200, 429, 503}
    assert checked.count(WRONG) <= 5
    assert fail(attempt, 6)[-1] == 429
    assert checked.count(WRONG) == 5


@pytest.mark.parametrize("login", LOGINS)
def test_a_process_checks_two_passwords_at_once_and_says_so_to_the_third(
    attempt, grace, checked, login, db_rows
):
    checked.clear()  # of making the user
    Counting.may_go_on.clear()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        waiting = [
            pool.submit(attempt, name, WRONG, at=f"192.0.2.{n}")
            for n, name in enumerate(("grace", "nobody"), start=10)
        ]
        while len(checked) < AT_ONCE:
            Event().wait(0.01)
        answer = attempt("grace", RIGHT, login=login)
        Counting.may_go_on.set()
        statuses = [each.result().status_code for each in waiting]

    assert (answer.status_code, answer.headers["Retry-After"], said(answer)) == (503, "5", [BUSY])
    assert (statuses, count(db_rows, "axes_accessattempt")) == ([200, 200], AT_ONCE)
    assert attempt("grace", RIGHT, login=login).status_code == 302


def asking(at: str = "198.51.100.7", forwarded: str | None = None) -> str:
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return address_of(RequestFactory().get("/", REMOTE_ADDR=at, headers=headers))


@pytest.mark.parametrize(
    ("proxies", "forwarded", "seen"),
    [
        (0, None, "198.51.100.7"),
        (0, "192.0.2.1", "198.51.100.7"),
        (1, None, "198.51.100.7"),
        (1, "192.0.2.1", "192.0.2.1"),
        (1, "10.0.0.1, 192.0.2.1", "192.0.2.1"),
        (1, "127.0.0.1,nonsense,192.0.2.1", "192.0.2.1"),
        (1, "192.0.2.1, nonsense", "198.51.100.7"),
        (1, "192.0.2.1,", "198.51.100.7"),
        (2, "10.0.0.1, 192.0.2.1, 203.0.113.9", "192.0.2.1"),
        (2, "192.0.2.1", "192.0.2.1"),
        (1, "192.0.2.1:4711", "192.0.2.1"),
        (1, "[2001:db8:1:2:3:4:5:6]:4711", "2001:db8:1:2::"),
        (1, "2001:db8:1:2:ffff::9", "2001:db8:1:2::"),
        (1, "::ffff:192.0.2.1", "192.0.2.1"),
        (1, "'; DROP TABLE users; --", "198.51.100.7"),
    ],
)
def test_the_address_is_what_the_first_of_our_own_proxies_saw(settings, proxies, forwarded, seen):
    settings.PROXY_COUNT = proxies

    assert asking(forwarded=forwarded) == seen


@pytest.mark.parametrize("at", ["", "unix:", "nonsense"])
def test_without_an_address_everybody_has_the_same(settings, at):
    assert asking(at) == NOWHERE


def test_a_forged_header_neither_opens_a_lock_nor_locks_somebody_else_out(attempt, grace, settings):
    assert [
        attempt("grace", WRONG, at=f"203.0.113.{number}, {HOME}").status_code for number in range(5)
    ] == [200] * 4 + [429]
    assert attempt("grace", RIGHT, at="203.0.113.1").status_code == 302

    settings.PROXY_COUNT = 0
    fail(attempt, 4, name="nobody", at="203.0.113.7")
    assert fail(attempt, 1, name="nobody", at="203.0.113.8") == [429]


def test_staff_see_who_is_locked_out_and_lift_it(web, attempt, grace, settings):
    fail(attempt, name="nobody")
    staff = sign_in_as_staff_named(web, "root")
    listing = staff.get(f"{web}/admin/axes/accessattempt/", timeout=10).text
    row = re.search(r"/admin/axes/accessattempt/(\d+)/change/", listing)[1]
    page = staff.get(f"{web}/admin/axes/accessattempt/{row}/change/", timeout=10).text
    assert ("nobody" in listing, HOME in page, WRONG in page) == (True, True, False)
    assert attempt("nobody", WRONG).status_code == 429

    delete = f"{web}/admin/axes/accessattempt/{row}/delete/"
    fields = Form(staff.get(delete, timeout=10).text).fields
    staff.post(delete, data=fields | {"post": "yes"}, headers={"Referer": delete}, timeout=10)
    assert attempt("nobody", WRONG).status_code == 200


def sign_in_as_staff_named(web: str, name: str) -> requests.Session:
    with auth_scope():
        User.objects.create_user(name, password=RIGHT, is_staff=True, is_superuser=True)
    session = requests.Session()
    fields = Form(session.get(f"{web}/admin/login/", timeout=10).text).fields | {
        "username": name,
        "password": RIGHT,
    }
    session.post(f"{web}/admin/login/", data=fields, timeout=10)
    return session


def test_staff_without_the_permission_lift_nothing(web, attempt, db_rows):
    fail(attempt, name="nobody")
    (row,) = db_rows.execute("SELECT id FROM messaging.axes_accessattempt").fetchone()
    staff = sign_in_as_staff(web, is_staff=True)

    addresses = ("", f"{row}/change/", f"{row}/delete/", "add/")
    answers = [
        staff.get(f"{web}/admin/axes/accessattempt/{address}", timeout=10).status_code
        for address in addresses
    ]
    assert answers == [403] * 4


@pytest.mark.parametrize(
    "command",
    [
        ["axes_reset"],
        ["axes_reset_username", "grace"],
        ["axes_reset_ip", HOME],
        ["axes_reset_ip_username", HOME, "grace"],
    ],
)
def test_a_command_lifts_a_lock(attempt, grace, command):
    fail(attempt)
    listed = io.StringIO()
    call_command("axes_list_attempts", stdout=listed)
    call_command(*command, stdout=io.StringIO())

    assert listed.getvalue() == f"{HOME}\tgrace\t5\n"
    assert attempt("grace", RIGHT).status_code == 302


def test_what_counts_no_more_is_forgotten(attempt, db_rows):
    fail(attempt, 2, name="nobody")
    with time_machine.travel(timezone.now() + timedelta(minutes=10)):
        tasks.forget_failures(0)
        assert count(db_rows, "axes_accessattempt") == 1
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        tasks.forget_failures(0)
        assert count(db_rows, "axes_accessattempt") == 0


def test_no_log_tells_whose_sign_in_failed_and_what_is_kept_holds_no_password(
    attempt, grace, db_rows, caplog
):
    loggers = [logging.getLogger(name) for name in ("axes", "django")]
    for logger in loggers:
        logger.addHandler(caplog.handler)
    fail(attempt, 6)
    for logger in loggers:
        logger.removeHandler(caplog.handler)
    kept = str(db_rows.execute("SELECT to_jsonb(t) FROM messaging.axes_accessattempt t").fetchall())

    assert "Locking out" in caplog.text
    assert [secret for secret in ("grace", HOME, WRONG) if secret in caplog.text] == []
    assert ("grace" in kept, WRONG in kept, "csrfmiddlewaretoken" in kept) == (True, False, False)


def test_the_attempts_belong_to_the_role_of_signing_in(attempt, grace, db_rows):
    fail(attempt, 1)
    with auth_scope():
        assert AccessAttempt.objects.count() == 1
