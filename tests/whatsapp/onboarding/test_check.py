"""A connected number is looked after: what could be silently broken is found and said, and parks
what cannot send.
"""

import json
import time

import pytest
from django.core.management import CommandError, call_command

from channels_app import tasks
from channels_app.models import Channel
from tenants.scope import operator_scope
from tests.support.back_office import act
from tests.support.back_office import sign_in as sign_in_as_staff
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER
from tests.support.whatsapp.connect_page import channel, check

pytestmark = pytest.mark.whatsapp


def test_a_new_token_put_in_by_command_forgets_what_was_found_with_the_old_one(
    acme, connected, meta, jobs
):
    meta.accounts[ACME_ACCOUNT].callback = None
    check(jobs)
    assert "check" in channel().health

    with operator_scope():
        values = {
            "kind": "whatsapp",
            "external_id": ACME_NUMBER,
            "account_id": ACME_ACCOUNT,
            "name": "",
        }
        Channel.objects.connect(acme, access_token="another", **values)

    assert "check" not in channel().health
    assert channel().health["quality"]["value"] == "unknown"


def test_a_number_that_works_is_said_to(connected, jobs):
    assert check(jobs) == ("live", "ok")
    assert {word: told["value"] for word, told in channel().health.items()} == {
        "check": "ok",
        "limit": "250",
        "name": "Stand-in",
        "number_status": "connected",
        "quality": "unknown",
        "throughput": "standard",
    }


def test_a_revoked_token_parks_the_number_and_reconnecting_brings_it_back(
    connected, meta, finish, jobs
):
    token = connected.secrets()["access_token"]
    meta.revoke(token)
    status, said = check(jobs)
    dead = "The access token no longer works: connect the channel again with a new one."
    assert (status, said.startswith(dead), token in said) == ("needs_reauth", True, False)

    finish()
    jobs()
    assert check(jobs) == ("live", "ok")
    assert channel().id == connected.id


@pytest.mark.parametrize(
    ("break_it", "status", "sentence"),
    [
        pytest.param(
            lambda meta, token: meta.grants[token].account_ids.clear(),
            "needs_reauth",
            "The phone number id is gone or cannot be reached: the number was removed at Meta, or"
            " the token cannot see it. (Graph error 100: Unsupported request. Object with ID"
            f" '{ACME_NUMBER}' does not exist, or cannot be loaded due to missing permissions)",
            id="the account was taken away",
        ),
        pytest.param(
            lambda meta, token: setattr(meta.accounts[ACME_ACCOUNT], "callback", None),
            "live",
            "Our app is not subscribed to the account: nothing that people write arrives. Connect"
            " the number again.",
            id="the subscription is gone",
        ),
        pytest.param(
            lambda meta, token: setattr(
                meta.accounts[ACME_ACCOUNT], "callback", "https://elsewhere.example/webhook"
            ),
            "live",
            "The account's webhooks go to another address than ours: connect the number again.",
            id="the webhooks go elsewhere",
        ),
        pytest.param(
            lambda meta, token: meta.number(ACME_NUMBER).update(status="BANNED"),
            "live",
            "Meta says that the number is banned: look into WhatsApp Manager, or connect it again.",
            id="the number is banned",
        ),
    ],
)
def test_what_is_broken_is_said(connected, meta, jobs, break_it, status, sentence):
    break_it(meta, connected.secrets()["access_token"])

    assert check(jobs) == (status, sentence)


@pytest.mark.parametrize("call", ["debug_token", "subscriptions"])
@pytest.mark.parametrize(
    "fault",
    [
        {"code": 200},
        {"code": 10},
        {"code": 3},
        {"code": 368},
        {"code": 190, "http": 401},
        {"code": 100},
    ],
    ids=str,
)
def test_what_meta_refuses_beside_the_number_is_a_warning(connected, graph, jobs, call, fault):
    graph.onboarding_script[call].append(fault)
    status, said = check(jobs)

    assert (status, said != "ok") == ("live", True)


def test_a_check_that_was_answered_in_part_leaves_what_was_said_before(
    connected, meta, graph, jobs
):
    meta.accounts[ACME_ACCOUNT].callback = None
    _, before = check(jobs)
    graph.onboarding_script["subscriptions"].append({"http": 502})

    assert check(jobs) == ("live", before)


def test_a_check_that_is_refused_forgets_no_end_that_was_told(connected, graph, jobs):
    before = channel().token_expires_at
    graph.onboarding_script["number"].extend([{"code": 10}] * 2)
    check(jobs)

    assert (channel().token_expires_at, before is None) == (before, False)


def test_webhooks_that_go_to_a_name_that_begins_as_ours_go_elsewhere(
    connected, meta, jobs, settings
):
    settings.PUBLIC_URL = "https://shop.test"
    callbacks = ["https://shop.test.evil.example/hook", "https://shop.test/api/webhooks/whatsapp"]
    told = []
    for meta.accounts[ACME_ACCOUNT].callback in callbacks:
        told.append(check(jobs)[1])

    assert told == [
        "The account's webhooks go to another address than ours: connect the number again.",
        "ok",
    ]


def test_the_end_of_a_token_is_said_two_weeks_ahead(connected, meta, jobs):
    grant = meta.grants[connected.secrets()["access_token"]]
    grant.expires_at = int(time.time()) + 15 * 24 * 3600
    assert check(jobs)[1] == "ok"
    grant.expires_at = int(time.time()) + 13 * 24 * 3600
    status, said = check(jobs)

    day = time.strftime("%Y-%m-%d", time.gmtime(grant.expires_at))
    assert (status, said) == ("live", f"The token ends on {day}: connect the number again before.")
    assert int(channel().token_expires_at.timestamp()) == grant.expires_at


def test_a_meta_that_cannot_be_asked_changes_nothing(connected, graph, jobs):
    check(jobs)
    graph.onboarding_script["debug_token"].append({"http": 502})

    assert check(jobs) == ("live", "ok")


ROLES_PATH = "{phone_number_id}/routing_roles"


def role() -> str | None:
    return channel().health.get("thread_role", {}).get("value")


def test_our_role_on_a_number_is_asked_for_where_a_setting_says_how(
    connected, graph, jobs, settings
):
    check(jobs)
    assert (role(), [asked for asked in graph.asked if "roles" in asked.path]) == (None, [])

    settings.WHATSAPP_ROUTING_ROLES_PATH = ROLES_PATH
    told = []
    for escalation in ("us", "other"):
        graph.second_responder(ACME_NUMBER, escalation=escalation, we_listen=False)
        assert check(jobs) == ("live", "ok")
        told.append(role())
    assert told == ["escalation", ""]  # the latest counts, even that we have none


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"code": 100}, "Meta does not know what was asked for"),
        ({"code": 190, "http": 401}, "The access token no longer works"),
        ({"code": 131031}, "Meta has restricted or disabled the business account"),
        ({"answer": {"data": []}}, "WhatsApp's answer names no roles"),
    ],
    ids=str,
)
def test_roles_that_cannot_be_looked_at_are_a_warning_and_leave_what_was_known(
    connected, graph, jobs, settings, fault, said
):
    settings.WHATSAPP_ROUTING_ROLES_PATH = ROLES_PATH
    check(jobs)
    graph.onboarding_script["routing_roles"].append(fault)
    status, found = check(jobs)

    before, _, words = found.partition(": ")
    assert (status, before) == ("live", "Our roles on the number cannot be looked at")
    assert (words.startswith(said), role()) == (True, "primary")


def test_roles_that_are_not_answered_now_say_nothing(connected, graph, jobs, settings):
    settings.WHATSAPP_ROUTING_ROLES_PATH = ROLES_PATH
    graph.onboarding_script["routing_roles"].append({"then": "close"})

    assert (check(jobs), role()) == (("live", ""), None)


def test_a_meta_that_does_not_tell_the_limit_is_no_fault(connected, meta, jobs):
    meta.number(ACME_NUMBER).pop("whatsapp_business_manager_messaging_limit")

    assert (check(jobs), "limit" in channel().health) == (("live", "ok"), False)


def test_the_command_tells_how_many_and_which(acme, globex, connected, meta, capsys):
    call_command("check_channels")
    meta.number(ACME_NUMBER).update(status="BANNED")
    call_command("check_channels", tenant="acme")
    call_command("check_channels", tenant="globex")
    told = capsys.readouterr()

    assert [json.loads(line) for line in told.out.splitlines()] == [
        {"checked": 1, "to_repair": 0, "not_asked": 0},
        {"checked": 1, "to_repair": 1, "not_asked": 0},
        {"checked": 0, "to_repair": 0, "not_asked": 0},
    ]
    assert f"channel {connected.id}: Meta says that the number is banned" in told.err
    with pytest.raises(CommandError, match="There is no tenant 'nobody'"):
        call_command("check_channels", tenant="nobody")


def test_a_check_that_has_waited_for_an_hour_is_left_to_the_next(connected, jobs, db_rows):
    with operator_scope():
        tasks.check_all_channels.defer(timestamp=0)
    jobs()
    db_rows.execute("UPDATE messaging.channels SET health = '{}'")
    (told,) = db_rows.execute(
        "SELECT args FROM jobs.procrastinate_jobs WHERE task_name LIKE '%check_channel_hourly'"
        " ORDER BY id DESC LIMIT 1"
    ).fetchone()
    assert 3590 < told["until"] - time.time() <= 3600

    tasks.check_channel_hourly(**told | {"until": int(time.time()) - 1})
    assert "check" not in channel().health
    tasks.check_channel_hourly(**told)
    assert channel().health["check"]["value"] == "ok"


def test_ten_thousand_checks_are_spread_evenly_over_the_hour(acme, jobs, db_rows):
    db_rows.execute(
        """INSERT INTO messaging.channels
           (id, tenant_id, kind, external_id, account_id, name, status, status_reason,
               auto_reply, credentials, created_at)
           SELECT gen_random_uuid(), %s, 'whatsapp', n::text, '1', '', 'live', '', '', 'sealed',
               now()
           FROM generate_series(1, 10000) n""",
        [acme.id],
    )
    began = time.time()
    tasks.check_all_channels(timestamp=0)
    query = """SELECT extract(epoch FROM scheduled_at)::float8 - %s,
        (args->>'until')::float8 - %s, count(*)
               FROM jobs.procrastinate_jobs GROUP BY 1, 2 ORDER BY 1"""
    spread = db_rows.execute(query, [began, began]).fetchall()

    assert [round(at / 60) for at, _, _ in spread] == list(range(60))
    assert {round((until - at) / 60) for at, until, _ in spread} == {60}
    assert {count for _, _, count in spread} == {166, 167}


def test_a_check_asks_meta_three_times(connected, graph, jobs):
    jobs()
    graph.asked.clear()
    check(jobs)

    assert [(each.method, each.path) for each in graph.asked] == [
        ("GET", f"/{ACME_NUMBER}"),
        ("GET", "/debug_token"),
        ("GET", f"/{ACME_ACCOUNT}/subscribed_apps"),
    ]


@pytest.mark.parametrize("fault", [{"http": 502}, {"code": 4}, {"code": 80008}], ids=str)
def test_an_hourly_check_that_meta_does_not_answer_is_left_to_the_next(
    connected, graph, jobs, db_rows, fault
):
    jobs()
    graph.onboarding_script["number"].extend([fault] * 9)
    graph.asked.clear()
    tasks.check_all_channels(timestamp=0)
    for _ in range(3):
        jobs()

    done = (
        "SELECT status::text FROM jobs.procrastinate_jobs WHERE task_name LIKE"
        " '%%check_channel_hourly'"
    )
    assert (len(graph.asked), db_rows.execute(done).fetchall(), channel().status) == (
        1,
        [("succeeded",)],
        "live",
    )


def test_every_hour_all_are_checked_and_staff_check_one_at_once(web, connected, jobs, db_rows):
    with operator_scope():
        tasks.check_all_channels.defer(timestamp=0)
    jobs()
    jobs()
    assert channel().health["check"]["value"] == "ok"
    db_rows.execute("UPDATE messaging.channels SET health = '{}'")

    staff = sign_in_as_staff(web, is_staff=True, is_superuser=True)
    answer = act(staff, web, "channels/channel", "check_connection")
    jobs()
    assert "1 of 1 channels is being checked: see its health in a moment." in answer.text
    assert channel().health["check"]["value"] == "ok"


def test_staff_list_the_channels_that_something_is_to_be_repaired_of(
    web, acme, connected, meta, jobs, capsys
):
    def listed(which: str) -> int:
        return staff.get(f"{web}/admin/channels/channel/?check={which}", timeout=10).text.count(
            f"/channel/{connected.id}/change/"
        )

    staff = sign_in_as_staff(web, is_staff=True, is_superuser=True)
    assert [listed(which) for which in ("wrong", "right", "none")] == [0, 0, 1]
    check(jobs)
    assert [listed(which) for which in ("wrong", "right", "none")] == [0, 1, 0]
    meta.number(ACME_NUMBER).update(status="BANNED")
    check(jobs)
    assert [listed(which) for which in ("wrong", "right", "none")] == [1, 0, 0]
    with pytest.raises(CommandError):
        call_command("status")
    assert (
        capsys.readouterr().out.count("The last check found: Meta says that the number is banned")
        == 1
    )
