"""The promises, kept for a channel that differs from WhatsApp in all that the contract leaves open:
addresses of its own, a secret in a header, ids within a chat, no window, no statuses.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import requests
from django.core.management import CommandError, call_command
from django.utils import timezone

from channels_app import tasks
from channels_app.content import Fault, FaultCode, Template, Text, Unsendable
from channels_app.lifecycle import health_check
from channels_app.lifecycle.health_check import NotAsked
from channels_app.models import Channel
from channels_app.providers import SendError, registry
from messaging.conversations.tasks import mark_read, show_typing
from messaging.maintenance.sweeps import SWEEPS, run_sweep
from messaging.models import Contact, Conversation, Message, WebhookDelivery
from messaging.next_steps import next_step
from messaging.outbound import submit
from messaging.tracing.lookup import find, is_settled
from tenants.models import Tenant
from tenants.scope import operator_scope, tenant_scope
from tests.sample_channel.provider import HEADER, SampleChannel, secret_of
from tests.support.cast import REPLY, thread_of
from tests.support.pointers import told

ACMES, GLOBEXES = "acmes-bot", "globexes-bot"
TWO_MESSAGES = [("inbound", "Hello", "received"), ("outbound", REPLY, "accepted")]


def connect(tenant: Tenant, address: str, token: str = "token") -> Channel:
    with operator_scope():
        return Channel.objects.connect(
            tenant,
            kind="sample",
            external_id=address,
            account_id=address,
            access_token=token,
            name="",
        )


@pytest.fixture
def acmes(acme: Tenant) -> Channel:
    return connect(acme, ACMES)


@pytest.fixture
def update(web: str, bot: SampleChannel) -> Callable[..., int]:
    """Ada writes to Acme: `update("Hello")`; returns the answer's HTTP status."""

    def post(
        text: str = "Hello",
        *,
        chat: str = "ada",
        message: int = 7,
        address: str = ACMES,
        secret: str | None = None,
    ) -> int:
        body = json.dumps({"chat": chat, "message": message, "name": chat.title(), "text": text})
        return post_bytes(web, body.encode(), address, secret or secret_of(address))

    return post


def post_bytes(web: str, body: bytes, address: str, secret: str) -> int:
    url = f"{web}/api/webhooks/sample/{address}"
    return requests.post(url, data=body, headers={HEADER: secret}, timeout=30).status_code


def only_message(**of: Any) -> Message:
    with operator_scope():
        return Message.objects.select_related("channel", "tenant").get(**of)


def test_a_message_is_stored_for_its_tenant_and_answered_and_the_answer_ends_at_accepted(
    acme, acmes, update, work, bot
):
    assert update() == 200
    work()

    assert thread_of(acme) == TWO_MESSAGES
    assert bot.outbox == [{"from": ACMES, "to": "ada", "quoting": "", "text": REPLY}]
    answer = only_message(direction="outbound")
    assert answer.external_id == "ada:1001"
    with operator_scope():
        assert is_settled(find(str(answer.id)))
    assert next_step(answer) == "The provider has it, and reports nothing more of its messages."


def test_a_message_that_is_delivered_twice_is_stored_and_answered_once(
    acme, acmes, update, work, bot
):
    assert (update(), update()) == (200, 200)
    work()
    assert update() == 200
    work()

    assert thread_of(acme) == TWO_MESSAGES
    assert len(bot.outbox) == 1


def test_ids_that_are_unique_within_a_chat_alone_keep_two_peoples_messages_apart(
    acme, acmes, update, work, bot
):
    update(chat="ada", message=1)
    update(chat="grace", message=1)
    work()

    with tenant_scope(acme.id):
        assert Conversation.objects.count() == 2
        stored = Message.objects.filter(direction="inbound").order_by("external_id")
        assert list(stored.values_list("external_id", flat=True)) == ["ada:1", "grace:1"]
    assert sorted(sent["to"] for sent in bot.outbox) == ["ada", "grace"]


def test_a_webhook_without_its_addresses_secret_is_refused_and_not_stored(
    acmes, globex, web, db_rows
):
    connect(globex, GLOBEXES)
    body = json.dumps({"chat": "ada", "message": 7, "text": "Hello"}).encode()

    refused = [post_bytes(web, body, ACMES, secret) for secret in ("", "x", secret_of(GLOBEXES))]

    assert refused == [401, 403, 403]
    assert post_bytes(web, body, ACMES, secret_of(ACMES)) == 200
    with operator_scope():
        assert WebhookDelivery.objects.count() == 1


def test_webhooks_of_such_a_channel_come_to_its_address_and_nowhere_else(acmes, web, bot):
    headers = {HEADER: secret_of(ACMES)}
    base = f"{web}/api/webhooks/sample"

    posted = [
        requests.post(f"{base}{path}", data=b"{}", headers=headers, timeout=30).status_code
        for path in ("", "/", f"/{ACMES}/more", f"/{ACMES}", f"/{ACMES}/")
    ]
    asked = requests.get(f"{base}/{ACMES}", timeout=30)

    assert posted == [404, 404, 404, 200, 200]
    assert (asked.status_code, asked.content) == (403, b"")  # it asks for no proof of the address


def test_no_tenant_sees_what_was_written_to_another(acme, acmes, globex, update, work, bot):
    connect(globex, GLOBEXES)
    update("For Acme", address=ACMES)
    update("For Globex", address=GLOBEXES)
    work()

    for tenant, text in ((acme, "For Acme"), (globex, "For Globex")):
        with tenant_scope(tenant.id):
            seen = Message.objects.filter(direction="inbound").values_list("text", flat=True)
            assert (list(seen), Contact.objects.count()) == ([text], 1)


def test_what_comes_before_the_channel_is_connected_waits_for_it(acme, update, work, bot):
    update()
    work()
    assert thread_of(acme) == []

    connect(acme, ACMES)
    work()

    assert thread_of(acme) == TWO_MESSAGES


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\x00",
        b"[1]",
        b'{"chat": "ada"}',
        b'{"chat": {}, "message": 1, "text": "x"}',
        b'{"chat": "ada", "message": 1, "text": 7}',
        b"[" * 100_000,
    ],
)
def test_a_body_that_is_no_update_is_set_aside_and_stops_nothing(
    body, acme, acmes, update, work, web, db_rows, bot
):
    assert post_bytes(web, body, ACMES, secret_of(ACMES)) == 200
    update()
    work()

    assert thread_of(acme) == TWO_MESSAGES
    reasons = db_rows.execute("SELECT reason FROM messaging.dead_letters").fetchall()
    assert reasons == [("It is no update of the sample channel.",)]


def test_an_unknown_outcome_is_never_sent_again_and_waits_for_a_person(
    acme, acmes, update, work, bot, settings
):
    bot.script.append(SendError("No answer came.", then="unknown"))
    update()
    work()
    for sweep in SWEEPS:
        run_sweep(sweep)
    work()

    unknown = only_message(direction="outbound")
    assert (unknown.status, unknown.attempts, bot.outbox) == ("unknown", 1, [])
    assert next_step(unknown) == (
        "The provider never reports what became of it: ask the contact whether it came, and settle"
        " it on the message's page; “Send again” there may make it arrive twice."
    )


def test_a_revoked_token_parks_the_channel_and_a_new_one_releases_what_waits(
    acme, acmes, update, work, bot
):
    bot.revoked.add("token")
    update()
    work()
    held = only_message(direction="outbound")
    assert (held.status, held.channel.status) == ("held", "needs_reauth")

    connect(acme, ACMES, token="another")
    work()

    assert thread_of(acme) == TWO_MESSAGES
    assert [sent["text"] for sent in bot.outbox] == [REPLY]


def test_a_refusal_that_passes_is_tried_again_and_one_that_stays_fails(
    acme, acmes, update, work, bot
):
    at_once = timedelta(0)
    bot.script += [SendError("Too fast.", then="queued", retry_in=at_once)]
    update()
    work()
    work()
    assert thread_of(acme) == TWO_MESSAGES

    bot.script += [SendError("The contact blocked the bot.", then="failed")]
    update(message=8)
    work()

    failed = only_message(status="failed")
    assert (failed.error, failed.attempts, len(bot.outbox)) == (
        "The contact blocked the bot.",
        1,
        1,
    )


def test_without_a_window_a_contact_is_written_to_long_after_they_last_wrote(
    acme, acmes, update, work, bot, db_rows
):
    update()
    work()
    year = timezone.now() - timedelta(days=365)
    db_rows.execute("UPDATE messaging.conversations SET last_inbound_at = %s", [year])

    with operator_scope():
        conversation = Conversation.objects.get()
        submit.send(conversation.id, Text(body="Still there?"), origin=Message.Origin.STAFF)
    work()

    assert conversation.window_closes_at is None
    assert [sent["text"] for sent in bot.outbox] == [REPLY, "Still there?"]


def test_what_the_channel_cannot_say_is_refused_with_a_sentence_each_before_it_is_queued(
    acme, acmes, update, work, bot
):
    update()
    work()

    with operator_scope():
        conversation = Conversation.objects.get()
        for content in (Template(name="hello", language="en"), Text(body="x" * 101)):
            with pytest.raises(Unsendable) as refused:
                submit.send(conversation.id, content, origin=Message.Origin.STAFF)
            assert told(refused.value.faults) == told(
                ["The sample channel sends texts alone."]
                if isinstance(content, Template)
                else [Fault("A text has 1 to 100 characters.", "/body")]
            )


def test_what_the_provider_does_not_offer_is_not_asked_for_and_is_no_fault(
    acme, acmes, update, work, jobs, bot, db_rows
):
    update()
    work()
    with operator_scope():
        conversation = Conversation.objects.get()
        mark_read(conversation.id)
        show_typing(conversation.id)
        tasks.fetch_all_templates.defer(timestamp=0)
        assert tasks.disconnect(acmes, by="Grace")
    jobs()

    failed = "SELECT count(*) FROM jobs.procrastinate_jobs WHERE status <> 'succeeded'"
    assert db_rows.execute(failed).fetchone() == (0,)
    with operator_scope():
        channel = Channel.objects.get()
        assert (channel.status, channel.credentials) == ("disconnected", "")


def test_connecting_it_asks_the_provider_and_its_checks_decide_as_for_any_channel(
    acme, bot, monkeypatch, jobs, capsys
):
    given = ["connect_channel", "sample", "--tenant", "acme", "--token-env", "TOKEN"]
    ids = ["--external-id", ACMES, "--account-id", ACMES]
    monkeypatch.setenv("TOKEN", "revoked")
    bot.revoked.add("revoked")
    with pytest.raises(CommandError) as refused:
        call_command(*given, *ids)
    assert str(refused.value) == (
        "The provider does not accept the channel: The token was revoked: connect the channel"
        " again."
    )

    monkeypatch.setenv("TOKEN", "token")
    call_command(*given, *ids)
    bot.revoked.add("token")
    with operator_scope():
        tasks.check_soon(Channel.objects.all())
    jobs()
    with operator_scope():
        assert Channel.objects.get().status == "needs_reauth"
    bot.revoked.clear()
    with operator_scope():
        tasks.check_soon(Channel.objects.all())
    jobs()
    with operator_scope():
        assert Channel.objects.get().status == "live"


def test_without_the_app_of_a_channel_its_messages_wait_and_who_asks_reads_a_sentence(
    acme, acmes, update, work, bot, monkeypatch, db_rows
):
    update()
    work()
    with operator_scope():
        conversation = Conversation.objects.get()
        submit.send(conversation.id, Text(body="Later"), origin=Message.Origin.STAFF)
    not_installed = "There is no channel of the kind 'sample'; known: "

    with monkeypatch.context() as without:
        without.delitem(registry._providers, "sample")
        work()
        with operator_scope(), pytest.raises(Unsendable) as refused:
            submit.send(conversation.id, Text(body="Now"), origin=Message.Origin.STAFF)
        with pytest.raises(NotAsked) as not_asked:
            health_check.ask(acmes)
        waiting = only_message(text="Later")

    gone = "Channels of the kind 'sample' are not installed here any more."
    assert told(refused.value.faults) == [(gone, "", FaultCode.CHANNEL_NOT_INSTALLED)]
    assert (str(not_asked.value)[: len(not_installed)], waiting.error[: len(not_installed)]) == (
        (not_installed,) * 2
    )
    assert (waiting.status, next_step(waiting)[:33]) == (
        "queued",
        "It leaves when its turn comes. ma",
    )

    db_rows.execute("UPDATE messaging.messages SET due_at = now() WHERE due_at IS NOT NULL")
    db_rows.execute("UPDATE messaging.channel_paces SET ready_at = now()")
    work()
    assert [sent["text"] for sent in bot.outbox] == [REPLY, "Later"]
