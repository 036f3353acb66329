"""By a link one number is connected for the link's tenant, as a member connects it, and the owner
is led back to where the link came from.
"""

from urllib.parse import parse_qsl, urlsplit

import pytest
import responses

from channels_app.models import Channel, ChannelMove
from tenants.scope import operator_scope
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, REPLY, thread_of
from tests.support.members import employ, sign_in
from tests.support.together import at_once
from tests.support.whatsapp.holders import (
    RETURN,
    Owner,
    new_link,
    only_link,
    signups,
    title,
    ways_back,
)
from whatsapp.models import Signup
from whatsapp.onboarding import flow
from whatsapp.onboarding.channels import LINK_USED
from whatsapp.onboarding.steps import STEPS, TITLES
from whatsapp.pages.holding import ATTEMPTS

pytestmark = pytest.mark.whatsapp

ALL_DONE = [(name, "done") for name in TITLES]
SECOND = "400000000000009"
GIVEN_UP = f"{RETURN}&connect=cancelled"
DENIED = {"error": "access_denied", "error_reason": "user_denied"}


def channels() -> list[tuple[str, str, str]]:
    with operator_scope():
        found = Channel.objects.select_related("tenant").order_by("external_id", "id")
        return [(each.tenant.slug, each.external_id, each.status) for each in found]


def number_of(link) -> str:
    with operator_scope():
        return Channel.objects.get(id=link.channel_id).external_id


def test_a_number_that_is_connected_by_a_link_receives_and_answers_and_the_owner_is_led_back(
    acme, owner, account, meta, jobs, write, work
):
    answer = owner.finish(meta)
    jobs()

    (signup,) = signups()
    assert (owner.steps(signup), channels()) == (ALL_DONE, [("acme", ACME_NUMBER, "live")])
    assert (signup.tenant_id, signup.user_id, signup.link_id) == (acme.id, None, only_link().id)
    page = owner.shown(answer)
    with operator_scope():
        channel = Channel.objects.get()
    assert (only_link().channel_id, only_link().state) == (channel.id, "used")
    assert ways_back(page) == [f"{RETURN}&connect=done&channel={channel.id}"]
    assert ("Go back to <bdi>shop.example</bdi>" in page.text, "return.js" in page.text) == (
        True,
        True,
    )
    write("Hello")
    work()
    assert thread_of(acme) == [("inbound", "Hello", "received"), ("outbound", REPLY, "accepted")]


def test_on_metas_own_page_it_is_the_same_and_meta_learns_nothing_of_the_link(
    web, link, owner, account, meta, jobs
):
    dialog = owner.post("begin/")
    token = link.rpartition("/")[2]
    assert [token in each for each in (dialog.url, str(dialog.request.headers))] == [False, False]
    asked = dict(parse_qsl(urlsplit(dialog.url).query))
    assert asked["redirect_uri"] == f"{web}/connect/whatsapp/callback"
    granted = owner.session.get(
        dialog.url.replace("/v25.0/dialog/oauth?", "/dialog/answer?choice=continue&"), timeout=10
    )
    jobs()

    (signup,) = signups()
    assert granted.url == f"{owner.page}?signup={signup.id}"
    assert (owner.steps(signup), channels()) == (ALL_DONE, [("acme", ACME_NUMBER, "live")])


def test_the_tenant_is_the_links_whoever_is_signed_in_and_whatever_the_request_says(
    web, globex, link, account, meta, jobs
):
    employ("grace", globex, "owner")
    grace, _ = sign_in(web, "grace")
    owner = Owner(web, link, session=grace)
    told = {"state": owner.state(), "code": meta.give_code(), "tenant": "globex"}
    owner.post("finish/?tenant=globex", json=told)
    jobs()

    assert channels() == [("acme", ACME_NUMBER, "live")]
    assert signups()[0].user_id is None


def test_who_cancels_on_metas_page_is_told_so_and_may_go_back_or_try_again(
    owner, account, meta, jobs
):
    state = owner.state()
    told = owner.back(state=state, **DENIED)

    assert told.url == owner.page
    assert "Nothing was connected: you left Meta&#x27;s page before the end." in told.text
    assert (ways_back(told), signups(), only_link().state) == ([GIVEN_UP], [], "opened")
    owner.back(state=state, code=meta.give_code(f"{owner.web}/connect/whatsapp/callback"))
    jobs()
    assert channels() == [("acme", ACME_NUMBER, "live")]


def test_where_meta_refuses_the_page_says_why_and_offers_the_way_back(owner, meta):
    told = owner.back(
        state=owner.state(), error="server_error", error_description="Something broke at Meta"
    )

    assert "Something broke at Meta" in told.text
    assert (ways_back(told), [each.status for each in signups()]) == ([GIVEN_UP], ["cancelled"])


def test_while_it_is_being_connected_no_way_leads_back_and_each_step_is_told(
    owner, account, meta, graph, jobs
):
    graph.onboarding_script["subscribe"].append({"code": 200})
    answer = owner.finish(meta)
    page = owner.shown(answer)
    assert (ways_back(page), "Connect with Meta" in page.text) == ([], False)
    jobs()

    page = owner.shown(answer)
    assert dict(owner.steps(signups()[0]))["subscribe"] == "failed"
    assert (ways_back(page), only_link().state) == ([GIVEN_UP], "opened")
    owner.post(f"{signups()[0].id}/again/")
    jobs()
    assert (channels(), only_link().state) == ([("acme", ACME_NUMBER, "live")], "used")


def test_a_number_with_a_pin_of_its_own_is_registered_with_that(owner, account, meta, jobs):
    meta.pins[ACME_NUMBER] = "246810"
    answer = owner.finish(meta)
    jobs()
    assert "PIN of the number, if one was set before" in owner.shown(answer).text
    owner.post(f"{signups()[0].id}/again/", data={"pin": "246810"})
    jobs()

    assert channels() == [("acme", ACME_NUMBER, "live")]


def test_after_it_was_used_the_owner_sees_how_it_went_and_connects_nothing_more(
    web, link, owner, account, meta, jobs
):
    answer, state = owner.finish(meta), owner.state()
    jobs()
    account.numbers[SECOND] = dict(account.numbers[ACME_NUMBER])
    code = meta.give_code()
    refused = [
        owner.open(),
        owner.get(),
        owner.get("state/"),
        owner.post("begin/"),
        owner.post("finish/", json={"state": state, "code": code, "event": "FINISH"}),
        owner.back(state=state, code=code),
        owner.back(state=state, **DENIED),
        owner.post(f"{signups()[0].id}/again/"),
        Owner(web, link).opened,
    ]

    assert [title(each) for each in refused] == [(410, "This link was used already")] * len(refused)
    assert (channels(), meta.codes[code].is_used) == ([("acme", ACME_NUMBER, "live")], False)
    assert title(owner.shown(answer)) == (200, "Connect WhatsApp for Acme")
    assert owner.steps(signups()[0]) == ALL_DONE


def go_live_together(*chosen: Signup) -> None:
    """Each of them has taken every step but the last."""
    for signup in chosen:
        for name in list(STEPS)[:-1]:
            flow.take(signup, name)
    at_once(lambda index: flow.take(chosen[index], "live"), times=len(chosen), threads=len(chosen))


@pytest.mark.parametrize("round", range(3))
def test_two_at_once_with_one_link_connect_one_number(web, link, owner, account, meta, round):
    meta.open_account(
        ACME_ACCOUNT,
        {"id": ACME_NUMBER, "display_phone_number": "+46 70 000 00 00"},
        {"id": SECOND, "display_phone_number": "+46 70 000 00 09"},
    )
    other = Owner(web, link)
    for each, number in ((owner, ACME_NUMBER), (other, SECOND)):
        each.finish(meta, data={"waba_id": ACME_ACCOUNT, "phone_number_id": number})
    go_live_together(*signups())

    connected = [each for each in signups() if each.status == "connected"]
    (refused,) = [each for each in signups() if each.status == "failed"]
    live = [number for _, number, status in channels() if status == "live"]
    assert live == [number_of(only_link())] == [each["id"] for each in connected[0].numbers]
    assert [told["said"] for told in refused.steps.values() if told["failed"]] == [LINK_USED]


@pytest.mark.parametrize("round", range(3))
def test_two_at_once_with_one_link_and_one_number_are_one_channel(
    web, link, owner, account, meta, round
):
    other = Owner(web, link)
    owner.finish(meta)
    other.finish(meta)
    go_live_together(*signups())

    assert [each.status for each in signups()] == ["connected"] * 2
    assert (channels(), number_of(only_link())) == ([("acme", ACME_NUMBER, "live")], ACME_NUMBER)


def test_who_begins_after_another_number_was_connected_is_stopped_before_meta_is_changed(
    web, link, owner, account, meta, jobs
):
    second = meta.open_account(
        "300000000000009", {"id": SECOND, "display_phone_number": "+46 70 000 00 09"}
    )
    other = Owner(web, link)
    state = other.state()
    other.finish(meta, state=state, data={"waba_id": "300000000000009", "phone_number_id": SECOND})
    (late,) = signups()
    with operator_scope():  # no process has taken it up yet
        Signup.objects.filter(id=late.id).update(status="failed")
    owner.finish(meta)
    jobs()
    with operator_scope():
        Signup.objects.filter(id=late.id).update(status="running")
    flow.proceed(late.tenant_id, late.id)

    with operator_scope():
        late.refresh_from_db()
    assert late.steps["owner"] == {**late.steps["owner"], "said": LINK_USED, "failed": True}
    assert (channels(), second.callback) == ([("acme", ACME_NUMBER, "live")], None)


def test_of_several_numbers_the_owner_chooses_one_and_that_alone_is_connected(
    owner, account, meta, jobs
):
    meta.open_account(
        ACME_ACCOUNT,
        {"id": ACME_NUMBER, "display_phone_number": "+46 70 000 00 00"},
        {"id": SECOND, "display_phone_number": "+46 70 000 00 09"},
    )
    answer = owner.finish(meta, data={"waba_id": ACME_ACCOUNT})
    jobs()
    page = owner.shown(answer).text
    assert (channels(), only_link().state) == ([], "opened")
    assert "A link connects one number: choose which, and press Continue." in page
    assert f'<option value="{SECOND}">+46 70 000 00 09' in page

    owner.post(f"{signups()[0].id}/again/", data={"number": "499999999999999"})
    jobs()
    assert channels() == []
    owner.post(f"{signups()[0].id}/again/", data={"number": SECOND})
    jobs()
    assert (channels(), number_of(only_link())) == ([("acme", SECOND, "live")], SECOND)


def test_a_number_that_its_owner_moves_by_a_link_is_recorded_as_that(
    globex, owner, account, meta, jobs
):
    with operator_scope():
        Channel.objects.connect(
            globex,
            kind="whatsapp",
            external_id=ACME_NUMBER,
            account_id=ACME_ACCOUNT,
            access_token="token",
            name="Globex",
        )
    answer = owner.finish(meta)
    jobs()
    page = owner.shown(answer).text
    assert ("Move the number here" in page, "Globex" in page) == (True, False)
    owner.post(f"{signups()[0].id}/again/", data={"move": "yes"})
    jobs()

    assert sorted(channels()) == [
        ("acme", ACME_NUMBER, "live"),
        ("globex", ACME_NUMBER, "disconnected"),
    ]
    with operator_scope():
        (move,) = ChannelMove.objects.all()
    assert (move.by_user_id, move.by_link_id) == (None, only_link().id)


def test_a_number_that_the_tenant_has_already_is_connected_again_and_stays_the_same(
    web, acme, owner, account, meta, jobs
):
    owner.finish(meta)
    jobs()
    with operator_scope():
        before = Channel.objects.get().id
        Channel.objects.update(status="needs_reauth")
    Owner(web, new_link(acme)).finish(meta)
    jobs()

    with operator_scope():
        assert [(each.id, each.status) for each in Channel.objects.all()] == [(before, "live")]


def test_what_was_begun_before_the_link_expired_is_finished_and_nothing_is_begun_after(
    owner, account, meta, jobs, db_rows
):
    answer, state = owner.finish(meta), owner.state()
    db_rows.execute("UPDATE messaging.connect_links SET expires_at = now()")
    jobs()

    assert channels() == [("acme", ACME_NUMBER, "live")]
    assert len(ways_back(owner.shown(answer))) == 1
    late = owner.finish(meta, state=state)
    assert (late.status_code, len(signups())) == (410, 1)


def test_a_failed_attempt_of_a_link_that_has_expired_offers_nothing_but_the_way_back(
    owner, account, meta, graph, jobs, db_rows
):
    graph.onboarding_script["subscribe"].append({"code": 200})
    answer = owner.finish(meta)
    jobs()
    db_rows.execute("UPDATE messaging.connect_links SET expires_at = now()")

    page = owner.shown(answer)
    assert "Your link does not work any more." in page.text
    assert ("Continue" in page.text, ways_back(page)) == (False, [GIVEN_UP])
    assert owner.post(f"{signups()[0].id}/again/").status_code == 410


def test_a_link_is_tried_thirty_times_and_no_more(acme, owner, account, meta):
    link_id, states = only_link().id, [owner.state() for _ in range(2)]
    with operator_scope():
        for each in range(ATTEMPTS - 1):
            Signup.objects.create(tenant=acme, link_id=link_id, nonce=str(each))
    answers = [owner.finish(meta, state=state) for state in states]

    assert [each.status_code for each in answers] == [200, 429]
    assert title(answers[1])[1] == "This link was tried too often"


def test_no_secret_of_a_link_is_stored_or_logged(
    web, link, owner, account, meta, jobs, db_rows, caplog
):
    owner.finish(meta)
    jobs()
    stored = str(db_rows.execute("SELECT to_jsonb(l) FROM messaging.connect_links l").fetchall())
    stored += str(
        db_rows.execute("SELECT to_jsonb(s) FROM messaging.whatsapp_signups s").fetchall()
    )

    signature = link.rpartition(":")[2]
    assert [signature in each for each in (stored, caplog.text)] == [False, False]


def test_the_return_address_is_never_asked_by_us(owner, account, meta, jobs, graph):
    with responses.RequestsMock(assert_all_requests_are_fired=False) as outside:
        outside.add_passthru("http://127.0.0.1")
        outside.add("GET", RETURN)
        owner.finish(meta)
        jobs()
        assert len(outside.calls) == 0
