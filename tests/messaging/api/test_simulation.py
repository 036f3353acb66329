"""A test channel: everything but its provider is real, and each recipient behaves as the end of the
number says. Nobody is asked over the network.
"""

import json
from io import BytesIO
from pathlib import Path

import pytest
import requests
from django.core.management import CommandError
from django.utils import timezone

from channels_app import tasks
from channels_app.models import Channel
from channels_app.providers.simulation.recipients import ENDINGS
from messaging.conversations.tasks import tell_read, tell_typing
from messaging.media import transfer
from messaging.models import Message
from messaging.monitoring import problems
from tenants.models import Tenant
from tenants.scope import operator_scope
from tests.support.api import Caller, faults_of, new_key
from tests.support.cast import REPLY, thread_of
from tests.support.photos import PHOTO
from tests.support.simulation import Rehearsal, connect
from tests.support.whatsapp.channel import SECRET
from whatsapp.checklist.platform import NotReady, has_numbers
from whatsapp.management.commands.simulate_message import channel_of
from whatsapp.webhooks.signature import sign

pytestmark = pytest.mark.whatsapp

ANYONE = "46700000000"
PAGE = Path(__file__).resolve().parents[3] / "docs" / "test-channels.md"


@pytest.fixture
def trial(acme, graph):
    return connect(acme)


@pytest.fixture
def rehearsal(acmes, trial, db_rows, work):
    return Rehearsal(acmes, trial, db_rows, work)


@pytest.fixture
def silent(acme):
    with operator_scope():
        Tenant.objects.filter(id=acme.id).update(auto_reply="")


def sent_to(rehearsal, number) -> dict:
    """All that is told of a message to this number, once nothing more comes."""
    rehearsal.write(number)
    rehearsal.work()
    message = rehearsal.send(number)
    rehearsal.let_time_pass()
    return rehearsal.told_of(message)


def outline(told: dict) -> tuple:
    """(status, error code, outcomes of the attempts, statuses that were reported)."""
    attempts = [(each["outcome"], each["error_code"]) for each in told["attempts"]]
    statuses = [each["status"] for each in told["statuses"]]
    return told["status"], told["error_code"], attempts, statuses


TAKEN, LOST = [("accepted", "")], [("unknown", "")]
BEHAVIOURS = {
    "0000": ("delivered", "", TAKEN, ["sent", "delivered"]),
    "0001": ("read", "", TAKEN, ["sent", "delivered", "read"]),
    "0002": ("failed", "test_refused", [("failed", "test_refused")], []),
    "0003": ("failed", "test_undeliverable", TAKEN, ["failed"]),
    "0004": ("accepted", "", TAKEN, []),
    "0005": ("delivered", "", LOST, ["sent", "delivered"]),
    "0006": (
        "delivered",
        "",
        [("queued", "test_rate_limited"), ("accepted", "")],
        ["sent", "delivered"],
    ),
    "0007": ("failed", "test_window_closed", [("failed", "test_window_closed")], []),
    "0008": ("failed", "test_opted_out", [("failed", "test_opted_out")], []),
    "0009": ("unknown", "", LOST, []),
}


@pytest.mark.parametrize("ending", BEHAVIOURS)
def test_a_recipient_behaves_as_the_end_of_the_number_says(rehearsal, silent, graph, ending):
    told = sent_to(rehearsal, f"4670000{ending}")

    assert outline(told) == BEHAVIOURS[ending]
    assert list(graph.asked) == []


def test_the_table_of_the_document_lists_every_ending():
    rows = [line.split("|")[1].strip(" `") for line in PAGE.read_text().splitlines() if "|" in line]

    assert [each for each in rows if each.isdigit()] == [*ENDINGS]
    assert {*ENDINGS} == BEHAVIOURS.keys() - {"0000"}


@pytest.mark.parametrize(
    ("number", "attempts"),
    [("469991310260002", [("failed", "131026")]), ("469991310260003", TAKEN)],
)
def test_a_recipient_fails_with_the_code_that_the_number_names(rehearsal, silent, number, attempts):
    told = sent_to(rehearsal, number)

    assert (told["status"], told["error_code"], outline(told)[2]) == ("failed", "131026", attempts)


def test_what_a_refusal_says_of_window_and_contact_has_its_effect(rehearsal, silent):
    closed = sent_to(rehearsal, "46700000007")
    opted_out = sent_to(rehearsal, "46700000008")

    conversation = rehearsal.caller.get(f"conversations/{closed['conversation']}").json()
    contact = rehearsal.caller.get(f"contacts/{opted_out['contact']}").json()
    assert conversation["window_closes_at"] < timezone.now().isoformat()
    assert contact["marketing_opted_out_at"] is not None


def test_who_writes_to_a_test_channel_is_stored_and_answered_and_the_answer_arrives(
    acme, rehearsal, graph
):
    response = rehearsal.write("+46 70 000 00 00", "Where is it?", name="Ada")
    rehearsal.let_time_pass()

    assert response.status_code == 202
    assert thread_of(acme) == [
        ("inbound", "Where is it?", "received"),
        ("outbound", REPLY, "delivered"),
    ]
    (message,) = rehearsal.caller.items("messages", **response.json())
    contact = rehearsal.caller.get(f"contacts/{message['contact']}").json()
    assert (contact["name"], contact["identities"]) == (
        "Ada",
        [{"kind": "wa_id", "value": "46700000000", "is_active": True}],
    )
    assert list(graph.asked) == []


def test_a_simulated_message_is_stored_once_however_often_it_is_asked_for(acme, rehearsal, silent):
    path = f"channels/{rehearsal.channel.id}/test-messages"
    body = {"from": {"kind": "phone", "value": ANYONE}, "text": "Hello"}

    first, second = (rehearsal.caller.post(path, body, Idempotency_Key="1") for _ in range(2))
    rehearsal.work()

    assert first.json() == second.json()
    assert thread_of(acme) == [("inbound", "Hello", "received")]


def test_a_live_channel_lets_nobody_write_who_does_not(acmes, acme_whatsapp, acme, work):
    body = {"from": {"kind": "phone", "value": ANYONE}, "text": "Hello"}

    refused = acmes.post(f"channels/{acme_whatsapp.id}/test-messages", body)
    work()

    assert (refused.status_code, refused.json()["code"]) == (409, "not_a_test_channel")
    assert thread_of(acme) == []


def test_a_test_channel_that_is_disconnected_takes_nothing_in(rehearsal, jobs, graph):
    with operator_scope():
        tasks.disconnect(rehearsal.channel, by="grace")
    jobs()

    refused = rehearsal.write(ANYONE)

    assert (refused.status_code, refused.json()["code"]) == (409, "channel_disconnected")
    with operator_scope():
        assert Channel.objects.get().credentials == ""  # as if its provider had been told
    assert list(graph.asked) == []


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"text": ""}, [("/text", "This field may not be blank.")]),
        ({"from": {"kind": "phone"}}, [("/from/value", "This field is required.")]),
        ({"form": "x"}, [("/form", "There is no such field.")]),
    ],
)
def test_a_simulated_message_with_a_fault_says_where(rehearsal, changes, faults):
    body = {"from": {"kind": "phone", "value": ANYONE}, "text": "Hello", **changes}

    response = rehearsal.caller.post(f"channels/{rehearsal.channel.id}/test-messages", body)

    assert (response.status_code, faults_of(response)) == (422, faults)


def test_an_address_that_the_provider_would_not_know_is_refused(rehearsal):
    response = rehearsal.write("Ada")

    assert (response.status_code, response.json()["code"]) == (422, "bad_recipient")
    assert faults_of(response)[0][0] == "/from"


def test_a_key_needs_the_scope_to_write_messages(acme, web, trial):
    reader = Caller(web, new_key(acme, ["messages:read"]))

    assert reader.post(f"channels/{trial.id}/test-messages", {}).status_code == 403


def test_a_test_channel_keeps_the_rules_of_its_provider(rehearsal, silent, acme):
    rehearsal.write(ANYONE)
    rehearsal.work()
    with operator_scope():
        (conversation,) = rehearsal.caller.items("conversations")
    said = {"kind": "text", "body": "x" * 5000}

    refused = rehearsal.caller.post(
        "messages", {"conversation": conversation["id"], "content": said}
    )
    new = rehearsal.caller.post(
        "messages",
        {
            "channel": str(rehearsal.channel.id),
            "to": {"kind": "phone", "value": "46700000011"},
            "content": {"kind": "text", "body": "Hi"},
        },
    )

    assert (refused.status_code, faults_of(refused)[0][0]) == (422, "/content/body")
    assert (new.status_code, new.json()["code"]) == (409, "window_closed")


def test_a_template_of_any_account_of_the_business_is_sent(
    rehearsal, acmes, approve, globex, graph
):
    approve("hello")
    approve("secret", tenant=globex)
    channel = str(rehearsal.channel.id)

    said = acmes.post(
        "messages",
        {
            "channel": channel,
            "to": {"kind": "phone", "value": ANYONE},
            "content": {"kind": "template", "name": "hello", "language": "en"},
        },
    )
    rehearsal.let_time_pass()

    assert [each["name"] for each in acmes.items("templates", channel=channel)] == ["hello"]
    assert rehearsal.told_of(said.json()["id"])["status"] == "delivered"
    assert list(graph.asked) == []


def test_nothing_of_a_test_channel_reaches_the_provider_and_of_a_live_one_it_does(
    rehearsal, acme, acme_whatsapp, silent, write, jobs, graph, acmes
):
    rehearsal.write(ANYONE)
    write("Hello")
    rehearsal.work()

    def ask_all(channel: Channel) -> list[str]:
        graph.asked.clear()
        with operator_scope():
            message = Message.objects.get(channel=channel, direction="inbound")
        named = {"tenant_id": str(acme.id), "message_id": str(message.id)}
        tell_read(**named)
        tell_typing(**named)
        with operator_scope():
            tasks.check_soon([channel])
            tasks.prove_soon(channel)
            tasks.fetch_templates_soon([channel])
        jobs()
        with operator_scope():
            tasks.disconnect(channel, by="grace", ends_registration=True)
        jobs()
        return sorted({each.method for each in graph.asked})

    assert ask_all(rehearsal.channel) == []
    assert ask_all(acme_whatsapp) == ["DELETE", "GET", "POST"]


def test_a_check_finds_that_a_test_channel_works(rehearsal, jobs):
    with operator_scope():
        tasks.check_soon([rehearsal.channel])
    jobs()

    told = rehearsal.caller.get(f"channels/{rehearsal.channel.id}").json()
    assert (told["status"], told["health"]["check"]["value"]) == ("live", "ok")


def test_a_file_leaves_by_a_test_channel_and_is_uploaded_nowhere(
    rehearsal, silent, acme, jobs, graph
):
    rehearsal.write(ANYONE)
    rehearsal.work()
    file = transfer.put(
        acme.id, BytesIO(PHOTO), kind="image", mime_type="image/jpeg", filename="cup.jpg"
    )
    (conversation,) = rehearsal.caller.items("conversations")
    content = {"kind": "image", "file": str(file.id)}

    said = rehearsal.caller.post(
        "messages", {"conversation": conversation["id"], "content": content}
    )
    rehearsal.work()  # it waits for its file, which a sweep has uploaded
    rehearsal.work()
    jobs()
    rehearsal.let_time_pass()

    assert rehearsal.told_of(said.json()["id"])["status"] == "delivered"
    assert list(graph.asked) == []


def test_what_fails_on_a_test_channel_is_nobodys_problem(
    rehearsal, acme_whatsapp, silent, write, db_rows, graph
):
    sent_to(rehearsal, "46700000009")
    db_rows.execute("UPDATE messaging.messages SET created_at = now() - interval '2 hours'")
    db_rows.execute("UPDATE messaging.channels SET status = 'restricted', parked_at = now()")

    assert {each.channel_id for each in problems.current() if each.channel_id} == {acme_whatsapp.id}

    db_rows.execute("UPDATE messaging.messages SET channel_id = %s", [acme_whatsapp.id])
    assert {each.kind for each in problems.current()} >= {"channel_parked", "messages_unknown"}


def test_what_belongs_to_whatsapp_alone_leaves_test_channels_out(acme, rehearsal):
    with pytest.raises(NotReady, match="None is live yet"):
        has_numbers()
    with pytest.raises(CommandError, match="has no connected WhatsApp channel"):
        channel_of("acme", None)


def test_a_channel_without_statuses_reports_none_on_its_test_channel_either(
    acme, acmes, db_rows, work
):
    rehearsal = Rehearsal(acmes, connect(acme, "sample"), db_rows, work)
    assert rehearsal.write("").json()["code"] == "bad_recipient"
    rehearsal.write(ANYONE)
    rehearsal.let_time_pass()

    assert thread_of(acme) == [("inbound", "Hello", "received"), ("outbound", REPLY, "accepted")]


def test_the_api_tells_test_channels_from_live_ones(acmes, rehearsal, acme_whatsapp):
    told = {each["id"]: each["is_test"] for each in acmes.items("channels")}

    assert told == {str(rehearsal.channel.id): True, str(acme_whatsapp.id): False}


def test_no_webhook_of_the_provider_comes_in_by_the_address_of_a_trial(rehearsal, web, deliver):
    body = json.dumps({"type": "message"}).encode()
    address = f"{web}/api/webhooks/whatsapp/{rehearsal.channel.external_id}"
    signed = {"X-Hub-Signature-256": sign(body, SECRET)}

    assert requests.post(address, data=body, headers=signed, timeout=30).status_code == 404
    assert deliver(body).status_code == 200
