"""Read receipts and the sign of an answer being written: told to Meta by a task, once, and only
where it is true.
"""

import pytest

from messaging.conversations import tasks
from messaging.models import Conversation
from tenants.models import Tenant
from tenants.scope import operator_scope, tenant_scope
from tests.support.back_office import order, said, sign_in
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, ADA
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

FIRST, SECOND = "wamid.first", "wamid.second"


@pytest.fixture
def ada(acme, acme_whatsapp, write, work, graph):
    """Acme's conversation with Ada, who wrote twice; nothing is answered by itself."""
    with operator_scope():
        Tenant.objects.update(auto_reply="")
    write("Hello", wamid=FIRST)
    write("Anybody there?", wamid=SECOND)
    work()
    with operator_scope():
        return Conversation.objects.get()


def receipt(wamid: str, **more: object) -> dict:
    told = {"messaging_product": "whatsapp", "status": "read", "message_id": wamid, **more}
    return {"phone_number_id": ACME_NUMBER, **told}


def typing(wamid: str) -> dict:
    return receipt(wamid, typing_indicator={"type": "text"})


def mark_read(tenant: Tenant, conversation: Conversation) -> bool:
    with tenant_scope(tenant.id):
        return tasks.mark_read(conversation.id) is not None


def show_typing(tenant: Tenant, conversation: Conversation) -> bool:
    with tenant_scope(tenant.id):
        return tasks.show_typing(conversation.id) is not None


def test_the_newest_message_is_told_as_read_once(acme, ada, jobs, graph):
    assert (mark_read(acme, ada), mark_read(acme, ada)) == (True, False)
    jobs()

    assert graph.receipts == [receipt(SECOND)]


def test_what_is_written_afterwards_is_told_again(acme, ada, write, work, jobs, graph):
    mark_read(acme, ada)
    jobs()
    write("One more thing", wamid="wamid.third")
    work()
    assert mark_read(acme, ada)
    jobs()

    assert graph.receipts == [receipt(SECOND), receipt("wamid.third")]


def test_an_answer_being_written_is_shown_as_often_as_it_is_asked_for_and_reads_what_is_there(
    acme, ada, jobs, graph
):
    assert (show_typing(acme, ada), show_typing(acme, ada), mark_read(acme, ada)) == (
        True,
        True,
        False,
    )
    jobs()

    assert graph.receipts == [typing(SECOND), typing(SECOND)]


def test_an_answer_that_is_there_already_is_not_shown_as_being_written(
    acme, ada, deliver, work, jobs, graph
):
    show_typing(acme, ada)
    echo = {
        "from": "46700000000",
        "to": ADA,
        "id": "wamid.echo",
        "timestamp": bodies.text()["timestamp"],
        "type": "text",
    }
    echoes = {**bodies.value(ACME_NUMBER), "message_echoes": [{**echo, "text": {"body": "Yes"}}]}
    deliver(bodies.webhook(bodies.change(ACME_ACCOUNT, "smb_message_echoes", echoes)))
    work()
    jobs()

    assert graph.receipts == [receipt(SECOND)]


@pytest.mark.parametrize(
    "obstacle",
    [
        pytest.param(
            "UPDATE messaging.channels SET status = 'needs_reauth'", id="a parked channel"
        ),
        pytest.param("UPDATE messaging.tenants SET status = 'suspended'", id="a suspended tenant"),
        pytest.param("UPDATE messaging.contacts SET blocked_at = now()", id="a blocked contact"),
    ],
)
def test_nothing_is_told_of(acme, ada, jobs, graph, db_rows, obstacle):
    mark_read(acme, ada)
    db_rows.execute(obstacle)
    jobs()

    assert graph.receipts == []


@pytest.mark.parametrize("refusal", [{"code": 190, "http": 401}, {"code": 102}], ids=str)
def test_a_refused_token_parks_the_channel_as_a_message_would(
    acme, acme_whatsapp, ada, jobs, graph, refusal
):
    mark_read(acme, ada)
    graph.receipt_script.append(refusal)
    jobs()

    with operator_scope():
        acme_whatsapp.refresh_from_db()
    assert (acme_whatsapp.status, graph.receipts) == ("needs_reauth", [])


@pytest.mark.parametrize(
    "refusal", [{"code": 10, "http": 403}, {"code": 100, "subcode": 33}, {"code": 131031}], ids=str
)
def test_a_refusal_of_a_read_receipt_alone_parks_no_channel(
    acme, acme_whatsapp, ada, jobs, graph, refusal
):
    mark_read(acme, ada)
    graph.receipt_script.append(refusal)
    jobs()

    with operator_scope():
        acme_whatsapp.refresh_from_db()
    assert (acme_whatsapp.status, graph.receipts) == ("live", [])


def test_a_meta_that_does_not_answer_is_asked_a_few_times_and_then_left_alone(
    acme, ada, jobs, graph, db_rows
):
    mark_read(acme, ada)
    graph.receipt_script.extend([{"http": 502}] * 5)
    for _ in range(5):
        db_rows.execute("SET search_path = jobs")
        db_rows.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'")
        db_rows.execute("RESET search_path")
        jobs()

    found = db_rows.execute(
        "SELECT status::text, attempts FROM jobs.procrastinate_jobs WHERE task_name LIKE"
        " '%%tell_read'"
    )
    assert (found.fetchall(), graph.receipts, len(graph.receipt_script)) == ([("failed", 4)], [], 1)


def test_another_tenants_conversation_is_as_unknown_as_one_that_is_not_there(globex, ada):
    with tenant_scope(globex.id), pytest.raises(Conversation.DoesNotExist):
        tasks.mark_read(ada.id)


def test_staff_mark_a_conversation_as_read_in_the_back_office(web, acme, ada, jobs, graph):
    staff = sign_in(web, is_staff=True, is_superuser=True)
    answer = order(staff, web, "messaging/conversation", "mark_read")
    jobs()

    assert (said(answer), graph.receipts) == (
        ["1 of 1 conversations is marked as read."],
        [receipt(SECOND)],
    )


def test_of_a_message_that_was_deleted_meanwhile_nothing_is_told(acme, ada, jobs, graph, db_rows):
    assert mark_read(acme, ada)
    db_rows.execute("DELETE FROM messaging.messages")
    jobs()

    assert graph.receipts == []
    failed = "SELECT count(*) FROM jobs.procrastinate_jobs WHERE status <> 'succeeded'"
    assert db_rows.execute(failed).fetchone() == (0,)
