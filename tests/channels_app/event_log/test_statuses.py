"""What the log tells of channels and templates: each status that they come to, once."""

import time

import pytest

from channels_app import tasks
from channels_app.lifecycle import ownership, parking, proving
from channels_app.lifecycle.parking import Refusal
from channels_app.models import Channel
from tenants.scope import operator_scope, tenant_scope
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER
from tests.support.logged import logged
from tests.support.whatsapp import bodies
from tests.support.whatsapp.accounts import age, now, told
from tests.support.whatsapp.channel import connect
from tests.support.whatsapp.templates_of_acme import listed, status, template

pytestmark = [pytest.mark.whatsapp, pytest.mark.usefixtures("all_told")]

Recovery = Channel.Recovery


def words(db_rows, tenant) -> list[str]:
    """The statuses that were logged for the tenant, in order."""
    return [data["status"] for _, _, _, data in logged(db_rows, tenant)]


@pytest.fixture
def tells(deliver, work):
    def tells(*entries: dict) -> None:
        assert deliver(bodies.webhook(*entries)).status_code == 200
        work()

    return tells


def test_a_channel_that_is_connected_tells_whose_it_is_and_that_it_is_live(
    acme, acme_whatsapp, db_rows
):
    channel_id = acme_whatsapp.id
    data = {"channel_id": str(channel_id), "status": "live", "reason": ""}

    assert logged(db_rows, acme) == [("channel.status", channel_id, channel_id, data)]


def test_a_new_token_of_a_live_channel_is_no_news(acme, acme_whatsapp, db_rows):
    connect(acme, ACME_NUMBER, ACME_ACCOUNT, "token-2")

    assert words(db_rows, acme) == ["live"]


def test_a_new_channel_is_pending_until_its_provider_accepts_its_token(acme, graph, db_rows):
    channel = Channel(
        tenant=acme, kind="whatsapp", external_id=ACME_NUMBER, account_id=ACME_ACCOUNT
    )
    channel.seal(access_token="token-of-acme")
    with operator_scope():
        channel.save_settings()
    proving.prove(acme.id, channel.id)

    assert words(db_rows, acme) == ["pending", "live"]


def test_a_channel_that_is_parked_and_comes_back_tells_both_and_the_reason_in_our_words(
    acme, acme_whatsapp, db_rows
):
    reason = "The token no longer works. (Graph error 190: of Ada)"
    for _ in range(2):
        parking.park([Refusal(acme_whatsapp, "needs_reauth", reason, Recovery.CHECK)])
    for _ in range(2):
        parking.unpark(now(acme_whatsapp), Recovery.CHECK)

    assert [(data["status"], data["reason"]) for *_, data in logged(db_rows, acme)] == [
        ("live", ""),
        ("needs_reauth", "The token no longer works."),
        ("live", ""),
    ]


def test_a_restricted_account_tells_it_of_each_of_its_channels(acme, acme_whatsapp, db_rows):
    second = connect(acme, "400000000000003", ACME_ACCOUNT, "token-of-the-second")
    parking.park([Refusal(acme_whatsapp, "restricted", "Restricted.", Recovery.RECONNECT)])

    assert {row[1] for row in logged(db_rows, acme)[2:]} == {acme_whatsapp.id, second.id}


def test_a_number_that_may_send_again_tells_that_it_is_live(acme, acme_whatsapp, tells, db_rows):
    age(db_rows, acme_whatsapp)
    at = time.time()
    tells(told(ACME_ACCOUNT, "account_update", event="DISABLED_UPDATE", at=at - 60, **BAN))
    tells(told(ACME_ACCOUNT, "account_update", event="DISABLED_UPDATE", at=at, **LIFTED))

    assert words(db_rows, acme) == ["live", "restricted", "live"]


BAN = {"ban_info": {"waba_ban_state": "DISABLE", "waba_ban_date": "x"}}
LIFTED = {"ban_info": {"waba_ban_state": "REINSTATE", "waba_ban_date": "x"}}


def test_a_channel_that_is_disconnected_tells_it_once_and_not_by_whom(acme, acme_whatsapp, db_rows):
    for _ in range(2):
        with tenant_scope(acme.id):
            tasks.disconnect(acme_whatsapp, by="ada@acme.example")

    told = logged(db_rows, acme)[1:]
    assert [data["status"] for *_, data in told] == ["disconnected"]
    assert "ada" not in str(told)
    with operator_scope():
        assert "ada" in Channel.objects.get().status_reason


def test_a_number_that_moves_is_told_to_the_tenant_that_loses_it(
    acme, globex, acme_whatsapp, db_rows
):
    with operator_scope():
        channels = ownership.locked("whatsapp", [ACME_NUMBER])
        ownership.release(channels, to_tenant_id=globex.id, by_user_id=globex.id)

    assert (words(db_rows, acme), words(db_rows, globex)) == (["live", "disconnected"], [])


def test_what_was_rolled_back_was_no_status(acme, acme_whatsapp, db_rows):
    with pytest.raises(ZeroDivisionError), tenant_scope(acme.id):
        tasks.disconnect(acme_whatsapp, by="nobody")
        raise ZeroDivisionError

    assert words(db_rows, acme) == ["live"]


def test_a_template_tells_each_status_that_it_comes_to(acme, acme_whatsapp, tells, db_rows):
    at = time.time()
    tells(status("PENDING", at=at - 30), status("APPROVED", at=at - 20))
    tells(status("APPROVED", at=at - 10), status("PAUSED", at=at))
    tells(status("APPROVED", at=at - 5))  # told late

    *_, (type, subject_id, stream_id, data) = logged(db_rows, acme)
    known = template(acme)
    assert words(db_rows, acme) == ["live", "approved", "paused"]
    assert (type, subject_id, stream_id) == ("template.status", known.id, known.id)
    assert data == {
        "template_id": str(known.id),
        "name": "order_ready",
        "language": "en_US",
        "status": "paused",
    }


def test_templates_that_are_listed_and_listed_no_more_tell_it_together(
    acme, acme_whatsapp, graph, fetch_templates, db_rows, monkeypatch
):
    graph.templates[ACME_ACCOUNT] = [listed("one"), listed("two", status="PENDING")]
    fetch_templates(acme_whatsapp)
    fetch_templates(acme_whatsapp)
    assert words(db_rows, acme) == ["live", "approved", "pending"]

    db_rows.execute(
        """UPDATE messaging.message_templates SET told_at = (
           SELECT jsonb_object_agg(key, '2020') FROM jsonb_object_keys(told_at) key)"""
    )
    graph.templates[ACME_ACCOUNT] = [listed("two")]
    fetch_templates(acme_whatsapp)
    assert sorted(words(db_rows, acme)[3:]) == ["approved", "deleted"]
