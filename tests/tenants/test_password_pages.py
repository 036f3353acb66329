"""Everybody changes their own password, and gets a link for a new one by mail; neither is a way
around the sign-in's bounds.
"""

import re
from datetime import timedelta

import pytest
import requests
import time_machine
from django.contrib.auth.tokens import default_token_generator
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tenants import tasks
from tenants.models import PasswordReset, User
from tenants.passwords import one_of_a_few
from tenants.scope import auth_scope, router_scope, tenant_scope
from tenants.web import password_resets
from tests.support.invitations import Browser, heading, link_in, make_account
from tests.support.members import Person, employ, note, sign_in
from tests.support.operators import operator, signed_in

OLD, NEW = "correct horse", "a long and odd password"
ADDRESS = "ada@acme.example"
BUSY = "Too many people are signing in at this moment. Try again in a few seconds."
LOCKED = "Too many attempts have failed. Try again in 15 minutes."
ASKED = "Look into your mail"
NO_USE = "This link cannot be used"


@pytest.fixture(autouse=True)
def mail(mailbox, db_rows):
    """Mail can be sent."""


@pytest.fixture
def ada(acme) -> User:
    user = employ("ada", acme, "owner")
    with auth_scope():
        User.objects.filter(pk=user.pk).update(email="Ada@Acme.example")
    return user


@pytest.fixture
def browser(web, ada) -> Browser:
    """Ada's, where she is signed in."""
    browser = Browser()
    browser.session, _ = sign_in(web, "ada")
    return browser


@pytest.fixture
def change(web, browser):
    def change(old: str = OLD, new: str = NEW, again: str = "") -> requests.Response:
        page = browser.open(f"{web}/staff/password/")
        return browser.fill(page, old_password=old, new_password1=new, new_password2=again or new)

    return change


@pytest.fixture
def ask(web):
    """Somebody who is not signed in asks for a new password at an address."""

    def ask(email: str = ADDRESS, **headers: str) -> requests.Response:
        browser = Browser()
        browser.session.headers.update(headers)
        return browser.fill(browser.open(f"{web}/staff/password/forgotten/"), email=email)

    return ask


@pytest.fixture
def link(ask, jobs, mailbox, web, ada) -> str:
    """The one that Ada got."""
    ask()
    jobs()
    return link_in(mailbox.taken[-1], web)


def choose(link: str, password: str = NEW, again: str = "") -> requests.Response:
    browser = Browser()
    return browser.fill(browser.open(link), new_password1=password, new_password2=again or password)


def errors(answer: requests.Response) -> list[str]:
    return re.findall(r'<p class="bad" role="alert">(.*?)</p>', answer.text)


def signs_in(web: str, password: str) -> bool:
    browser = Browser()
    page = browser.fill(browser.open(f"{web}/staff/login/"), username="ada", password=password)
    return page.url == f"{web}/staff/"


def asked_for() -> int:
    with auth_scope():
        return PasswordReset.objects.count()


def test_who_changes_their_password_stays_signed_in_here_and_nowhere_else(web, browser, change):
    elsewhere, _ = sign_in(web, "ada")
    answer = change()

    assert note(answer) == (
        200,
        "Your password is changed. Wherever else you were signed in, you are not any more.",
    )
    assert (browser.open(f"{web}/staff/").url, elsewhere.get(f"{web}/staff/", timeout=10).url) == (
        f"{web}/staff/",
        f"{web}/staff/login/?next=/staff/",
    )
    assert (signs_in(web, NEW), signs_in(web, OLD)) == (True, False)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            {"old": "wrong horse"},
            "Your old password was entered incorrectly. Please enter it again.",
        ),
        ({"new": "short"}, "This password is too short. It must contain at least 8 characters."),
        ({"new": "password"}, "This password is too common."),
        ({"again": "another one"}, "The two password fields didn’t match."),
    ],
)
def test_a_password_that_does_not_do_is_not_taken(given, sentence, web, change):
    assert (errors(change(**given)), signs_in(web, OLD)) == ([sentence], True)


def test_guesses_at_the_old_password_lock_as_they_do_at_the_sign_in(web, change):
    answers = [change(old="wrong horse") for _ in range(5)]

    assert [each.status_code for each in answers] == [200] * 4 + [429]
    assert (errors(answers[-1]), change().status_code) == ([LOCKED], 429)
    page = Browser()
    answer = page.fill(page.open(f"{web}/staff/login/"), username="ada", password=OLD)
    assert answer.status_code == 429


def test_the_back_office_has_no_other_page_that_takes_guesses(db_rows):
    client = signed_in(operator())
    guess = {"old_password": OLD, "new_password1": NEW, "new_password2": NEW}
    page = "/admin/password_change/"
    answers = [client.get(page), client.post(page, guess)]

    assert [each.headers.get("Location") for each in answers] == ["/staff/password/"] * 2


def test_while_two_passwords_are_hashed_the_next_is_told_to_wait(change, link, web):
    with one_of_a_few(), one_of_a_few():
        answers = [change(), choose(link)]

    assert [(each.status_code, each.headers["Retry-After"], errors(each)) for each in answers] == [
        (503, "5", [BUSY])
    ] * 2
    assert signs_in(web, OLD)


def test_an_invited_person_makes_no_account_while_two_passwords_are_hashed(ada, jobs, mailbox, web):
    Person(web, "ada").post("acme/members/invite/", email="new@acme.example", role="agent")
    jobs()
    with one_of_a_few(), one_of_a_few():
        answer = make_account(link_in(mailbox.taken[0], web))

    with auth_scope():
        found = [user.username for user in User.objects.all()]
    assert (answer.status_code, answer.headers["Retry-After"], errors(answer), found) == (
        503,
        "5",
        [BUSY],
        ["ada"],
    )


def test_a_stranger_changes_nobodys_password(web, ada):
    assert (
        requests.get(f"{web}/staff/password/", timeout=10).url
        == f"{web}/staff/login/?next=/staff/password/"
    )


def test_whoever_forgot_their_password_chooses_a_new_one_with_the_link_from_the_mail(
    web, browser, link, mailbox
):
    done = choose(link)

    assert (mailbox.taken[0]["To"], mailbox.taken[0]["Subject"], len(mailbox.taken)) == (
        "Ada@Acme.example",
        "A new password",
        1,
    )
    assert (done.url, note(done)) == (
        f"{web}/staff/login/",
        (200, "Your password is changed. Sign in with it."),
    )
    assert (signs_in(web, NEW), signs_in(web, OLD)) == (True, False)
    assert browser.open(f"{web}/staff/").url == f"{web}/staff/login/?next=/staff/"


def test_a_link_is_used_once(link):
    choose(link)

    assert heading(Browser().open(link)) == NO_USE


def test_a_link_is_good_for_an_hour(link):
    with time_machine.travel(timezone.now() + timedelta(minutes=59), tick=True):
        assert heading(Browser().open(link)) == "Choose a new password"
    with time_machine.travel(timezone.now() + timedelta(minutes=61), tick=True):
        assert heading(Browser().open(link)) == NO_USE


def test_a_link_of_who_changed_their_password_since_is_none_any_more(change, link):
    change()

    assert heading(Browser().open(link)) == NO_USE


def test_a_link_of_somebody_else_is_none(web, link, globex):
    eve = employ("eve", globex)
    base, who, token = link.rstrip("/").rsplit("/", 2)
    forged = [
        f"{base}/{who}/{default_token_generator.make_token(eve)}/",
        f"{base}/AAAA/{token}/",
        f"{base}/{who}/{token}x/",
    ]

    assert [heading(Browser().open(each)) for each in forged] == [NO_USE] * 3


def test_a_weak_password_is_not_taken_from_a_link_either(link, web):
    assert (errors(choose(link, "short")), signs_in(web, OLD)) == (
        ["This password is too short. It must contain at least 8 characters."],
        True,
    )


@pytest.mark.parametrize(
    "email", ["nobody@acme.example", "ada@acme.example.evil.example", "ADA@ACME.EXAMPLE"]
)
def test_the_page_answers_alike_whether_the_address_is_known_or_not(email, ask, ada, mailbox, jobs):
    known, other = ask(), ask(email)
    strip = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
    jobs()

    assert (heading(other), other.status_code, other.url) == (ASKED, 200, known.url)
    assert strip.sub("", other.text) == strip.sub("", known.text)
    assert len(mailbox.taken) == (2 if email.lower() == ADDRESS else 1)


def test_the_database_is_asked_the_same_whether_the_address_is_known_or_not(ada):
    """So neither takes longer: who has an address is looked up by the task."""
    asked = []
    for email in (ADDRESS, "nobody@acme.example"):
        with auth_scope(), CaptureQueriesContext(connection) as queries:
            password_resets.ask(email, "192.0.2.1")
        asked.append([re.sub(r"'[^']*'", "?", each["sql"]).replace(email, "?") for each in queries])

    assert (asked[0], len(asked[0]) > 4) == (asked[1], True)


def test_asking_hashes_no_password_and_has_no_need_to_wait(ask, ada, mailbox, jobs):
    with one_of_a_few(), one_of_a_few():
        assert heading(ask()) == ASKED
    jobs()
    assert len(mailbox.taken) == 1


def test_who_cannot_sign_in_gets_no_mail(ask, ada, mailbox, jobs):
    with auth_scope():
        User.objects.filter(pk=ada.pk).update(is_active=False)
        User.objects.create_user("grace", email="grace@acme.example")  # who has no password
    ask()
    ask("grace@acme.example")
    jobs()

    assert mailbox.taken == []


def test_two_accounts_of_one_address_get_one_mail_with_a_link_for_each(ask, ada, mailbox, jobs):
    with auth_scope():
        User.objects.create_user("ada-too", email=ADDRESS, password=OLD)
    ask()
    jobs()

    (mail,) = mailbox.taken
    assert re.findall(r"^([\w-]+):\nhttp", mail.get_content().replace("\r", ""), re.MULTILINE) == [
        "ada",
        "ada-too",
    ]


def test_an_address_gets_three_mails_in_an_hour_and_the_page_answers_as_before(
    ask, ada, mailbox, jobs
):
    answers = [ask() for _ in range(5)]
    jobs()
    assert ([heading(each) for each in answers], len(mailbox.taken), asked_for()) == (
        [ASKED] * 5,
        3,
        3,
    )

    with time_machine.travel(timezone.now() + timedelta(minutes=61), tick=True):
        ask()
        jobs()
    assert len(mailbox.taken) == 4


def test_a_client_asks_for_twenty_addresses_in_an_hour(ask, ada, settings):
    settings.PROXY_COUNT = 1
    with auth_scope():
        given = {"ip_address": "192.0.2.1"}
        PasswordReset.objects.bulk_create(
            PasswordReset(email=f"{n}@acme.example", **given) for n in range(20)
        )
    ask(**{"X-Forwarded-For": "192.0.2.1"})
    assert asked_for() == 20

    ask(**{"X-Forwarded-For": "192.0.2.2"})
    assert asked_for() == 21


def test_requests_are_forgotten_after_a_day(ask, ada):
    ask()
    tasks.forget_failures(0)
    assert asked_for() == 1

    with time_machine.travel(timezone.now() + timedelta(hours=25), tick=True):
        tasks.forget_failures(0)
    assert asked_for() == 0


def test_a_mail_that_could_not_be_sent_within_the_hour_is_not_sent_any_more(
    ask, ada, mailbox, jobs
):
    ask()
    with time_machine.travel(timezone.now() + timedelta(minutes=61), tick=True):
        jobs()

    assert mailbox.taken == []


def test_the_queue_stores_an_id_alone(ask, ada, db_rows):
    ask()
    with auth_scope():
        named = str(PasswordReset.objects.get().id)

    stored = db_rows.execute(
        "SELECT queue_name::text, task_name::text, args FROM jobs.procrastinate_jobs"
    ).fetchall()
    assert stored == [
        ("mail", "tenants.tasks.send_mail", {"letter": "password_reset", "reset_id": named})
    ]


@pytest.mark.parametrize("scope", [router_scope, None])
def test_neither_tenants_nor_the_pipeline_ask_for_the_mail_of_a_password_reset(scope, acme):
    opened = scope() if scope else tenant_scope(acme.id)
    with pytest.raises(DatabaseError), opened, connection.cursor() as cursor:
        cursor.execute("SELECT defer_password_reset('01a204db-d4b2-7652-861f-d79f213b8342')")


@pytest.mark.parametrize(
    "email", ["", "no address", "a\x00@acme.example", f"{'a' * 300}@acme.example"]
)
def test_what_is_no_address_is_said_on_the_page(email, ask, mailbox):
    answer = ask(email)

    assert (answer.status_code, heading(answer), errors(answer) != []) == (
        200,
        "Forgotten your password?",
        True,
    )


def test_where_no_mail_can_be_sent_the_page_says_whom_to_ask(web, ada, settings):
    settings.EMAIL_IS_CONFIGURED = False
    browser = Browser()
    page = browser.open(f"{web}/staff/password/forgotten/")
    sentence = "This platform sends no mail. The people who run it set a new password for you"
    given = {"email": ADDRESS, "csrfmiddlewaretoken": browser.session.cookies.get("csrftoken", "")}
    answer = browser.session.post(page.url, data=given, headers={"Referer": page.url}, timeout=10)

    assert (
        sentence in page.text,
        "<input" in page.text,
        answer.status_code == 200,
        asked_for(),
    ) == (True, False, False, 0)


def test_the_sign_in_page_leads_to_a_forgotten_password_and_every_page_to_ones_own(web, browser):
    assert (
        'href="/staff/password/forgotten/"' in requests.get(f"{web}/staff/login/", timeout=10).text
    )
    assert 'href="/staff/password/"' in browser.open(f"{web}/staff/").text
