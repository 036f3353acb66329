"""A number's card says in the words of its owner whether it works, what is the matter and what to
do, and offers to do it.
"""

import html
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from channels_app.lifecycle import health_check
from channels_app.models import Channel
from messaging.monitoring import problems
from tenants.scope import operator_scope
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER
from tests.support.whatsapp.connect_page import PAGE, channel, check
from whatsapp.errors import MEANINGS, sentence
from whatsapp.models import Signup

pytestmark = pytest.mark.whatsapp

WAITS = "Until then nothing is sent from it, and answers wait."
AGAIN = ["Reconnect +46700000000"]


@pytest.fixture
def card(web, ada, connected):
    """The card of the only number: its status, its sentences, and the buttons that connect it
    again.
    """

    def card(**changes: Any) -> tuple[str, list[str], list[str]]:
        with operator_scope():
            Channel.objects.update(**changes or {"kind": "whatsapp"})
        page = html.unescape(ada.get(f"{web}{PAGE}", timeout=10).text)
        (found,) = re.findall(r'<section class="card".*?</section>', page, re.DOTALL)
        said = re.findall(
            r"<p class=\"(?:bad|quiet)\">(.*?)</p>",
            found.partition("<form")[0].partition("<details")[0],
        )
        buttons = [
            re.sub("<.*?>", "", each) for each in re.findall(r"<button>(.*?)</button>", found)
        ]
        return re.search(r'<span class="end \w+">(.*?)</span>', found)[1], said, buttons

    return card


def test_a_number_that_works_says_so_and_offers_nothing(card):
    assert card(token_expires_at=None) == ("Works", [], [])


def test_a_token_that_ends_some_day_is_told_with_its_zone_and_one_that_ends_soon_is_offered_anew(
    card,
):
    later = datetime(2099, 3, 5, 14, 3, tzinfo=UTC)
    soon = datetime.now(UTC) + timedelta(days=13)
    told = f"{soon.day} {soon:%B %Y, %H:%M} UTC"

    assert card(token_expires_at=later) == (
        "Works",
        ["Meta's permission for it ends on 5 March 2099, 14:03 UTC. Connect it again before then."],
        [],
    )
    assert card(token_expires_at=soon) == (
        "Works",
        [f"Meta's permission for it ends on {told}. Connect it again before then."],
        AGAIN,
    )


def test_a_number_whose_token_is_dead_is_offered_to_be_connected_again(card):
    reason = sentence(MEANINGS[190], 190, "Error validating access token: Session has expired")
    said = (
        "Meta's permission to use this number has ended or was taken back. Connect it again."
        f" {WAITS}"
    )

    assert card(status="needs_reauth", status_reason=reason) == (
        "Needs to be connected again",
        [said],
        AGAIN,
    )


def test_a_number_that_stopped_without_a_reason_says_what_to_do_all_the_same(card):
    said = f"Meta does not let this platform use the number any more. Connect it again. {WAITS}"

    assert card(status="needs_reauth", status_reason="") == (
        "Needs to be connected again",
        [said],
        AGAIN,
    )


def test_a_number_that_meta_stopped_is_connected_again_only_where_that_brings_it_back(card):
    banned = sentence(MEANINGS[368], 368, "Temporarily blocked")
    until = (
        "Meta has restricted the business account: it may not even answer people. Connect it again"
        " when that is over."
    )

    assert card(status="restricted", status_reason=banned, recovers_by="probe") == (
        "Stopped by Meta",
        [
            "Meta has restricted or disabled the business account: see Meta's Business Support."
            f" The number goes on by itself once Meta allows it again. {WAITS}"
        ],
        [],
    )
    assert card(status="restricted", status_reason=until, recovers_by="reconnect") == (
        "Stopped by Meta",
        [f"{until} {WAITS}"],
        AGAIN,
    )


def test_a_number_that_is_begun_says_whether_somebody_is_at_it(
    web, ada, account, graph, finish, jobs
):
    def status() -> list[str]:
        return re.findall(
            r'<span class="end \w+">(.*?)</span>', ada.get(f"{web}{PAGE}", timeout=10).text
        )

    graph.onboarding_script["number"].append({"code": 4})
    finish()
    jobs()
    assert status() == ["Not connected yet"]
    with operator_scope():
        Signup.objects.update(status="running")
    assert status() == ["Being connected"]


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        pytest.param(
            lambda meta, token: setattr(meta.accounts[ACME_ACCOUNT], "callback", None),
            "What people write does not arrive here, because Meta does not pass it on. Connect the"
            " number again.",
            id="the subscription is gone",
        ),
        pytest.param(
            lambda meta, token: setattr(
                meta.accounts[ACME_ACCOUNT], "callback", "https://elsewhere.example/webhook"
            ),
            "What people write may not arrive here, because Meta passes it on to another place."
            " Connect the number again.",
            id="the webhooks go elsewhere",
        ),
        pytest.param(
            lambda meta, token: meta.number(ACME_NUMBER).update(status="RATE_LIMITED"),
            "Meta says that the number is rate limited. Look into WhatsApp Manager, or connect it"
            " again.",
            id="the number is limited",
        ),
        pytest.param(
            lambda meta, token: setattr(
                meta.grants[token], "scopes", ["whatsapp_business_management"]
            ),
            "Meta does not list every permission for this number. If messages stop, connect it"
            " again and leave every box in Meta's window ticked.",
            id="a permission is not listed",
        ),
    ],
)
def test_what_a_check_found_is_said_in_people_words_and_offered_to_be_repaired(
    card, connected, meta, jobs, break_it, said
):
    break_it(meta, connected.secrets()["access_token"])
    assert check(jobs)[0] == "live"

    assert card(token_expires_at=None) == ("Needs your attention", [said], AGAIN)


def test_what_was_found_before_a_number_was_connected_again_is_said_no_more(
    card, connected, meta, jobs, finish
):
    meta.accounts[ACME_ACCOUNT].callback = None
    check(jobs)
    assert (card(token_expires_at=None)[0], what_needs_a_hand()) == (
        "Needs your attention",
        ["channel_check"],
    )

    finish()
    jobs()

    assert (card(token_expires_at=None), what_needs_a_hand()) == (("Works", [], []), [])


def test_an_answer_about_a_token_that_was_replaced_meanwhile_says_nothing_of_the_new_one(
    card, connected, meta, jobs, finish
):
    meta.accounts[ACME_ACCOUNT].callback = None
    before, asked_at = channel(), datetime.now(UTC)
    found = health_check.ask(before)
    finish()
    jobs()

    health_check.record(before, found, asked_at)

    assert found.faults != ()
    assert (card(token_expires_at=None), what_needs_a_hand()) == (("Works", [], []), [])


def what_needs_a_hand() -> list[str]:
    with operator_scope():
        return [each.kind for each in problems.of_tenants()]


def test_a_refusal_beside_the_number_says_no_code(card, graph, jobs):
    graph.onboarding_script["debug_token"].append({"code": 100})
    check(jobs)
    said = (
        "Meta did not answer everything that was asked about this number. If it stops working,"
        " connect it again; if that does not help, tell the people who run this platform."
    )

    assert card(token_expires_at=None) == ("Needs your attention", [said], AGAIN)


def test_connecting_again_leads_to_the_same_page_of_metas_as_the_general_button(
    web, ada, connected
):
    with operator_scope():
        Channel.objects.update(status="needs_reauth")
    page = ada.get(f"{web}{PAGE}", timeout=10).text
    forms = re.findall(
        r'<form method="post" action="/connect/whatsapp/begin/"[^>]*>.*?</form>', page, re.DOTALL
    )
    fields = [re.findall(r'name="(\w+)"', each) for each in forms]

    assert fields == [["csrfmiddlewaretoken", "tenant"]] * 2
    assert (
        "<h2>Connect another number</h2>" in page,
        'data-number="+46700000000"' in forms[0],
    ) == (True, True)


@pytest.mark.parametrize(
    ("known", "named"),
    [
        ({"name": "Acme", "phone_number": "46700000000"}, "+46700000000"),
        ({"name": "Acme", "phone_number": ""}, "Acme"),
        ({"name": "", "phone_number": ""}, f"number {ACME_NUMBER}"),
    ],
    ids=str,
)
def test_metas_id_names_a_number_only_where_nothing_else_does(web, card, ada, known, named):
    assert card(status="needs_reauth", **known)[2] == [f"Reconnect {named}"]
    assert (ACME_NUMBER in ada.get(f"{web}{PAGE}", timeout=10).text) == (ACME_NUMBER in named)
