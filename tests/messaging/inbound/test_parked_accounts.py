"""What Meta tells of an account that cannot send parks its channels, holds what waits, and is
undone by what lifts it.
"""

import time

import pytest

from channels_app.models import Channel
from messaging.inbound.leasing import DeliveryLeaser
from tenants.scope import operator_scope
from tests.support.cast import (
    ACME_ACCOUNT,
    ACME_NUMBER,
    GLOBEX_ACCOUNT,
    GLOBEX_NUMBER,
    create_tenant,
    thread_of,
)
from tests.support.whatsapp import bodies
from tests.support.whatsapp.accounts import age, health, history, now, told
from tests.support.whatsapp.channel import connect

pytestmark = [pytest.mark.whatsapp, pytest.mark.usefixtures("all_told")]

SECOND_NUMBER, THIRD_NUMBER = "400000000000003", "400000000000004"
DISABLED = "Meta has disabled the business account: nothing can be sent. See Business Support."
RESTRICTED = (
    "Meta has restricted the business account: it may not even answer people. Connect it again when"
    " that is over."
)


@pytest.fixture
def acme_whatsapp(acme_whatsapp, db_rows):
    return age(db_rows, acme_whatsapp)


@pytest.fixture
def globex_whatsapp(globex_whatsapp, db_rows):
    return age(db_rows, globex_whatsapp)


@pytest.fixture
def tells(deliver):
    """Entries of a webhook, taken in; nothing is sent yet."""

    def tells(*entries: dict) -> None:
        assert deliver(bodies.webhook(*entries)).status_code == 200
        DeliveryLeaser().process_due()

    return tells


def update(event: str, account: str = ACME_ACCOUNT, **more) -> dict:
    return told(account, "account_update", event=event, **more)


def ban(state: str, **more) -> dict:
    return update("DISABLED_UPDATE", ban_info={"waba_ban_state": state}, **more)


def restriction(kind: str, **more) -> dict:
    return update("ACCOUNT_RESTRICTION", restriction_info=[{"restriction_type": kind}], **more)


def errors(code: int) -> dict:
    return bodies.entry(
        ACME_ACCOUNT, {**bodies.value(ACME_NUMBER), "errors": [{"code": code, "title": "Refused"}]}
    )


def replies(tenant) -> list[str]:
    return [status for direction, _, status in thread_of(tenant) if direction == "outbound"]


PARKING = [
    pytest.param(ban("DISABLE"), "restricted", DISABLED, id="a ban"),
    pytest.param(
        restriction("RESTRICTED_CUSTOMER_INITIATED_MESSAGING"),
        "restricted",
        RESTRICTED,
        id="a whole restriction",
    ),
    pytest.param(
        update("ACCOUNT_DELETED"),
        "needs_reauth",
        "The business account was deleted at Meta: connect another one.",
        id="deletion",
    ),
    pytest.param(
        update("ACCOUNT_OFFBOARDED"),
        "needs_reauth",
        "The account has left the platform, because its phone changed or was registered anew:"
        " connect it again.",
        id="offboarding",
    ),
    pytest.param(
        update(
            "PARTNER_REMOVED", disconnection_info={"reason": "USER_ACTION", "initiated_by": "USER"}
        ),
        "needs_reauth",
        "The business no longer shares its account with us: connect it again. (USER_ACTION, USER)",
        id="a partner removed",
    ),
    pytest.param(
        update("PARTNER_APP_UNINSTALLED"),
        "needs_reauth",
        "The business has removed our app, and the token with it: connect the account again.",
        id="an app uninstalled",
    ),
    pytest.param(
        errors(190),
        "needs_reauth",
        "The access token no longer works: connect the channel again with a new one. (Graph error"
        " 190: Refused)",
        id="an error of the number",
    ),
    pytest.param(
        errors(131031),
        "restricted",
        "Meta has restricted or disabled the business account: see Business Support, then"
        " reconnect. (Graph error 131031: Refused)",
        id="an error of the account",
    ),
]


@pytest.mark.parametrize(("entry", "status", "reason"), PARKING)
def test_what_means_that_nothing_can_be_sent_parks_the_channel_until_it_is_connected_again(
    acme, acme_whatsapp, globex, globex_whatsapp, write, tells, work, graph, entry, status, reason
):
    write("Hello")
    write("Hello", number=GLOBEX_NUMBER, account=GLOBEX_ACCOUNT)
    DeliveryLeaser().process_due()
    assert replies(acme) == ["queued"]

    tells({**entry, "time": int(time.time())})
    assert (now(acme_whatsapp).status, now(acme_whatsapp).status_reason) == (status, reason)
    assert history(acme)[-1][0] == reason
    assert (now(globex_whatsapp).status, history(globex)) == ("live", [])
    work()
    assert (replies(acme), replies(globex)) == (["held"], ["accepted"])

    connect(acme, ACME_NUMBER, ACME_ACCOUNT, "new-token")
    work()
    assert (replies(acme), now(acme_whatsapp).status, now(acme_whatsapp).status_reason) == (
        ["accepted"],
        "live",
        "",
    )
    assert [entry["token"] for entry in graph.ledger] == ["token-of-globex", "new-token"]


def test_a_reinstated_account_sends_what_waited(acme, acme_whatsapp, write, tells, work, graph):
    write("Hello")
    DeliveryLeaser().process_due()
    tells(ban("DISABLE", at=time.time() - 60))
    work()
    assert (replies(acme), health(acme_whatsapp)) == (
        ["held"],
        {"account_status": "disabled", "sending": "restricted"},
    )

    tells(ban("REINSTATE", at=time.time() - 30))
    work()
    assert (replies(acme), now(acme_whatsapp).status, now(acme_whatsapp).status_reason) == (
        ["accepted"],
        "live",
        "",
    )
    assert health(acme_whatsapp) == {"account_status": "active", "sending": "possible"}


def test_a_ban_that_is_told_after_its_end_parks_nothing(acme, acme_whatsapp, tells):
    tells(ban("REINSTATE", at=time.time() - 30))
    tells(ban("DISABLE", at=time.time() - 60))

    assert (
        now(acme_whatsapp).status,
        len(history(acme)),
        health(acme_whatsapp)["account_status"],
    ) == ("live", 2, "active")

    tells(ban("DISABLE", at=time.time() - 10))
    assert now(acme_whatsapp).status == "restricted"


def test_the_ban_and_its_end_in_one_webhook_leave_the_channel_live(acme_whatsapp, tells):
    tells(ban("REINSTATE", at=time.time() - 30), ban("DISABLE", at=time.time() - 60))

    assert now(acme_whatsapp).status == "live"


def test_a_reinstatement_gives_no_token_back(acme_whatsapp, tells):
    tells(update("PARTNER_APP_UNINSTALLED", at=time.time() - 60))
    tells(ban("REINSTATE", at=time.time() - 30))

    assert now(acme_whatsapp).status == "needs_reauth"


@pytest.mark.parametrize(
    "entry",
    [
        restriction("RESTRICTED_BIZ_INITIATED_MESSAGING"),
        restriction("RESTRICTED_ADD_PHONE_NUMBER_ACTION"),
        ban("SCHEDULE_FOR_DISABLE"),
        update("ACCOUNT_VIOLATION"),
        update("ACCOUNT_RECONNECTED"),
        errors(130429),
    ],
    ids=[
        "answers only",
        "no more numbers",
        "a ban to come",
        "a violation",
        "reconnected",
        "too fast",
    ],
)
def test_what_leaves_answers_possible_is_listed_and_parks_nothing(
    acme, acme_whatsapp, write, tells, work, graph, entry
):
    tells({**entry, "time": int(time.time())})
    write("Hello")
    work()

    assert (now(acme_whatsapp).status, replies(acme), len(history(acme))) == (
        "live",
        ["accepted"],
        1,
    )


@pytest.mark.parametrize(
    "entry", [ban("DISABLE"), update("PARTNER_REMOVED")], ids=["a ban", "a partner removed"]
)
def test_what_was_so_before_the_channel_was_connected_parks_nothing(
    acme, acme_whatsapp, tells, entry
):
    tells({**entry, "time": int(time.time()) - 7200})

    assert (now(acme_whatsapp).status, len(history(acme))) == ("live", 1)

    tells({**entry, "time": int(time.time())})
    assert (now(acme_whatsapp).status, len(history(acme))) == (
        "restricted" if "ban_info" in str(entry) else "needs_reauth",
        2,
    )


def test_the_same_webhook_again_does_not_park_who_was_connected_meanwhile(
    acme, acme_whatsapp, tells
):
    again = ban("DISABLE", at=time.time() - 60)
    tells(again)
    assert now(acme_whatsapp).status == "restricted"

    connect(acme, ACME_NUMBER, ACME_ACCOUNT, "new-token")
    tells(again)
    assert (now(acme_whatsapp).status, len(history(acme))) == ("live", 1)


def test_a_ban_stops_all_channels_of_the_account_whosever_they_are(
    acme, acme_whatsapp, globex, globex_whatsapp, tells, db_rows
):
    initech = create_tenant("initech", "Initech")
    shared = [
        acme_whatsapp,
        age(db_rows, connect(acme, SECOND_NUMBER, ACME_ACCOUNT, "token-of-acme")),
        age(db_rows, connect(initech, THIRD_NUMBER, ACME_ACCOUNT, "token-of-initech")),
    ]
    tells(ban("DISABLE"))

    assert [(now(each).status, now(each).status_reason) for each in shared] == [
        ("restricted", DISABLED)
    ] * 3
    assert now(globex_whatsapp).status == "live"

    tells(ban("REINSTATE", at=time.time() + 1))
    assert [now(each).status for each in shared] == ["live"] * 3


def test_what_staff_parked_stays_parked_when_meta_lifts_a_ban(acme_whatsapp, tells):
    parked = now(acme_whatsapp)
    parked.park_by_staff("restricted")
    with operator_scope():
        parked.save_settings(*Channel.STANDING)
    tells(ban("DISABLE", at=time.time() - 60))
    tells(ban("REINSTATE", at=time.time() - 30))

    assert health(acme_whatsapp) == {"account_status": "active", "sending": "possible"}
    assert (now(acme_whatsapp).status, now(acme_whatsapp).recovers_by) == (
        "restricted",
        "reconnect",
    )
