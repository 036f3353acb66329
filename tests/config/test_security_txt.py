"""Whoever finds a weakness is told whom to tell: /.well-known/security.txt."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from config.security_contact import security_contact

ADDRESS = "/.well-known/security.txt"
NEITHER = (
    "SECURITY_CONTACT is neither an e-mail address nor a page: write NAME@HOST, or"
    " https://HOST/PATH."
)


@pytest.mark.parametrize(
    ("given", "contact"),
    [
        ("", ""),
        ("security@acme.test", "mailto:security@acme.test"),
        ("https://acme.test/security", "https://acme.test/security"),
    ],
)
def test_a_contact_is_an_address_or_a_page(read, given, contact):
    assert read(security_contact, SECURITY_CONTACT=given) == (contact, [])


@pytest.mark.parametrize(
    "given",
    [
        "security",
        "http://acme.test/security",
        "https://",
        "https://[acme/",
        "mailto:security@acme.test",
        "https://acme.test/\nExpires: never",
    ],
)
def test_anything_else_is_a_sentence_and_not_published(read, given):
    assert read(security_contact, SECURITY_CONTACT=given) == ("", [NEITHER])


def test_the_file_names_the_contact_and_expires_in_half_a_year(settings, db_rows):
    settings.SECURITY_CONTACT = "mailto:security@acme.test"
    settings.PUBLIC_URL = "https://shop.test"
    now = datetime(2026, 11, 30, 8, 30, 12, 345, tzinfo=UTC)
    with time_machine.travel(now, tick=False):
        answer = Client().get(ADDRESS)

    expires = (now + timedelta(days=180)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert answer.content.decode() == (
        f"Contact: mailto:security@acme.test\nExpires: {expires}\nPreferred-Languages: en\n"
        f"Canonical: https://shop.test{ADDRESS}\n"
    )
    assert expires == "2027-05-29T08:30:12Z"


def test_without_a_contact_there_is_no_file(settings, db_rows):
    settings.SECURITY_CONTACT = ""

    assert Client().get(ADDRESS).status_code == 404


def test_it_is_only_read(settings, db_rows):
    settings.SECURITY_CONTACT = "mailto:security@acme.test"

    assert Client().post(ADDRESS).status_code == 405
