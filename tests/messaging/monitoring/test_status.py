"""`status`: what needs a hand first, whose it is and what to do; then what waits. Exit code 1 where
something needs a hand.
"""

import io
import json
import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import requests
from django.core.management import CommandError, call_command

from channels_app.models import Channel
from messaging.models import Contact, Erasure, Message
from messaging.monitoring import problems
from tenants.scope import operator_scope
from tests.messaging.monitoring.running import RUNNING
from tests.support import processes

pytestmark = pytest.mark.whatsapp

RECONNECT = (
    "    next: Connect the number again; it also comes back by itself when the hourly check finds"
    " that it works."
)


@pytest.fixture
def manage(db_rows, database_name):
    return partial(processes.manage, database_name)


@pytest.fixture
def everything_runs(db_rows):
    for statement in RUNNING:
        db_rows.execute(statement)


@pytest.fixture
def status(db_rows):
    """The command's exit code, its problems and its counts, without moments and ages."""

    def status(*options: str) -> tuple[int, list[str], list[str]]:
        written, code = io.StringIO(), 0
        try:
            call_command("status", *options, stdout=written)
        except CommandError:
            code = 1
        moments = (
            r" \(since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\)|, the oldest for \d+ \w+(?:, \d+ \w+)?"
        )
        found, _, counts = re.sub(moments, "", written.getvalue()).rstrip("\n").partition("\n\n")
        return code, found.splitlines(), [line.strip() for line in counts.splitlines()]

    return status


def test_where_all_is_well_nothing_needs_a_hand(acme_whatsapp, everything_runs, status):
    assert status() == (
        0,
        ["Nothing needs a hand."],
        [
            "1  live channels",
            "1  workers seen in the last minute",
            "1  jobs processes seen in the last minute",
            "Mail is off: nobody is told of problems. EMAIL_URL and OPERATORS_EMAIL switch it on.",
        ],
    )


@pytest.mark.parametrize(
    ("since", "told"),
    [
        ("4.2 seconds", "4 seconds"),
        ("61 seconds", "1 minute"),
        ("2 hours 5 minutes", "2 hours, 5 minutes"),
        ("76 hours", "3 days, 4 hours"),
        ("400 days", "1 year, 1 month"),
    ],
)
def test_an_age_is_told_in_at_most_two_units(
    acme_whatsapp, everything_runs, write, db_rows, since, told
):
    write("Is my parcel on its way?")
    db_rows.execute(
        f"UPDATE messaging.webhook_deliveries SET received_at = now() - interval '{since}'"
    )
    written = io.StringIO()
    with suppress(CommandError):
        call_command("status", stdout=written)

    assert re.findall("(.*), the oldest for (.*)", written.getvalue()) == [
        ("       1  webhooks waiting", told)
    ]


def test_what_there_is_none_of_is_shown_when_asked_for(everything_runs, status):
    _, _, counts = status("--all")
    assert [line for line in counts if line.startswith("0")] == [
        "0  webhooks waiting",
        "0  messages to be sent",
        "0  messages being sent",
        "0  messages held until a channel is repaired or a tenant active",
        "0  messages of unknown outcome",
        "0  messages that failed",
        "0  messages sent twice",
        "0  items of webhooks rejected",
        "0  items of webhooks for a number that no channel has",
        "0  background tasks due",
        "0  background tasks scheduled for later",
        "0  background tasks that failed",
        "0  files that could not be fetched",
        "0  questions about contacts to be decided",
        "0  conversations that wait for a person",
        "0  answers that take their time",
        "0  answers that took too long and wait to be given up",
        "0  messages that a reply strategy owed an answer in the last day",
        "0  contacts that are being erased",
        "0  live channels",
    ]


def test_processes_that_give_no_sign_of_life_are_told_first(acme_whatsapp, status):
    code, found, _ = status()
    assert (code, found) == (
        1,
        [
            "! No worker gives a sign of life: nothing is recorded, answered or sent.",
            "    next: Start one: manage.py worker",
            "! No jobs process gives a sign of life: no files, checks and mails.",
            "    next: Start one: manage.py jobs",
        ],
    )


def test_a_parked_channel_is_told_with_its_tenant_and_the_next_step(
    acme_whatsapp, everything_runs, write, work, graph, status
):
    graph.script.append({"code": 190, "http": 401})
    write()
    work()
    with operator_scope():
        reason = Channel.objects.get().status_reason

    code, found, counts = status()
    assert (code, found) == (
        1,
        [
            f"! Acme · WhatsApp +15550100001: It sends nothing: {reason}",
            RECONNECT,
        ],
    )
    assert counts[0] == "1  messages held until a channel is repaired or a tenant active"


def test_what_a_check_found_and_a_permission_that_ends_are_told(
    acme_whatsapp, globex_whatsapp, everything_runs, status, db_rows
):
    found = {
        "check": {
            "value": "The account's webhooks go elsewhere.",
            "at": "2026-11-28T20:00:00+00:00",
        }
    }
    db_rows.execute(
        "UPDATE messaging.channels SET health = %s WHERE id = %s",
        [json.dumps(found), acme_whatsapp.id],
    )
    ends = datetime.now(UTC) + timedelta(days=12)
    db_rows.execute(
        "UPDATE messaging.channels SET token_expires_at = %s WHERE id = %s",
        [ends, globex_whatsapp.id],
    )

    assert status()[:2] == (
        1,
        [
            (
                "! Acme · WhatsApp 400000000000001: The last check found: The account's webhooks go"
                " elsewhere."
            ),
            "    next: Connect the number again, or mend it at the provider.",
            (
                "! Globex · WhatsApp 400000000000002: The number's permission ends on"
                f" {ends:%Y-%m-%d}."
            ),
            "    next: Connect the number again before then.",
        ],
    )


def test_a_rejected_item_is_told_for_a_day(
    acme_whatsapp, everything_runs, write, work, graph, status, db_rows
):
    write(account="of another")
    work()
    today = status()
    db_rows.execute("UPDATE messaging.dead_letters SET created_at = now() - interval '25 hours'")

    reason = "The number is connected under another business account."
    said = f"! Items of webhooks that were rejected in the last day: 1. The first says: {reason}"
    assert (today[0], today[1][0]) == (1, said)
    assert status()[:2] == (0, ["Nothing needs a hand."])


def test_an_outcome_that_stays_unknown_is_told_after_an_hour(
    acme_whatsapp, everything_runs, write, work, graph, status, db_rows
):
    graph.script.append({"then": "close"})
    write()
    work()
    at_first = status()
    db_rows.execute("UPDATE messaging.messages SET created_at = created_at - interval '2 hours'")
    code, found, _ = status()
    db_rows.execute("UPDATE messaging.messages SET created_at = created_at - interval '1 day'")

    assert (at_first[:2], status()[:2]) == (
        (0, ["Nothing needs a hand."]),
        (0, ["Nothing needs a hand."]),
    )
    whose = "Acme · WhatsApp +15550100001"
    assert (code, found[0]) == (
        1,
        f"! {whose}: Messages whose outcome is unknown for more than an hour: 1.",
    )


def test_a_message_that_failed_is_counted_and_needs_no_hand_by_itself(
    acme_whatsapp, everything_runs, write, work, graph, status
):
    graph.script.append({"code": 131026})
    write()
    work()

    code, found, counts = status()
    assert (code, found, counts[0]) == (0, ["Nothing needs a hand."], "1  messages that failed")


def test_tasks_that_are_due_are_counted_apart_from_those_for_later(
    everything_runs, status, db_rows
):
    put_in = (
        "INSERT INTO jobs.procrastinate_jobs (queue_name, task_name, scheduled_at) VALUES ('q',"
        " 't', {})"
    )
    db_rows.execute("SET search_path = jobs")
    for moment in ("NULL", "now() - interval '1 minute'", "now() + interval '1 hour'"):
        db_rows.execute(put_in.format(moment))
    db_rows.execute("RESET search_path")

    _, _, counts = status()
    assert counts[:2] == ["2  background tasks due", "1  background tasks scheduled for later"]


def test_an_erasure_that_is_not_finished_after_a_day_is_told_with_whose_it_is(
    acme, everything_runs, status, db_rows
):
    with operator_scope():
        ada = Contact.objects.create(tenant=acme, name="Ada")
        Erasure.objects.order(acme.id, ada.id, "Grace")
    at_first = status()
    db_rows.execute("UPDATE messaging.erasures SET ordered_at = now() - interval '25 hours'")
    a_day_later = status()
    db_rows.execute("UPDATE messaging.erasures SET finished_at = now(), contact_id = NULL")

    said = "Contacts whose erasure was ordered more than a day ago and is not finished: 1."
    assert at_first[:2] == status()[:2] == (0, ["Nothing needs a hand."])
    assert (a_day_later[0], a_day_later[1][0]) == (1, f"! Acme: {said}")
    assert at_first[2][0] == "1  contacts that are being erased"


def test_many_of_a_kind_are_summed_up(acme, everything_runs, status, db_rows):
    with operator_scope():
        for number in range(25):
            ids = {
                "kind": "whatsapp",
                "external_id": f"{number}",
                "account_id": "1",
                "name": f"Number {number}",
            }
            Channel.objects.create(tenant=acme, status="needs_reauth", **ids)

    code, found, _ = status()
    assert (code, len(found)) == (1, 41)
    assert found[-1] == "! 5 more of the kind channel_parked; --json has them all."


def test_as_json_it_says_the_same_for_programs(acme_whatsapp, status, manage):
    done = manage("status", "--json")
    told = json.loads(done.stdout)

    assert (done.returncode, done.stderr) == (1, "CommandError: 2 problems need a hand.\n")
    assert [(each["kind"], each["tenant"], each["since"]) for each in told["problems"]] == [
        ("worker", "", None),
        ("jobs", "", None),
    ]
    assert told["counts"]["live channels"] == {"number": 1, "since": None}
    assert told["mail"] == {"is_on": False, "operators": 0}


def test_it_says_who_is_told_by_mail(everything_runs, status, settings):
    settings.EMAIL_IS_CONFIGURED = True
    assert status()[2][-1] == "Mail is on, but OPERATORS_EMAIL names nobody to tell of problems."

    settings.OPERATORS_EMAIL = ["a@example.com", "b@example.com"]
    assert status()[2][-1] == "Problems are told by mail to 2 addresses of OPERATORS_EMAIL."


def test_it_agrees_with_health_ready(web, acme_whatsapp, status, db_rows):
    def both() -> tuple[int, int]:
        return requests.get(f"{web}/health/ready", timeout=10).status_code, status()[0]

    before = both()
    for statement in RUNNING:
        db_rows.execute(statement)
    running = both()
    db_rows.execute(
        "UPDATE jobs.procrastinate_workers SET last_heartbeat = now() - interval '61 seconds'"
    )

    assert (before, running, both()) == ((503, 1), (200, 0), (503, 1))


def test_webhooks_that_wait_for_too_long_are_told(
    acme_whatsapp, everything_runs, write, status, db_rows
):
    write()
    db_rows.execute(
        "UPDATE messaging.webhook_deliveries SET waits_since = now() - interval '90 seconds'"
    )

    code, found, _ = status()
    assert (code, re.sub(r"\d+ s,", "N s,", found[0])) == (
        1,
        "! Webhooks wait for too long to be recorded (N s, 60 s are allowed).",
    )
    with operator_scope():
        assert Message.objects.count() == 0


def test_missing_migrations_are_told_and_nothing_is_asked_that_needs_them(
    web, acme_whatsapp, db_rows, monkeypatch
):
    monkeypatch.setattr("tenants.checks._applied", False)
    db_rows.execute(
        "UPDATE messaging.django_migrations SET name = 'held_back' WHERE name = '0018_of_late'"
    )
    db_rows.execute("ALTER FUNCTION messaging.jobs_age() RENAME TO not_yet")
    try:
        red = requests.get(f"{web}/health/ready", timeout=10)
        told = problems_of_platform()
    finally:
        db_rows.execute("ALTER FUNCTION messaging.not_yet() RENAME TO jobs_age")
        db_rows.execute(
            "UPDATE messaging.django_migrations SET name = '0018_of_late' WHERE name = 'held_back'"
        )

    assert (red.status_code, red.json()["checks"]) == (
        503,
        {"role": {"ok": True}, "migrations": {"ok": False}},
    )
    assert told == ["migrations"]


def problems_of_platform() -> list[str]:
    return [problem.kind for problem in problems.of_platform()]


def test_health_ready_gives_the_reasons_in_the_words_of_status(web, db_rows, status):
    red = requests.get(f"{web}/health/ready", timeout=10).json()["reasons"]
    assert red == [
        "No worker gives a sign of life: nothing is recorded, answered or sent.",
        "No jobs process gives a sign of life: no files, checks and mails.",
    ]
    assert [line.removeprefix("! ") for line in status()[1] if line.startswith("! ")] == red
    for statement in RUNNING:
        db_rows.execute(statement)
    assert requests.get(f"{web}/health/ready", timeout=10).json()["reasons"] == []
