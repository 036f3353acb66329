"""A live channel is never switched off on a hint: only a refused token parks it, twice refused, and
what works un-parks it.
"""

from typing import Any

import pytest

from channels_app.lifecycle.parking import unpark
from channels_app.models import Channel
from tenants.scope import operator_scope
from tests.support.cast import REPLY, thread_of
from tests.support.whatsapp import reported
from tests.support.whatsapp.connect_page import APP_ID, channel, check

pytestmark = pytest.mark.whatsapp

BAD = pytest.mark.parametrize(
    "refusal",
    [
        pytest.param({"code": 190, "http": 401}, id="190"),
        pytest.param({"code": 102}, id="102"),
        pytest.param({"code": 100, "subcode": 33}, id="100/33 on the number"),
    ],
)


@BAD
def test_a_refusal_that_a_second_call_does_not_confirm_parks_nothing(
    connected, graph, jobs, refusal
):
    graph.onboarding_script["number"].append(refusal)

    assert check(jobs) == ("live", "ok")


@BAD
def test_a_refusal_that_comes_twice_parks_and_the_next_check_that_succeeds_unparks(
    connected, graph, jobs, refusal, caplog
):
    graph.onboarding_script["number"].extend([refusal, refusal])
    status, _ = check(jobs)
    parked = channel()
    assert (status, parked.recovers_by, parked.parked_at is None, parked.status_reason == "") == (
        "needs_reauth",
        "check",
        False,
        False,
    )

    assert check(jobs) == ("live", "ok")
    assert channel().status_reason == ""
    assert (
        f"Channel {connected.id} of tenant {connected.tenant_id} works again and is live."
        in caplog.messages
    )


def test_what_was_held_leaves_once_a_check_unparks_the_channel(
    acme, connected, meta, graph, jobs, write, work
):
    graph.script.append({"code": 190, "http": 401})
    write("Hello")
    work()
    assert (channel().status, thread_of(acme)[1]) == ("needs_reauth", ("outbound", REPLY, "held"))
    check(jobs)
    work()

    assert (channel().status, thread_of(acme)[1]) == ("live", ("outbound", REPLY, "accepted"))
    assert len(graph.ledger) == 2


@pytest.mark.parametrize(
    "refusal",
    [
        {"code": 0},
        {"code": 3},
        {"code": 10, "http": 403},
        {"code": 33},
        {"code": 100, "subcode": 2494},
        {"code": 200, "http": 403},
        {"code": 368},
        {"code": 803},
        {"code": 131031},
        {"code": 131045},
        {"code": 999},
        {"code": 4, "http": 403},
        {"code": 80008},
        {"http": 401},
        {"http": 404},
        {"http": 503},
    ],
    ids=str,
)
def test_any_other_answer_about_the_number_parks_nothing_and_unparks_nothing(
    connected, graph, jobs, refusal
):
    graph.onboarding_script["number"].extend([refusal] * 6)
    check(jobs)
    assert channel().status == "live"
    with operator_scope():
        Channel.objects.update(status="needs_reauth", recovers_by="check")
    graph.onboarding_script["number"].clear()
    graph.onboarding_script["number"].extend([refusal] * 6)
    check(jobs)
    assert channel().status == "needs_reauth"


@pytest.mark.parametrize("recovery", ["probe", "reconnect"])
def test_a_check_unparks_nothing_that_no_refused_token_parked(connected, jobs, recovery):
    with operator_scope():
        Channel.objects.update(status="needs_reauth", recovers_by=recovery)

    assert check(jobs) == ("needs_reauth", "ok")


def test_a_check_unparks_no_channel_that_got_another_token_meanwhile(connected):
    with operator_scope():
        Channel.objects.update(status="needs_reauth", credentials="another")

    assert (unpark(connected, Channel.Recovery.CHECK), channel().status) == (False, "needs_reauth")


TOKENS = reported.read("token_granular_scopes_of_2026")
OF_2026 = TOKENS["answer"]["data"] | {"app_id": APP_ID}


def described(**changes: Any) -> dict[str, Any]:
    """What debug_token says, as a step of the stand-in; None takes a key away."""
    told = OF_2026 | changes
    return {"answer": {"data": {key: value for key, value in told.items() if value is not None}}}


WORDINGS = [
    pytest.param({}, id="as of 2026"),
    pytest.param({"granular_scopes": None}, id="no granular scopes"),
    pytest.param({"granular_scopes": []}, id="none is granular"),
    pytest.param({"granular_scopes": "none"}, id="a text for the list"),
    pytest.param(
        {"granular_scopes": [{"scope": "whatsapp_business_management"}]},
        id="management without accounts",
    ),
    pytest.param(
        {"granular_scopes": [{"scope": "whatsapp_business_management", "target_ids": []}]},
        id="for none",
    ),
    pytest.param(
        {
            "granular_scopes": [
                {"scope": "whatsapp_business_messaging", "target_ids": ["399999999999999"]}
            ]
        },
        id="for another",
    ),
    pytest.param(
        {"scopes": [], "granular_scopes": [{"scope": scope} for scope in OF_2026["scopes"]]},
        id="all of them granular",
    ),
    pytest.param({"expires_at": None, "data_access_expires_at": None}, id="no ends"),
]


@pytest.mark.parametrize("changes", WORDINGS)
def test_how_meta_words_a_tokens_scopes_parks_nothing(connected, graph, jobs, changes):
    graph.onboarding_script["debug_token"].append(described(**changes))

    assert check(jobs) == ("live", "ok")


@pytest.mark.parametrize("changes", WORDINGS)
def test_how_meta_words_a_tokens_scopes_stops_no_business_from_connecting(
    ada, account, graph, finish, jobs, changes
):
    graph.onboarding_script["debug_token"].append(described(**changes))
    finish()
    jobs()

    assert channel().status == "live"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"scopes": ["whatsapp_business_management"], "granular_scopes": []},
            (
                "Meta does not list the permission whatsapp_business_messaging for the token:"
                " connect the number again and grant it if sending fails."
            ),
        ),
        (
            {"is_valid": False, "error": {"message": "The session was ended."}},
            (
                "Meta says that the token is not valid: The session was ended. The number answers"
                " all the same: connect it again if sending fails."
            ),
        ),
        ({"app_id": "1"}, "The token was given to another app: connect the number again."),
    ],
)
def test_what_meta_says_against_a_token_that_works_is_a_warning(
    connected, graph, jobs, changes, sentence
):
    graph.onboarding_script["debug_token"].append(described(**changes))

    assert check(jobs) == ("live", sentence)


def test_a_number_that_was_connected_by_command_is_well_where_the_stand_in_never_granted_its_token(
    acme_whatsapp, meta, jobs
):
    assert check(jobs) == ("live", "ok")


def test_an_account_that_the_token_may_not_see_is_a_warning_that_says_what_was_looked_at(
    connected, graph, jobs
):
    graph.onboarding_script["subscriptions"].append({"code": 10, "http": 403})
    status, said = check(jobs)

    assert (
        status,
        said.startswith("The account's webhooks cannot be looked at: The token lacks a permission"),
    ) == ("live", True)
