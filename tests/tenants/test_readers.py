"""Pages speak the reader's language and tell time as their clock does; programs hear English."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
import requests
from django.utils import timezone

from tenants.admin import times
from tenants.models import Tenant
from tenants.scope import operator_scope
from tests.support.back_office import sign_in

GERMAN = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.1"}
NOON = datetime(2026, 11, 2, 9, 31, 5, tzinfo=UTC)


@pytest.fixture
def staff(web, acme) -> requests.Session:
    with operator_scope():
        Tenant.objects.update(created_at=NOON)
    return sign_in(web, is_staff=True, is_superuser=True)


def heading(page: requests.Response) -> tuple[str, str, str]:
    """The language that the page is said to be in, twice, and its heading."""
    language = re.search(r'<html lang="(\w+)" dir="ltr">', page.text)[1]
    (words,) = re.findall(r"<h1>(.*?)</h1>", page.text)
    return language, page.headers["Content-Language"], unescape(words)


def test_who_reads_german_is_shown_german_pages(web, staff):
    staff.headers.update(GERMAN)
    listing = staff.get(f"{web}/admin/tenants/tenant/", timeout=10)
    columns = re.findall(r'<div class="text">(?:<a[^>]*>|<span>)([^<]+)</', listing.text)

    assert heading(listing) == ("de", "de", "Mandanten")
    assert columns == ["Name", "Kurzname", "Status", "Erstellt"]
    assert re.findall(r'class="badge badge-good">(.*?)<', listing.text) == ["Aktiv"]
    assert heading(requests.get(f"{web}/staff/login/", headers=GERMAN, timeout=10)) == (
        *("de", "de"),
        "Anmelden",
    )
    assert heading(staff.get(f"{web}/admin/nothing/", timeout=10)) == (
        *("de", "de"),
        "Diese Seite gibt es nicht",
    )


def test_a_language_that_is_chosen_goes_before_the_browsers(web):
    reader = requests.Session()
    reader.headers.update(GERMAN)
    chosen = reader.get(f"{web}/language/en/?next=/staff/login/", timeout=10)

    assert (chosen.url, heading(chosen)) == (f"{web}/staff/login/", ("en", "en", "Sign in"))
    elsewhere = reader.get(f"{web}/language/de/?next=//example.com/", timeout=10)
    assert (elsewhere.url, heading(elsewhere)[0]) == (f"{web}/", "de")
    assert reader.get(f"{web}/language/xx/", timeout=10).status_code == 404


def test_what_programs_read_is_english_whatever_they_ask_for(web, acme):
    refused = requests.get(f"{web}/api/v1/channels", headers=GERMAN, timeout=10)
    webhook = requests.post(f"{web}/api/webhooks/nobody", headers=GERMAN, timeout=10)
    health = requests.get(f"{web}/health", headers=GERMAN, timeout=10)

    said = [each.headers.get("Content-Language") for each in (refused, webhook, health)]
    assert (said, refused.json()["title"]) == ([None] * 3, "Unauthorized")


@pytest.mark.parametrize(
    ("zone", "shown", "exact"),
    [
        pytest.param(None, "2 Nov 2026, 09:31", "2 November 2026, 09:31:05 UTC", id="unknown"),
        pytest.param(
            "Europe/Berlin", "2 Nov 2026, 10:31", "2 November 2026, 10:31:05 CET", id="known"
        ),
        pytest.param(
            "../etc/passwd", "2 Nov 2026, 09:31", "2 November 2026, 09:31:05 UTC", id="no zone"
        ),
    ],
)
def test_times_are_those_of_the_readers_clock(web, staff, zone, shown, exact):
    cookies = {"time_zone": zone} if zone else {}
    listing = staff.get(f"{web}/admin/tenants/tenant/", cookies=cookies, timeout=10).text

    assert re.findall(
        r'<time datetime="(.*?)" title="(.*?)" class="whole">(.*?)</time>', listing
    ) == [("2026-11-02T09:31:05+00:00", exact, shown)]


def test_a_moment_of_lately_is_told_as_a_distance(web, staff):
    with operator_scope():
        Tenant.objects.update(created_at=datetime.now(UTC))
    words = re.compile(r"<time [^>]*>(.*?)</time>")
    english = staff.get(f"{web}/admin/tenants/tenant/", timeout=10)
    german = staff.get(f"{web}/admin/tenants/tenant/", headers=GERMAN, timeout=10)

    assert words.findall(english.text) == ["just now"]
    assert words.findall(german.text) == ["gerade eben"]


@pytest.mark.parametrize(
    ("distance", "shown"),
    [
        pytest.param(timedelta(minutes=-5, seconds=-9), "5\xa0minutes ago", id="minutes"),
        pytest.param(timedelta(hours=3, seconds=9), "3\xa0hours from now", id="to come"),
    ],
)
def test_a_moment_within_two_days_is_told_as_a_distance(distance, shown):
    told = times.ago(timezone.now() + distance)

    assert re.findall(r"<time [^>]*>(.*?)</time>", told) == [shown]


def test_where_there_is_no_moment_the_cell_says_so_as_others_do():
    assert times.ago(None) == "-"
