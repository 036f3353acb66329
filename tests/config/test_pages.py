"""The first page, and the pages of what goes wrong: in the style of the staff pages, with a way
back.
"""

import re
from html import unescape

import pytest
import requests
from django.contrib.auth import get_user_model

from tenants.scope import auth_scope
from tests.support.back_office import sign_in
from tests.support.forms import post

pytestmark = pytest.mark.whatsapp

BACK = ("/", "Back to the first page")
DEVELOPMENT = [
    ("/admin/", "Back-office"),
    ("/staff/", "Your businesses"),
    ("/connect/whatsapp/", "Connect WhatsApp"),
    ("/health", "Health"),
    ("/health/ready", "Readiness"),
]


def links(page: requests.Response) -> list[tuple[str, str]]:
    return [
        (address, unescape(words))
        for address, words in re.findall(r'<a href="([^"]*)">([^<]*)</a>', page.text)
    ]


def grace_signs_in(web: str) -> requests.Session:
    with auth_scope():
        get_user_model().objects.create_user("grace", password="correct horse")
    session = requests.Session()
    post(session, f"{web}/staff/login/", username="grace", password="correct horse")
    return session


def operator_signs_in(web: str) -> requests.Session:
    with auth_scope():
        get_user_model().objects.create_user("ada", password="correct horse", is_staff=True)
    session = requests.Session()
    post(session, f"{web}/admin/login/?next=/admin/", username="ada", password="correct horse")
    return session


def heading(page: requests.Response) -> str:
    (words,) = re.findall(r"<h1>([^<]*)</h1>", page.text)
    return words


def test_the_first_page_says_what_this_is_and_lets_one_sign_in(web, db_rows):
    page = requests.get(f"{web}/", timeout=10)

    assert (page.status_code, heading(page)) == (200, "Messaging")
    assert links(page) == [("/staff/login/", "Sign in"), *DEVELOPMENT]
    assert "no-store" in page.headers["Cache-Control"]


def test_whoever_is_signed_in_is_led_on_from_there(web, db_rows):
    led = [
        session.get(f"{web}/", timeout=10, allow_redirects=False)
        for session in (grace_signs_in(web), operator_signs_in(web))
    ]

    assert [(page.status_code, page.headers["Location"]) for page in led] == [
        (302, "/staff/"),
        (302, "/admin/"),
    ]
    assert all("no-store" in page.headers["Cache-Control"] for page in led)


def test_in_production_strangers_are_shown_the_sign_in_alone(web, db_rows, settings):
    settings.IS_HTTPS = True

    assert links(requests.get(f"{web}/", timeout=10)) == [("/staff/login/", "Sign in")]


def test_every_link_of_the_first_page_leads_somewhere(web, db_rows):
    for address, _ in links(requests.get(f"{web}/", timeout=10)):
        found = requests.get(f"{web}{address}", timeout=10)
        assert found.status_code == (503 if address == "/health/ready" else 200), address


def test_an_address_that_is_not_there_says_so_with_a_way_back(web, db_rows):
    session = grace_signs_in(web)
    for address in (
        "/nothing",
        "/staff/acme/media/01a204db-d4b2-7652-861f-d79f213b8342/",
        "/connect/nothing",
    ):
        page = session.get(f"{web}{address}", timeout=10)
        assert (page.status_code, heading(page), links(page)[-1]) == (
            404,
            "This page is not there",
            BACK,
        ), address


def test_a_form_without_its_token_is_refused_with_a_way_back(web, db_rows):
    page = requests.post(f"{web}/staff/logout/", timeout=10)

    assert (page.status_code, heading(page), links(page)) == (403, "The form has expired", [BACK])


def test_what_staff_may_not_do_is_said_with_a_way_back(web, db_rows):
    session = sign_in(web, is_staff=True)
    page = session.get(f"{web}/admin/tenants/tenant/", timeout=10)

    assert (page.status_code, heading(page), links(page)) == (403, "You may not do this", [BACK])


def test_a_fault_of_ours_says_nothing_of_itself(web, db_rows, settings):
    db_rows.execute("ALTER TABLE messaging.tenants RENAME TO elsewhere")
    try:
        session = sign_in(web, is_staff=True, is_superuser=True)
        page = session.get(f"{web}/admin/tenants/tenant/", timeout=10)
    finally:
        db_rows.execute("ALTER TABLE messaging.elsewhere RENAME TO tenants")

    assert (page.status_code, heading(page), links(page)) == (
        500,
        "Something went wrong here",
        [BACK],
    )
    assert "elsewhere" not in page.text


def test_a_browser_finds_an_icon(web, db_rows):
    page = requests.get(f"{web}/favicon.ico", timeout=10)

    assert (page.status_code, page.headers["Content-Type"]) == (200, "image/svg+xml")
