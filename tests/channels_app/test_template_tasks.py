"""Fetching an account's templates is tried again while that may help, and each night all accounts
are asked.
"""

import pytest

from channels_app import tasks
from channels_app.models import Channel
from tenants.scope import operator_scope, router_scope
from tests.support.cast import ACME_ACCOUNT, GLOBEX_ACCOUNT, create_tenant
from tests.support.whatsapp.channel import connect
from tests.support.whatsapp.templates_of_acme import kept, listed

pytestmark = pytest.mark.whatsapp

SECOND_NUMBER, SECOND_ACCOUNT = "400000000000003", "300000000000003"


@pytest.mark.parametrize(
    "step",
    [
        {"http": 502},
        {"code": 1, "http": 500},
        {"then": "close"},
        {"code": 80007},
        {"page": {"data": None}},
        {"http": 200},
    ],
    ids=["a page of a proxy", "Meta's fault", "no answer", "too many calls", "no list", "no JSON"],
)
def test_what_may_pass_is_tried_again(
    acme, acme_whatsapp, graph, fetch_templates, attempts, later, step
):
    graph.templates[ACME_ACCOUNT] = [listed()]
    graph.template_script.append(step)
    fetch_templates(acme_whatsapp)
    assert (attempts(), kept(acme)) == ([("todo", 1)], {})

    later()
    assert (attempts(), kept(acme)) == ([("succeeded", 2)], {"order_ready": "approved"})


def test_what_does_not_pass_is_tried_a_few_times_and_later_each_time(
    acme_whatsapp, graph, fetch_templates, attempts, later, db_rows
):
    graph.template_script.extend([{"http": 502}] * 100)
    fetch_templates(acme_whatsapp)
    waits = []
    for _ in range(10):
        due = db_rows.execute(
            "SELECT scheduled_at - now() FROM jobs.procrastinate_jobs WHERE status = 'todo'"
        ).fetchone()
        waits += [round(each.total_seconds(), -1) for each in due or ()]
        later()

    assert waits == [10, 100, 1_000, 10_000]
    assert (attempts(), len(graph.template_questions)) == ([("failed", 5)], 5)


@pytest.mark.parametrize(
    "step", [{"code": 190, "http": 401}, {"code": 200, "http": 403}, {"code": 100}]
)
def test_a_refusal_is_final(acme_whatsapp, graph, fetch_templates, attempts, later, step):
    graph.template_script.append(step)
    fetch_templates(acme_whatsapp)
    later()

    assert (attempts(), len(graph.template_questions)) == ([("failed", 1)], 1)


def test_a_channel_without_a_token_asks_nothing(
    acme_whatsapp, graph, fetch_templates, attempts, db_rows
):
    db_rows.execute("UPDATE messaging.channels SET credentials = ''")
    fetch_templates(acme_whatsapp)

    assert (attempts(), graph.template_questions) == ([("failed", 1)], [])


def test_each_night_one_channel_of_each_account_of_each_tenant_asks(
    acme, acme_whatsapp, globex, globex_whatsapp, graph, jobs, attempts, db_rows
):
    initech = create_tenant("initech", "Initech")
    connect(acme, SECOND_NUMBER, ACME_ACCOUNT, "newer-token-of-acme")
    connect(acme, "400000000000004", SECOND_ACCOUNT, "token-of-second")
    connect(initech, "400000000000005", ACME_ACCOUNT, "token-of-initech")
    graph.templates = {
        ACME_ACCOUNT: [listed()],
        SECOND_ACCOUNT: [listed("second")],
        GLOBEX_ACCOUNT: [listed("of_globex")],
    }
    with operator_scope():
        Channel.objects.filter(id=globex_whatsapp.id).update(status="needs_reauth")
    with router_scope():
        tasks.fetch_all_templates.defer(timestamp=0)
    jobs()
    jobs()

    assert sorted((each["waba_id"], each["token"]) for each in graph.template_questions) == [
        (ACME_ACCOUNT, "newer-token-of-acme"),
        (ACME_ACCOUNT, "token-of-initech"),
        (SECOND_ACCOUNT, "token-of-second"),
    ]
    assert attempts() == [("succeeded", 1)] * 3
    assert [kept(each) for each in (acme, initech, globex)] == [
        {"order_ready": "approved", "second": "approved"},
        {"order_ready": "approved"},
        {},
    ]
