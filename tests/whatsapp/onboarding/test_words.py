"""The page of a business's owner speaks of numbers and permissions; operators read the exact words
in the back-office.
"""

import html
import re

import pytest

from tenants.scope import operator_scope
from tests.support.back_office import sign_in as sign_in_as_staff
from tests.support.whatsapp.connect_page import PAGE
from whatsapp.errors import sentence
from whatsapp.models import Signup
from whatsapp.onboarding.steps import TITLES
from whatsapp.pages.plain_words import EVERY_MEANING, FAULTS, plain

pytestmark = pytest.mark.whatsapp

MACHINES = re.compile(
    r"META_|WABA|\bAPI\b|Graph|HTTP|\btokens?\b|webhook|callback|\bscope|\bchannels?\b|phone number"
    r" id|dashboard|subscribed"
    r"|deregister|needs_reauth|_|\bcode of its own\b|https",
    re.IGNORECASE,
)


def words_of(page: str) -> str:
    """What people read of a page."""
    return html.unescape(re.sub(r"<script.*?</script>|<.*?>", " ", page, flags=re.DOTALL))


@pytest.mark.parametrize(
    "meaning",
    sorted(EVERY_MEANING, key=lambda each: each.advice),
    ids=lambda each: each.advice[:40],
)
def test_no_refusal_of_metas_is_told_to_owners_in_words_of_machines(meaning):
    said = plain(sentence(meaning, 190, "(#190) Invalid OAuth access_token"))

    assert (MACHINES.findall(said), "190" in said, said.endswith(".")) == ([], False, True)


def test_the_words_of_machines_are_found_where_there_are_some():
    assert MACHINES.findall("The token of META_APP_SECRET is refused (Graph error 10)") == [
        "token",
        "META_",
        "_",
        "Graph",
    ]


def test_steps_and_faults_are_in_words_of_people():
    assert [
        MACHINES.findall(each)
        for each in (*TITLES.values(), *FAULTS.values())
        if MACHINES.search(each)
    ] == []


@pytest.mark.parametrize(
    ("call", "fault"),
    [
        ("exchange", {"code": 100}),
        ("exchange", {"code": 101}),
        ("exchange", {"code": 1}),
        ("exchange", {"http": 502}),
        ("exchange", {"answer": {"token_type": "bearer"}}),
        ("debug_token", {"answer": {"data": {}}}),
        ("debug_token", {"code": 190, "http": 401}),
        ("phone_numbers", {"code": 190, "http": 401}),
        ("phone_numbers", {"answer": {"data": 7}}),
        ("subscribe", {"code": 2200}),
        ("subscribe", {"code": 200}),
        ("register", {"code": 133000}),
        ("number", {"code": 4}),
        ("number", {"code": 2635}),
    ],
    ids=str,
)
def test_a_step_that_fails_says_so_in_words_of_people_and_operators_read_metas_own(
    web, ada, account, finish, graph, jobs, call, fault
):
    graph.onboarding_script[call].append(fault)
    finish()
    jobs()
    with operator_scope():
        signup = Signup.objects.get()
    (recorded,) = [each["said"] for each in signup.steps.values() if each["failed"]]
    page = words_of(ada.get(f"{web}{PAGE}", timeout=10).text)
    staff = sign_in_as_staff(web, is_staff=True, is_superuser=True)
    theirs = html.unescape(
        staff.get(f"{web}/admin/whatsapp/signup/{signup.id}/change/", timeout=10).text
    )

    assert MACHINES.findall(page) == []
    assert (plain(recorded) in page, recorded in theirs, plain(recorded) != recorded) == (
        True,
        True,
        True,
    )
    assert plain(recorded).endswith("Press Connect again.") == (call == "exchange")


def test_a_page_with_everything_on_it_has_no_words_of_machines(web, ada, connected):
    page = words_of(ada.get(f"{web}{PAGE}", timeout=10).text)

    assert ("Works" in page, MACHINES.findall(page)) == (True, [])


def test_where_the_platform_is_not_set_up_an_owner_reads_who_must_finish_it(web, ada, settings):
    settings.META_APP_ID = ""
    page = words_of(ada.get(f"{web}{PAGE}", timeout=10).text)

    assert "the people who run this platform must finish its set-up at Meta first." in page
    assert (MACHINES.findall(page), "Continue on Meta's own page" in page) == ([], False)
