"""What happens to business accounts at Meta: heard by those who have channels of the account, as
history and as health.
"""

import itertools
import json
import time

import pytest

from channels_app.models import Channel, ChannelEvent
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
from tests.support.outcomes import FINISHED, WAITING, count, dead_letters, deliveries
from tests.support.whatsapp import bodies
from tests.support.whatsapp.accounts import age, health, history, now, summaries, told
from tests.support.whatsapp.channel import connect

pytestmark = [pytest.mark.whatsapp, pytest.mark.usefixtures("all_told")]

SECOND_NUMBER, PORTFOLIO = "400000000000003", "800000000000001"
APPROVED = "Meta has reviewed the business account: approved."
REJECTED = "Meta has reviewed the business account: rejected."
FASTER = "The number may send faster now."
LIMIT = "Meta has set what the business may do. People it may write to in a day: {}."


@pytest.fixture
def acme_whatsapp(acme_whatsapp, db_rows):
    return age(db_rows, acme_whatsapp)


@pytest.fixture
def tells(deliver, work):
    """Entries of a webhook, taken through by the worker: tells(told(...), told(...))"""

    def tells(*entries: dict) -> None:
        assert deliver(bodies.webhook(*entries)).status_code == 200
        work()

    return tells


def review(account: str, decision: str = "APPROVED", **more) -> dict:
    return told(account, "account_review_update", decision=decision, **more)


def limit(reached: int, at: float) -> dict:
    return told(
        ACME_ACCOUNT,
        "business_capability_update",
        at=at,
        max_daily_conversations_per_business=reached,
    )


def greeting(number: str, display: str) -> dict:
    """Somebody writes to a number; Meta says beside it how people dial it."""
    value = bodies.value(number, messages=(bodies.text(),))
    value["metadata"]["display_phone_number"] = display
    return bodies.entry(ACME_ACCOUNT, value)


def test_who_has_channels_of_the_account_hears_of_it_and_nobody_else(
    acme, acme_whatsapp, globex, globex_whatsapp, tells
):
    initech = create_tenant("initech", "Initech")
    shared = connect(initech, SECOND_NUMBER, ACME_ACCOUNT, "token-of-initech")
    tells(review(ACME_ACCOUNT))
    assert [summaries(each) for each in (acme, initech, globex)] == [[APPROVED], [APPROVED], []]
    assert [health(each) for each in (acme_whatsapp, shared, globex_whatsapp)] == [
        {"review": "approved"},
        {"review": "approved"},
        {},
    ]

    tells(review(GLOBEX_ACCOUNT, "REJECTED"))
    assert [summaries(each) for each in (acme, initech, globex)] == [
        [APPROVED],
        [APPROVED],
        [REJECTED],
    ]
    assert (health(acme_whatsapp), health(globex_whatsapp)) == (
        {"review": "approved"},
        {"review": "rejected"},
    )


def test_metadata_never_says_whose_it_is(acme, acme_whatsapp, globex, globex_whatsapp, tells):
    def tomorrow(account: str, number: str) -> dict:
        return told(
            account,
            "quantum_update",
            metadata={"phone_number_id": number, "display_phone_number": "1"},
        )

    tells(tomorrow(ACME_ACCOUNT, GLOBEX_NUMBER))
    assert (history(acme), history(globex)) == ([("Meta reports: quantum_update.", None)], [])

    tells(tomorrow(GLOBEX_ACCOUNT, GLOBEX_NUMBER))
    assert history(globex) == [("Meta reports: quantum_update.", globex_whatsapp.id)]
    assert len(history(acme)) == 1


def test_an_account_of_nobody_here_costs_nothing(acme_whatsapp, tells, db_rows):
    tells(review("300000000000009"), review(ACME_ACCOUNT))

    with operator_scope():
        assert ChannelEvent.objects.values_list("account_id").get() == (ACME_ACCOUNT,)
    assert (deliveries(db_rows), dead_letters(db_rows)) == ([FINISHED], [])


def test_what_is_told_of_one_number_is_true_of_its_channel(
    acme, acme_whatsapp, globex, globex_whatsapp, tells, graph
):
    second = connect(acme, SECOND_NUMBER, ACME_ACCOUNT, "token-of-acme")
    tells(greeting(ACME_NUMBER, "15550100001"), greeting(SECOND_NUMBER, "15550100002"))
    assert (now(acme_whatsapp).phone_number, now(second).phone_number) == (
        "15550100001",
        "15550100002",
    )

    faster = {"display_phone_number": "+1 555-010-0002", "event": "THROUGHPUT_UPGRADE"}
    alert = {
        "entity_type": "PHONE_NUMBER",
        "entity_id": int(SECOND_NUMBER),
        "alert_info": {"alert_description": "Look."},
    }
    tells(
        told(ACME_ACCOUNT, "phone_number_quality_update", at=1_790_000_000, **faster),
        told(ACME_ACCOUNT, "account_alerts", at=1_790_000_001, **alert),
    )
    assert history(acme) == [(FASTER, second.id), ("Meta alerts: Look.", second.id)]
    assert [health(each) for each in (acme_whatsapp, second, globex_whatsapp)] == [
        {},
        {"throughput": "high"},
        {},
    ]


@pytest.mark.parametrize("newer", ["15550100009", "15550100001"])
def test_a_number_that_belongs_to_another_channel_now_is_learned_anew(
    acme, acme_whatsapp, tells, graph, newer
):
    tells(greeting(ACME_NUMBER, "15550100005"))
    tells(greeting(ACME_NUMBER, newer))

    assert now(acme_whatsapp).phone_number == newer


def test_what_is_told_of_a_number_that_is_not_connected_is_listed_and_true_of_no_channel(
    acme, acme_whatsapp, tells, graph
):
    tells(greeting(ACME_NUMBER, "15550100001"))
    tells(
        told(
            ACME_ACCOUNT,
            "phone_number_quality_update",
            display_phone_number="15550100007",
            event="THROUGHPUT_UPGRADE",
        )
    )

    assert (history(acme), health(acme_whatsapp)) == ([(FASTER, None)], {})


@pytest.mark.parametrize("order", list(itertools.permutations((250, 2_000, 10_000))))
def test_health_is_the_newest_word_in_whatever_order_it_comes(acme, acme_whatsapp, tells, order):
    for reached in order:
        tells(limit(reached, at=1_790_000_000 + reached))

    assert health(acme_whatsapp) == {"limit": "10,000"}
    assert summaries(acme) == [LIMIT.format(each) for each in ("250", "2,000", "10,000")]


def test_what_comes_twice_is_listed_once_and_what_happens_twice_is_listed_twice(
    acme, acme_whatsapp, tells
):
    for _ in range(2):
        tells(review(ACME_ACCOUNT, at=1_790_000_000))
    tells(review(ACME_ACCOUNT, at=1_790_000_060), review(ACME_ACCOUNT, at=1_790_000_060))

    assert summaries(acme) == [APPROVED] * 2


def test_a_field_of_tomorrow_is_listed_under_its_name_and_kept_whole(acme_whatsapp, tells, db_rows):
    content = {
        "metadata": {"phone_number_id": ACME_NUMBER},
        "colour": ["blue", 1],
        "deep": {"er": None},
    }
    tells(told(ACME_ACCOUNT, "quantum_update", at=1_790_000_000, **content))

    with operator_scope():
        (event,) = ChannelEvent.objects.all()
    assert (event.kind, event.severity, event.summary, event.channel_id, event.raw) == (
        "quantum_update",
        "info",
        "Meta reports: quantum_update.",
        acme_whatsapp.id,
        content,
    )
    assert event.occurred_at.timestamp() == 1_790_000_000
    assert (deliveries(db_rows), dead_letters(db_rows)) == ([FINISHED], [])


@pytest.mark.parametrize(
    "field", ["calls", "group_lifecycle_update", "automatic_events", "consumer_profile"]
)
def test_a_field_that_is_kept_stays_in_its_delivery(acme, acme_whatsapp, tells, db_rows, field):
    tells(
        told(ACME_ACCOUNT, field, metadata={"phone_number_id": ACME_NUMBER}), review(ACME_ACCOUNT)
    )

    assert summaries(acme) == [APPROVED]
    assert (deliveries(db_rows), dead_letters(db_rows)) == ([FINISHED], [])
    (body,) = db_rows.execute("SELECT body FROM messaging.webhook_deliveries").fetchone()
    assert json.loads(bytes(body))["entry"][0]["changes"][0]["field"] == field


def test_what_is_poisoned_costs_none_of_its_neighbours(
    acme, acme_whatsapp, globex, globex_whatsapp, tells, graph, db_rows
):
    template = {"message_template_id": 7, "message_template_language": "en", "event": "APPROVED"}
    poison = [
        told(ACME_ACCOUNT, "account_update", event=["DISABLED_UPDATE"], ban_info=7, time={}),
        told(
            ACME_ACCOUNT,
            "message_template_status_update",
            **template,
            message_template_name="a\x00b",
        ),
        told(
            ACME_ACCOUNT,
            "message_template_status_update",
            **template,
            message_template_name="x" * 600,
        ),
        told(
            ACME_ACCOUNT,
            "message_template_components_update",
            message_template_buttons={"a": 1},
            disable_info=[[]],
        ),
        told(
            ACME_ACCOUNT,
            "phone_number_name_update",
            decision={"a": "b"},
            requested_verified_name="\x00\ud800" * 900,
        ),
        told(
            ACME_ACCOUNT,
            "business_capability_update",
            max_daily_conversations_per_business=float("inf"),
        ),
        {**review(ACME_ACCOUNT), "time": "soon"},
        {"id": ACME_ACCOUNT, "changes": [{"field": "account_alerts", "value": ["CRITICAL"]}]},
        {
            "id": [ACME_ACCOUNT],
            "changes": [{"field": "account_review_update", "value": {"decision": "APPROVED"}}],
        },
    ]
    written = bodies.entry(
        GLOBEX_ACCOUNT, bodies.value(GLOBEX_NUMBER, messages=(bodies.text("Hello"),))
    )
    tells(review(ACME_ACCOUNT, "PENDING"), *poison, written, review(GLOBEX_ACCOUNT, "REJECTED"))

    assert [text for _, text, _ in thread_of(globex)][:1] == ["Hello"]
    assert (history(globex), health(globex_whatsapp)) == (
        [(REJECTED, globex_whatsapp.id)],
        {"review": "rejected"},
    )
    assert sorted(dead_letters(db_rows)) == [
        ("rejected", "A change has no field or no value."),
        ("rejected", "A number is too large, or not a number."),
    ]
    assert [summary[:50] for summary in summaries(acme)] == [
        "Meta has reviewed the business account: pending.",
        "Meta reports a change of the business account.",
        "The template a\ufffdb (en) was approved: it can be sent",
        f"The template {'x' * 37}",
        "The text of the template without a name was change",
        "Meta reports a change of the number's display name",
        APPROVED,
    ]
    assert (health(acme_whatsapp), count(db_rows, "message_templates")) == (
        {"review": "approved"},
        0,
    )
    assert deliveries(db_rows) == [(True, "2 rejected")]


@pytest.mark.parametrize(
    "locked",
    [
        "SELECT FROM messaging.channels FOR NO KEY UPDATE",
        "SELECT FROM messaging.message_templates FOR NO KEY UPDATE",
    ],
)
def test_what_somebody_holds_locked_is_changed_later_and_holds_up_no_message(
    acme, acme_whatsapp, tells, deliver, write, work, graph, other, db_rows, locked
):
    named = {
        "message_template_id": 7,
        "message_template_name": "promo",
        "message_template_language": "en",
    }
    tells(
        told(
            ACME_ACCOUNT,
            "message_template_status_update",
            at=1_790_000_000,
            event="PENDING",
            **named,
        )
    )
    other.execute(locked)
    deliver(bodies.webhook(review(ACME_ACCOUNT)))
    deliver(
        bodies.webhook(
            told(ACME_ACCOUNT, "message_template_status_update", event="APPROVED", **named)
        )
    )
    write("Hello")
    began = time.monotonic()
    DeliveryLeaser().process_due()
    assert time.monotonic() - began < 5
    assert [text for _, text, _ in thread_of(acme)][:1] == ["Hello"]
    assert sorted(deliveries(db_rows)) == [WAITING, WAITING, FINISHED, FINISHED]

    other.rollback()
    db_rows.execute(
        "UPDATE messaging.webhook_deliveries SET due_at = now() WHERE due_at IS NOT NULL"
    )
    work()
    assert deliveries(db_rows) == [FINISHED] * 4
    assert health(acme_whatsapp) == {"review": "approved"}
    assert [
        status for (status,) in db_rows.execute("SELECT status FROM messaging.message_templates")
    ] == ["approved"]
    assert len(history(acme)) == 3


def test_an_update_that_comes_under_the_portfolio_is_the_accounts_that_it_names(
    acme_whatsapp, globex_whatsapp, tells
):
    removed = told(
        PORTFOLIO, "account_update", event="PARTNER_REMOVED", waba_info={"waba_id": ACME_ACCOUNT}
    )
    tells(removed)
    assert (now(acme_whatsapp).status, now(globex_whatsapp).status) == ("needs_reauth", "live")

    nobodys = told(PORTFOLIO, "account_update", event="PARTNER_REMOVED")
    tells(nobodys)
    with operator_scope():
        assert (ChannelEvent.objects.count(), Channel.objects.filter(status="live").count()) == (
            1,
            1,
        )
