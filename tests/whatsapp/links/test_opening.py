"""A link opens the connect page of its tenant, for whoever has it and as often as they like, until
it is over; then it says what to do, and nothing of the tenant.
"""

from http.cookies import SimpleCookie

import pytest
import requests
import time_machine
from django.core.signing import Signer
from django.utils import timezone

from channels_app.models import Channel
from tenants.connect_links import opening
from tenants.models import ConnectLink, Tenant
from tenants.scope import operator_scope
from tests.support.members import employ, sign_in
from tests.support.whatsapp.holders import PAGE, Owner, new_link, only_link, title
from whatsapp.pages.awaited import AT_ONCE, _places

pytestmark = pytest.mark.whatsapp

CONNECT = (200, "Connect WhatsApp for Acme")
USED = (410, "This link was used already")
OVER = (410, "This link does not work any more")
UNKNOWN = (404, "This link does not work")
UNOPENED = (403, "Open your link once more")


def use(db_rows) -> None:
    db_rows.execute("UPDATE messaging.connect_links SET used_at = now(), channel_id = id")


def test_a_link_opens_the_page_of_its_tenant_without_an_account_and_leaves_the_address(web, link):
    owner = Owner(web, link)

    assert title(owner.opened) == CONNECT
    assert owner.page == f"{web}{PAGE}links/{only_link().id}/"
    token = link.rpartition("/")[2]
    assert [token in each for each in (owner.opened.url, owner.opened.text)] == [False, False]
    assert "Connect with Meta" in owner.opened.text


def test_a_link_is_the_rows_id_signed_and_nothing_else(web, link):
    assert link.startswith(f"{web}{PAGE}link/")
    named, _, _ = link.rpartition("/")[2].partition(":")
    assert named == only_link().id.hex


def test_a_browser_gets_a_cookie_of_the_link_and_no_session(web, link):
    answer = requests.get(link, timeout=10, allow_redirects=False)
    (cookie,) = SimpleCookie(answer.headers["Set-Cookie"]).values()

    assert cookie.key == f"connect_{only_link().id.hex}"
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/connect/")
    assert 24 * 3600 < int(cookie["max-age"]) <= 25 * 3600
    assert link.rpartition("/")[2] not in cookie.value


def test_behind_https_the_cookie_is_for_https_alone(web, link, settings):
    settings.IS_HTTPS = True
    answer = requests.get(link, timeout=10, allow_redirects=False)

    (cookie,) = SimpleCookie(answer.headers["Set-Cookie"]).values()
    assert cookie["secure"] is True


def test_previews_and_closed_tabs_use_nothing_up(web, link, account, meta, jobs):
    for ask in (requests.head, requests.get) * 3:
        assert ask(link, timeout=10).status_code in (200, 302, 403)
    first = Owner(web, link)
    key = first.session.cookies.get_dict()
    assert (title(first.open()), first.session.cookies.get_dict() == key) == (CONNECT, True)

    assert title(Owner(web, link).opened) == CONNECT
    first.finish(meta)
    jobs()
    with operator_scope():
        assert Channel.objects.get().status == "live"


def test_that_a_link_was_opened_is_kept_and_no_look_ahead_counts(web, link):
    requests.head(link, timeout=10, allow_redirects=False)
    session = requests.Session()
    session.headers["Sec-Purpose"] = "prefetch;prerender"
    session.get(link, timeout=10)
    session.head(only_page(web), timeout=10)
    assert (only_link().opened_at, only_link().state) == (None, "new")

    Owner(web, link)
    first = only_link().opened_at
    Owner(web, link)
    assert (first is not None, only_link().opened_at, only_link().state) == (True, first, "opened")


def only_page(web: str) -> str:
    return f"{web}{PAGE}links/{only_link().id}/"


@pytest.mark.parametrize(
    "tamper",
    [
        pytest.param(
            lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"), id="other signature"
        ),
        pytest.param(lambda token: token[1:], id="the beginning is missing"),
        pytest.param(lambda token: token[:-5], id="the end is missing"),
        pytest.param(lambda token: token.partition(":")[0], id="unsigned"),
        pytest.param(lambda token: "ä🙂:%00", id="no text"),
        pytest.param(
            lambda token: Signer(salt="another").sign(token[:32]), id="for another purpose"
        ),
    ],
)
def test_a_link_that_was_tampered_with_opens_nothing_and_names_nobody(web, link, tamper):
    beginning, _, token = link.rpartition("/")
    answer = requests.get(f"{beginning}/{tamper(token)}", timeout=10)

    assert (title(answer), "Acme" in answer.text) == (UNKNOWN, False)
    assert answer.cookies.get_dict() == {}


def expire(db_rows) -> None:
    db_rows.execute("UPDATE messaging.connect_links SET expires_at = now()")


def suspend(db_rows) -> None:
    db_rows.execute("UPDATE messaging.tenants SET status = 'suspended'")


ENDS = [
    pytest.param(expire, OVER, id="expired"),
    pytest.param(suspend, OVER, id="suspended"),
    pytest.param(use, USED, id="used"),
]


@pytest.mark.parametrize(("end", "said"), ENDS)
def test_a_link_that_is_over_opens_nothing_and_names_nobody(web, link, db_rows, end, said):
    owner = Owner(web, link)
    end(db_rows)
    fresh = requests.get(link, timeout=10)
    answers = [fresh, owner.open(), owner.get(), owner.get("state/"), owner.post("begin/")]
    answers += [owner.post("finish/", json={"state": "x"})]

    assert [title(each) for each in answers] == [said] * len(answers)
    assert [each for each in answers if "Acme" in each.text or "shop.example" in each.text] == []
    assert fresh.cookies.get_dict() == {}


def test_a_link_ends_with_its_hour_and_no_sooner(web, acme, link):
    short = new_link(acme, hours=1)
    ends = timezone.now().timestamp() + 3600
    with time_machine.travel(ends - 30, tick=True):
        assert title(requests.Session().get(short, timeout=10)) == CONNECT
    with time_machine.travel(ends + 1, tick=True):
        assert title(requests.get(short, timeout=10)) == OVER


def test_a_suspended_tenants_link_works_again_with_the_tenant(web, link, db_rows):
    suspend(db_rows)
    with operator_scope():
        Tenant.objects.update(status="active")

    assert title(Owner(web, link).opened) == CONNECT


def test_a_link_of_another_kind_is_unknown_here(web, link, db_rows):
    db_rows.execute("UPDATE messaging.connect_links SET kind = 'pigeon'")

    assert title(requests.get(link, timeout=10)) == UNKNOWN


def test_the_pages_address_opens_nothing_in_another_browser(web, link, owner):
    answer = requests.get(owner.page, timeout=10)

    assert (title(answer), "Acme" in answer.text) == (UNOPENED, False)


@pytest.mark.parametrize("planted", ["", "x", "WyJhIiwiYiJd:x", '"\x7f"'])
def test_a_cookie_that_we_did_not_sign_opens_nothing_and_is_replaced(web, link, planted):
    name = f"connect_{only_link().id.hex}"
    session = requests.Session()
    headers = {"Cookie": f"{name}={planted}"}
    assert title(session.get(only_page(web), headers=headers, timeout=10)) == UNOPENED

    answer = session.get(link, headers=headers, timeout=10, allow_redirects=False)
    assert answer.cookies[name] not in ("", planted)


def test_the_cookie_of_one_link_opens_no_other(web, acme, link, owner):
    other = new_link(acme)
    with operator_scope():
        theirs = ConnectLink.objects.exclude(id=opening.read(link.rpartition("/")[2])).get()
    mine = owner.session.cookies[f"connect_{only_id(link)}"]
    headers = {"Cookie": f"connect_{theirs.id.hex}={mine}"}

    page = f"{web}{PAGE}links/{theirs.id}/"
    assert title(requests.get(page, headers=headers, timeout=10)) == UNOPENED
    assert title(Owner(web, other).opened) == CONNECT


def only_id(link: str) -> str:
    return link.rpartition("/")[2].partition(":")[0]


def test_neither_frames_caches_nor_referrers_get_hold_of_a_link(web, link):
    owner = Owner(web, link)
    sent = requests.get(link, timeout=10, allow_redirects=False).headers
    page = owner.get().headers

    assert (sent["Referrer-Policy"], page["Referrer-Policy"]) == ("no-referrer", "same-origin")
    assert [each["Cache-Control"] for each in (sent, page)] == ["no-store", "no-store"]
    assert [each["X-Frame-Options"] for each in (sent, page)] == ["DENY", "DENY"]
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"].split("; ")
    assert page["Cross-Origin-Opener-Policy"] == "same-origin-allow-popups"
    ended = requests.get(f"{link}x", timeout=10).headers
    assert [ended[name] for name in ("Cache-Control", "X-Frame-Options", "Referrer-Policy")] == [
        "no-store",
        "DENY",
        "no-referrer",
    ]


def test_who_is_signed_in_at_the_same_browser_stays_so_and_is_nobody_here(web, globex, link):
    employ("grace", globex, "owner")
    grace, _ = sign_in(web, "grace")
    session_key = grace.cookies["sessionid"]
    owner = Owner(web, link, session=grace)

    assert (title(owner.opened), "grace" in owner.opened.text, "Globex" in owner.opened.text) == (
        CONNECT,
        False,
        False,
    )
    assert grace.cookies["sessionid"] == session_key
    assert "Globex" in grace.get(f"{web}/staff/", timeout=10).text


def test_while_others_wait_for_meta_the_owner_is_told_to_wait_whoever_is_signed_in(
    web, globex, link, account, meta
):
    employ("grace", globex, "owner")
    grace, _ = sign_in(web, "grace")
    owner = Owner(web, link, session=grace)
    for _ in range(AT_ONCE):
        _places.acquire()
    try:
        answer = owner.finish(meta)
    finally:
        for _ in range(AT_ONCE):
            _places.release()

    assert (title(answer), answer.headers["Retry-After"]) == ((503, "One moment"), "5")
