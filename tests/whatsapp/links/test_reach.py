"""Whoever has a link reaches its page and their own attempt: no other page, number, attempt or
tenant.
"""

import re
from uuid import UUID

import pytest
from django.urls import URLResolver, get_resolver

from channels_app.models import Channel
from tenants.scope import operator_scope
from tests.support.cast import ACME_NUMBER
from tests.support.members import employ
from tests.support.whatsapp.channel import connect
from tests.support.whatsapp.holders import Owner, new_link, only_link, signups
from whatsapp.models import Signup

pytestmark = pytest.mark.whatsapp

NAMED = "Acme's secret number"
OPEN_TO_ALL = {  # what everybody gets, and what is said of nobody there
    "start",
    "staff_sign_in",
    "staff_password_forgotten",
    "staff_password_asked",
    "staff_password_choose",
    "staff_invitation",
    "staff_invitation_link",
    "api_docs",
    "api_schema",
    "admin:login",
    "admin:jsi18n",
}


def every_page(resolver: URLResolver, above: str = "", space: str = "") -> dict[str, str]:
    """The address of each page by its name, with a tenant's slug and ids that are nobody's."""
    found: dict[str, str] = {}
    for each in resolver.url_patterns:
        address = above + re.sub(r"\^|/\?\$|\$", "", str(each.pattern))
        if isinstance(each, URLResolver):
            found |= every_page(each, address, f"{each.namespace}:" if each.namespace else space)
        elif each.name and "(" not in address:
            slugged = address.replace("<slug:slug>", "acme")
            found[f"{space}{each.name}"] = re.sub("<.*?>", str(UUID(int=1)), slugged)
    return found


@pytest.fixture
def number(acme, graph) -> Channel:
    channel = connect(acme, ACME_NUMBER, "300000000000001", "token-of-acme")
    with operator_scope():
        Channel.objects.update(name=NAMED)
    return channel


def test_no_other_page_opens(web, owner, number):
    pages = every_page(get_resolver())
    answers = {
        name: owner.session.get(f"{web}/{address}", timeout=10, allow_redirects=False)
        for name, address in pages.items()
    }
    opened = {name for name, answer in answers.items() if answer.status_code == 200}
    telling = [name for name, answer in answers.items() if NAMED in answer.text]

    assert (opened - OPEN_TO_ALL, telling, len(pages) > 100) == (set(), [], True)
    statuses = {answer.status_code for answer in answers.values()}
    assert statuses <= {200, 301, 302, 401, 403, 404, 405}


def test_the_page_lists_no_number_and_no_tenants_but_its_own(globex, owner, number):
    page = owner.get().text

    assert [each in page for each in (NAMED, ACME_NUMBER, "Globex", "Disconnect")] == [False] * 4


def test_nothing_is_disconnected_and_the_members_pages_ask_to_sign_in(web, owner, number):
    token = {"csrfmiddlewaretoken": owner.token}
    below = f"{web}/connect/whatsapp/"
    ways = [
        f"channels/{number.id}/disconnect/",
        "begin/",
        "finish/",
        f"{UUID(int=1)}/again/",
    ]
    answers = [
        owner.session.post(
            f"{below}{way}",
            data=token,
            headers={"Referer": owner.page},
            timeout=10,
            allow_redirects=False,
        )
        for way in ways
    ]

    assert [each.headers["Location"].partition("?")[0] for each in answers] == [
        "/staff/login/"
    ] * len(ways)
    with operator_scope():
        assert Channel.objects.get().status == "live"


def test_attempts_of_members_and_of_other_links_are_not_there(web, acme, globex, owner, meta):
    ada = employ("ada", acme, "owner")
    others = [Owner(web, new_link(each)) for each in (acme, globex)]
    for each in others:
        each.finish(meta)
    with operator_scope():
        Signup.objects.create(tenant=acme, user=ada, nonce="of ada")
    foreign = signups()

    assert len(foreign) == 3
    for signup in foreign:
        assert owner.get(f"{signup.id}/steps/").status_code == 404
        assert owner.post(f"{signup.id}/again/", data={"move": "yes"}).status_code == 404
        assert str(signup.id) not in owner.get(f"?signup={signup.id}").text
    assert others[0].get(f"{foreign[0].id}/steps/").status_code == 200


def test_an_attempt_of_a_closed_link_cannot_be_guessed(owner, db_rows):
    db_rows.execute("UPDATE messaging.connect_links SET expires_at = now()")

    for asked in ("", "?signup=x", f"?signup={UUID(int=1)}", "?signup=%00"):
        assert owner.get(asked).status_code == 410
    assert only_link().state == "expired"
