"""Who works for a business and may not connect it reads who may; of other businesses they learn
nothing.
"""

import re

import pytest
import requests

from tenants.models import User
from tenants.scope import operator_scope
from tests.support.members import employ, sign_in
from tests.support.whatsapp.connect_page import PAGE

pytestmark = [pytest.mark.whatsapp, pytest.mark.usefixtures("all_told")]


@pytest.fixture
def bob(web, acme, meta) -> requests.Session:
    """An agent of Acme, whose owner is Ada and whose administrator is Grace."""
    for name, role in {"ada": "owner", "grace": "admin", "bob": "agent", "carol": "agent"}.items():
        employ(name, acme, role)
    session, _ = sign_in(web, "bob")
    return session


def heading(answer: requests.Response) -> str:
    return re.sub("<.*?>", "", re.search(r"<h1>(.*?)</h1>", answer.text)[1])


def people(answer: requests.Response) -> list[str]:
    return re.findall(r"<li><bdi>(.*?)</bdi></li>", answer.text)


def test_an_agent_reads_who_can_connect_the_business_and_finds_back(web, bob):
    answer = bob.get(f"{web}{PAGE}", timeout=10)

    assert (answer.status_code, heading(answer), people(answer)) == (
        403,
        "You cannot connect WhatsApp for Acme",
        ["ada", "grace"],
    )
    assert '<a href="/staff/">Back to your businesses</a>' in answer.text


def test_people_are_called_as_they_call_themselves_and_who_has_left_is_not_named(web, bob):
    with operator_scope():
        User.objects.filter(username="ada").update(first_name="Ada", last_name="Lovelace <b>")
        User.objects.filter(username="grace").update(is_active=False)

    assert people(bob.get(f"{web}{PAGE}", timeout=10)) == ["Ada Lovelace &lt;b&gt;"]


def test_an_agent_of_one_business_and_owner_of_another_connects_only_that(web, bob, globex):
    employ("bob", globex, "owner")
    pages = {
        slug: bob.get(f"{web}{PAGE}", params={"tenant": slug}, timeout=10)
        for slug in ("acme", "globex", "initech")
    }

    assert {slug: page.status_code for slug, page in pages.items()} == {
        "acme": 403,
        "globex": 200,
        "initech": 404,
    }
    assert people(pages["acme"]) == ["ada", "grace"]
    assert "Acme" not in pages["globex"].text


def test_a_business_that_one_does_not_work_for_is_as_unknown_as_one_that_is_not_there(
    web, bob, globex
):
    employ("olga", globex, "owner")
    theirs, nobodys = [
        bob.get(f"{web}{PAGE}", params={"tenant": slug}, timeout=10)
        for slug in ("globex", "initech")
    ]

    assert [(page.status_code, heading(page)) for page in (theirs, nobodys)] == [
        (403, "You cannot connect WhatsApp for Acme")
    ] * 2
    assert [each in theirs.text for each in ("Globex", "olga")] == [False, False]


def test_who_works_for_nobody_is_refused(web, acme, meta):
    with operator_scope():
        User.objects.create_user("dave", password="correct horse")
    dave, _ = sign_in(web, "dave")

    assert dave.get(f"{web}{PAGE}", timeout=10).status_code == 403
