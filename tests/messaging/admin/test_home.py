"""The operators' home page: what needs a hand, how much of it, and a list of just that."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from channels_app.models import Channel
from messaging.models import (
    Contact,
    ContactChange,
    DeferredReply,
    Erasure,
    Media,
    Message,
    WebhookEndpoint,
)
from messaging.monitoring import needs, problems
from tenants.admin.home import COUNTED
from tenants.models import User
from tenants.scope import auth_scope, operator_scope
from tests.messaging.monitoring.running import RUNNING
from tests.support.cast import GLOBEX_ACCOUNT, GLOBEX_NUMBER

pytestmark = pytest.mark.whatsapp

TITLES = (
    r'class="home-need[^>]*>\s*<h3>(?:<span class="badge badge-(\w+)">([^<]*)</span> )?'
    r'(?:<a href="([^"]*)">)?([^<]*)'
)
PEOPLE = ("15550000001", "15550000002", "15550000003")
A_DAY_AGO = "now() - interval '25 hours'"


@dataclass(frozen=True)
class Stage:
    """Acme and Globex on WhatsApp, with everything that makes something go wrong."""

    acme: Channel
    globex: Channel
    write: Callable[..., Any]
    work: Callable[[], None]
    graph: Any
    rows: Any


@pytest.fixture
def stage(acme_whatsapp, globex_whatsapp, write, work, graph, db_rows):
    for statement in RUNNING:
        db_rows.execute(statement)
    return Stage(acme_whatsapp, globex_whatsapp, write, work, graph, db_rows)


def shown(client: Client) -> str:
    answer = client.get("/admin/")
    assert answer.status_code == 200
    return answer.content.decode()


def needs_on(page: str) -> list[tuple[str, str, str, str]]:
    """(tone, count, address, title) of each need."""
    return [tuple(map(unescape, each)) for each in re.findall(TITLES, page)]


def rows_at(client: Client, address: str) -> int:
    page = client.get(address)
    assert page.status_code == 200
    body = re.search(r"<tbody>(.*?)</tbody>", page.content.decode(), re.DOTALL)
    return body[1].count("<tr") if body else 0


def one_is_answered(stage: Stage, **outcome: Any) -> None:
    stage.graph.script.append(outcome)
    stage.write("Is it in stock?")
    stage.work()


def a_channel_is_parked(stage: Stage) -> None:
    one_is_answered(stage, code=190, http=401)


def a_check_finds_something(stage: Stage) -> None:
    found = {"check": {"value": "Its webhooks go elsewhere.", "at": "2026-11-28T20:00:00+00:00"}}
    stage.rows.execute(
        "UPDATE messaging.channels SET health = %s WHERE id = %s",
        [json.dumps(found), stage.acme.id],
    )


def a_permission_ends(stage: Stage) -> None:
    stage.rows.execute(
        "UPDATE messaging.channels SET token_expires_at = now() + interval '12 days' WHERE id = %s",
        [stage.acme.id],
    )


def a_message_fails(stage: Stage) -> None:
    one_is_answered(stage, code=131026)


def an_outcome_is_unknown(stage: Stage) -> None:
    one_is_answered(stage, then="close")


def an_outcome_stays_unknown(stage: Stage) -> None:
    an_outcome_is_unknown(stage)
    stage.rows.execute("UPDATE messaging.messages SET created_at = now() - interval '2 hours'")


def a_message_arrives_twice(stage: Stage) -> None:
    stage.write()
    stage.work()
    stage.rows.execute(
        "UPDATE messaging.messages SET sent_twice_at = now() WHERE direction = 'outbound'"
    )


def an_item_is_rejected(stage: Stage) -> None:
    stage.write(account="of another")
    stage.work()


def an_item_was_rejected_before(stage: Stage) -> None:
    an_item_is_rejected(stage)
    stage.rows.execute(f"UPDATE messaging.dead_letters SET created_at = {A_DAY_AGO}")


def a_contact_is_in_question(stage: Stage) -> None:
    with operator_scope():
        ada = Contact.objects.create(tenant=stage.acme.tenant, name="Ada")
        for is_open in (True, False):
            ContactChange.objects.create(
                tenant=ada.tenant, contact=ada, what="id_disputed", new=is_open, is_open=is_open
            )


def a_file_is_not_fetched(stage: Stage) -> None:
    with operator_scope():
        for status in ("failed", "pending"):
            Media.objects.create(
                tenant=stage.acme.tenant, kind="image", status=status, error="It is too large."
            )


def a_file_is_tried_again(stage: Stage) -> None:
    faults = ("The disk is full.", "The disk is full.", "")
    ages = (timedelta(minutes=6), timedelta(minutes=4), timedelta(minutes=6))
    with operator_scope():
        for error, age in zip(faults, ages, strict=True):
            Media.objects.create(
                tenant=stage.acme.tenant,
                kind="image",
                error=error,
                created_at=timezone.now() - age,
            )


def a_task_fails(stage: Stage) -> None:
    stage.rows.execute("""
        WITH job AS (
            INSERT INTO jobs.procrastinate_jobs (queue_name, task_name, status, args)
            SELECT 'mail', 'tenants.tasks.send_mail', status::jobs.procrastinate_job_status,
                   '{"to": "ada@example.com"}'
            FROM unnest(ARRAY['failed', 'succeeded']) status RETURNING id, status)
        INSERT INTO jobs.procrastinate_events (job_id, type, at)
        SELECT id, 'failed', now() FROM job WHERE status = 'failed'""")


def an_endpoint_is_disabled(stage: Stage) -> None:
    with operator_scope():
        for reason in ("failing", "asked"):
            WebhookEndpoint.objects.create(
                tenant=stage.acme.tenant,
                url="https://crm.example/hook",
                status="disabled",
                disabled_reason=reason,
                disabled_at=timezone.now(),
            )


def an_erasure_is_not_finished(stage: Stage) -> None:
    with operator_scope():
        ada = Contact.objects.create(tenant=stage.acme.tenant, name="Ada")
        Erasure.objects.order(ada.tenant_id, ada.id, "Grace")
    stage.rows.execute(f"UPDATE messaging.erasures SET ordered_at = {A_DAY_AGO}")


def an_answer_waits(stage: Stage) -> None:
    stage.write()
    stage.work()
    with operator_scope():
        message = Message.objects.get(direction="inbound")
        DeferredReply.objects.create(
            tenant_id=message.tenant_id,
            message=message,
            conversation_id=message.conversation_id,
            strategy="service",
            due_at=timezone.now() - timedelta(minutes=3),
            deadline=timezone.now(),
        )


def webhooks_wait(stage: Stage) -> None:
    stage.write()
    stage.rows.execute(
        "UPDATE messaging.webhook_deliveries SET waits_since = now() - interval '5 minutes'"
    )


def a_message_waits(stage: Stage) -> None:
    stage.write()
    stage.work()
    stage.rows.execute(
        "UPDATE messaging.messages SET status = 'queued', due_at = now() - interval '5 minutes'"
        " WHERE direction = 'outbound'"
    )
    stage.rows.execute(
        "UPDATE messaging.channel_paces"
        " SET leased_at = now() - interval '1 hour', ready_at = now() - interval '1 hour'"
    )


NEEDS = [
    (a_channel_is_parked, "bad", "Channels that send nothing"),
    (a_check_finds_something, "bad", "Channels whose last check found a fault"),
    (a_permission_ends, "bad", "Channels whose permission ends soon"),
    (a_message_fails, "waits", "Messages that failed"),
    (an_outcome_is_unknown, "waits", "Messages whose outcome is unknown"),
    (an_outcome_stays_unknown, "bad", "Messages whose outcome is unknown"),
    (a_message_arrives_twice, "bad", "Messages that their contacts got twice"),
    (an_item_is_rejected, "bad", "Items of webhooks that were rejected"),
    (an_item_was_rejected_before, "waits", "Items of webhooks that were rejected"),
    (a_contact_is_in_question, "waits", "Questions whether two contacts are one person"),
    (a_file_is_not_fetched, "waits", "Files that could not be fetched"),
    (
        a_file_is_tried_again,
        "bad",
        "Files that cannot be fetched or stored, and are tried again",
    ),
    (a_task_fails, "bad", "Background tasks that failed"),
    (an_endpoint_is_disabled, "waits", "Endpoints that were disabled because they failed"),
    (webhooks_wait, "bad", "Webhooks wait for too long to be recorded (N s, 60 s are allowed)."),
    (a_message_waits, "bad", "Messages wait for too long to be sent (N s, 120 s are allowed)."),
]


@pytest.mark.parametrize(
    "happens, tone, title", NEEDS, ids=[happens.__name__ for happens, *_ in NEEDS]
)
def test_what_needs_a_hand_is_counted_and_leads_to_a_list_of_just_that(
    stage, root, happens, tone, title
):
    happens(stage)
    page = shown(root)
    ((found_tone, count, address, found_title),) = needs_on(page)

    assert (found_tone, count, re.sub(r"\d+ s,", "N s,", found_title)) == (tone, "1", title)
    assert rows_at(root, address) == 1
    with operator_scope():
        told = sum(kind.number for kind in needs.problems_in_short().values())
    told += len(list(problems.of_platform()))
    sums = re.findall(r'class="home-sum">([^<]*)', page)
    assert sums == [
        "1 problem needs a hand now." if told else "Nothing needs a hand at once. This can wait:"
    ]
    assert told == (tone == "bad")


def test_where_all_is_well_the_page_is_quiet(stage, root):
    stage.write()
    stage.work()
    page = shown(root)

    assert (needs_on(page), re.findall(r'class="home-sum">([^<]*)', page)) == (
        [],
        ["Nothing needs a hand."],
    )
    told = [
        re.sub(r"\d+ seconds?", "N seconds", unescape(each))
        for each in re.findall(r"<dd>(.*?)</dd>", page)
    ]
    assert told == [
        "Every channel works.",
        "No message failed, and no outcome is unknown.",
        "Every reply strategy answers. No conversation waits for a person.",
        "All that came could be recorded.",
        "No question is open.",
        "Every file was fetched, or is being fetched.",
        (
            "Everything runs. 2 workers are alive, the last sign of life N seconds ago. 1 jobs"
            " process is alive, the last sign of life N seconds ago. No webhook waits. No message"
            " is due."
        ),
        "No task failed.",
        "No endpoint was disabled because it failed.",
    ]


def test_processes_that_give_no_sign_of_life_are_told_with_what_to_do(acme_whatsapp, root):
    page = shown(root)

    assert [title for *_, title in needs_on(page)] == [
        "No worker gives a sign of life: nothing is recorded, answered or sent.",
        "No jobs process gives a sign of life: no files, checks and mails.",
    ]
    assert page.count("Start one: manage.py") == 2


def test_a_channel_whose_strategy_fails_stands_there_by_name(stage, root, settings):
    settings.REPLY_STRATEGY = "tests.messaging.monitoring.strategies.Fails"
    for person in PEOPLE:
        stage.write("Hello", sender=person)
    stage.work()
    page = shown(root)

    assert needs_on(page) == [("bad", "1", "", "Channels whose reply strategy fails")]
    (item,) = re.findall(r"<li>1 × <bdi>(.*?)</li>", page)
    assert unescape(re.sub(r"<[^>]+>", "", item)) == (
        f"{settings.REPLY_STRATEGY} Acme · WhatsApp +15550100001"
    )
    (fact,) = re.findall(r'class="home-fact"><a href="([^"]*)">([^<]*)</a> ([^<]*)', page)
    address, said, whose = map(unescape, fact)
    assert (re.sub(r"\d+ seconds?", "N seconds", said), whose) == (
        "Conversations that wait for a person: 3, the oldest for N seconds.",
        "Acme: 3.",
    )
    assert rows_at(root, address) == 3


def test_who_waits_for_a_person_is_counted_where_nothing_needs_a_hand(stage, root):
    ada, grace, lin = PEOPLE
    stage.write("Hello", sender=ada)
    stage.write("Hello", sender=grace)
    stage.write("Hello", sender=lin, number=GLOBEX_NUMBER, account=GLOBEX_ACCOUNT)
    stage.work()
    stage.write("Hello", sender="15550000004")
    stage.work()
    stage.rows.execute(
        "UPDATE messaging.conversations SET waiting_because = 'order', waiting_since = now()"
        " - interval '3 hours', replies_paused_until = '9999-01-01'"
        " WHERE contact_id <> (SELECT max(contact_id::text)::uuid FROM messaging.conversations)"
    )
    page = shown(root)
    ((address, said),) = re.findall(r"<dd>Every reply .*?<a href=\"([^\"]*)\">(.*?)</dd>", page)

    assert needs_on(page) == []
    assert unescape(said).replace("\xa0", " ") == (
        "Conversations that wait for a person: 3, the oldest for 3 hours.</a> Acme: 2, Globex: 1."
    )
    assert rows_at(root, unescape(address)) == 3


def test_erasures_and_answers_that_nobody_works_on_need_a_hand(stage, root):
    an_erasure_is_not_finished(stage)
    an_answer_waits(stage)

    assert needs_on(shown(root)) == [
        ("bad", "1", "", "Answers that take their time, and that nobody works on"),
        ("bad", "1", "", "Tenants with a contact whose erasure is not finished after a day"),
    ]


def test_a_parked_channel_stands_there_by_name_with_the_reason(stage, root):
    a_channel_is_parked(stage)
    with operator_scope():
        reason = Channel.objects.get(id=stage.acme.id).status_reason
    (item,) = re.findall(r"<li>1 × <bdi>(.*?)</li>", shown(root))

    assert unescape(re.sub(r"<[^>]+>", "", item)) == (f"{reason} Acme · WhatsApp +15550100001")
    assert re.findall(r'href="([^"]*)"', item) == [
        f"/admin/channels/channel/{stage.acme.id}/change/"
    ]


def test_an_operator_sees_the_panels_of_what_they_may_see(stage, db_rows):
    a_message_fails(stage)
    a_contact_is_in_question(stage)
    client = Client()
    with auth_scope():
        grace = User.objects.create_user("grace", password="correct horse", is_staff=True)
        grace.user_permissions.set(Permission.objects.filter(codename="view_contactchange"))
        client.force_login(grace)
    page = shown(client)

    assert [title for *_, title in needs_on(page)] == [
        "Questions whether two contacts are one person"
    ]
    assert re.findall(r"<dt>([^<]*)", page) == ["Processes"]


def many_of_all(stage: Stage, number: int) -> None:
    """So many more messages that failed, rejected items and channels that are parked."""
    stage.rows.execute(
        """INSERT INTO messaging.channels (id, tenant_id, kind, external_id, account_id, name,
               status, status_reason, credentials, parked_at, recovers_by, auto_reply, created_at,
               health)
           SELECT gen_random_uuid(), tenant_id, kind, 'many' || n || %s, account_id, 'Desk ' || n,
                  'needs_reauth', 'The token is refused.', credentials, now(), 'check', '', now(),
                  '{}'
           FROM messaging.channels, generate_series(1, %s) n WHERE id = %s""",
        [str(number), number, stage.acme.id],
    )
    stage.rows.execute(
        """INSERT INTO messaging.dead_letters (id, delivery_id, position, cause, reason, kind,
               channel_external_id, item, created_at)
           SELECT gen_random_uuid(), id, 1000 * %s + n, 'rejected', 'Reason ' || n, kind, '', '',
                  now()
           FROM (SELECT id, kind FROM messaging.webhook_deliveries LIMIT 1) delivery,
                generate_series(1, %s) n""",
        [number, number],
    )


def test_the_page_asks_as_often_whatever_there_is_and_counts_no_further_than_its_bound(stage, root):
    a_message_fails(stage)
    a_channel_is_parked(stage)
    an_item_is_rejected(stage)
    asked = []
    for more in (0, 2, 27, 270):
        many_of_all(stage, more)
        with CaptureQueriesContext(connection) as queries:
            page = shown(root)
        asked.append(len(queries))

    assert asked == [asked[0]] * 4
    counts = {title: count for _, count, _, title in needs_on(page)}
    assert counts["Channels that send nothing"] == "300"
    assert counts["Items of webhooks that were rejected"] == f"{COUNTED - 1}+"
    assert page.count("<bdi>") < 30


def test_what_was_not_looked_at_is_not_counted_as_none(stage, root, monkeypatch):
    a_message_fails(stage)
    monkeypatch.setattr(needs, "LOOKED_AT", 1)

    assert [count for _, count, _, _ in needs_on(shown(root))] == ["1 or more"]


def test_failed_tasks_are_listed_without_their_arguments(stage, root):
    a_task_fails(stage)
    ((_, _, address, _),) = needs_on(shown(root))
    page = root.get(address).content.decode()
    ids = stage.rows.execute("SELECT id FROM jobs.procrastinate_jobs").fetchall()

    assert ("tenants.tasks.send_mail" in page, "ada@example.com" in page) == (True, False)
    assert [root.get(f"{address}{id}/change/").status_code for (id,) in ids] == [404, 404]
    assert re.findall(r'<a href="([^"]*)">Background tasks that failed</a>', shown(root)) == [
        address,
        address,
    ]


def test_a_problem_and_its_step_are_told_in_the_readers_language(acme_whatsapp, root):
    page = root.get("/admin/", headers={"Accept-Language": "de"}).content.decode()
    told = re.findall(r"<h3>([^<]*)</h3>\s*<p class=\"quiet\">([^<]*)</p>", page)

    assert [" ".join(step.split()) for _, step in told] == [
        "Starten Sie einen: manage.py worker",
        "Starten Sie einen: manage.py jobs",
    ]
