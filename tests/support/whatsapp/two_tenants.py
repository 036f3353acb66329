"""Acme and Globex with something to lose: rows in every table of tenants' rows."""

import json
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.utils import timezone

from channels_app.models import Channel
from messaging.models import (
    ChannelProbe,
    Conversation,
    DeferredReply,
    ErasedMessage,
    Erasure,
    IdempotencyKey,
    Media,
    MediaUpload,
    Message,
    OwnerChange,
    ReplyChoice,
    Resend,
    Settlement,
    ThreadOrder,
    WebhookAttempt,
    WebhookEndpoint,
    WebhookSetAside,
)
from messaging.models.owner_word import OwnerWord
from tenants.api_keys.keys import create
from tenants.models import OF_TENANTS, ConnectLink, Invitation, Membership, Tenant, User
from tenants.scope import operator_scope
from tests.support import database
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, ADA, GLOBEX_ACCOUNT, GLOBEX_NUMBER, GRACE
from tests.support.raw import counts, snapshot
from tests.support.whatsapp import bodies
from whatsapp.models import Signup

ACCOUNTS = {ACME_NUMBER: ACME_ACCOUNT, GLOBEX_NUMBER: GLOBEX_ACCOUNT}
Kept = dict[str, list]  # table -> its rows, as JSON


@pytest.fixture(scope="session")
def kept() -> Kept:
    """What `both` made the first time: it is the same for every test, and putting it back takes no
    worker.
    """
    return {}


@pytest.fixture
def both(
    kept: Kept, graph: Any, db_rows: psycopg.Connection, request: pytest.FixtureRequest
) -> tuple[Tenant, Tenant]:
    """Acme and Globex, each with rows in every table of tenants' rows; they came through the
    webhook.
    """
    if kept:
        put_back(kept, db_rows)
    else:
        request.getfixturevalue("made")
        kept.update(taken_down(db_rows))
    with operator_scope():
        acme, globex = Tenant.objects.order_by("slug")
    for tenant in (acme, globex):
        empty = [table for table, found in counts(snapshot(db_rows, tenant)).items() if not found]
        assert empty == [], (
            f"nothing could leak from {empty}: let the fixture `made` make rows there"
        )
    return acme, globex


@pytest.fixture
def made(
    acme: Tenant,
    globex: Tenant,
    acme_whatsapp: Any,
    globex_whatsapp: Any,
    write: Any,
    report: Any,
    deliver: Any,
    work: Any,
    graph: Any,
) -> None:
    write("A secret of Acme", sender=ADA)
    write("A secret of Globex", sender=GRACE, number=GLOBEX_NUMBER, account=GLOBEX_ACCOUNT)
    work()
    write("I have another id, too", sender=ADA, from_user_id="SE.ada")
    write(
        "I have another id, too",
        sender=GRACE,
        from_user_id="SE.grace",
        number=GLOBEX_NUMBER,
        account=GLOBEX_ACCOUNT,
    )
    work()
    for sent in list(graph.ledger):
        number = sent["phone_number_id"]
        report(bodies.status(sent["wamid"], "failed"), number=number, account=ACCOUNTS[number])
    work()
    for number, sender in ((ACME_NUMBER, ADA), (GLOBEX_NUMBER, GRACE)):
        photo = {**bodies.text(sender=sender), "type": "image", "image": {"id": f"of {sender}"}}
        deliver(
            bodies.webhook(bodies.entry(ACCOUNTS[number], bodies.value(number, messages=(photo,))))
        )
    for account in (ACME_ACCOUNT, GLOBEX_ACCOUNT):
        told = {
            "event": "APPROVED",
            "message_template_name": "hello",
            "message_template_language": "en",
        }
        approved = {**told, "message_template_id": 1}
        deliver(bodies.webhook(bodies.change(account, "message_template_status_update", approved)))
    work()
    with operator_scope():
        for media in Media.objects.all():
            MediaUpload.objects.create(
                tenant_id=media.tenant_id, media=media, channel_id=media.channel_id
            )
        Resend.objects.order(
            Message.objects.filter(status="failed").values_list("id", flat=True), by="an operator"
        )
        ErasedMessage.objects.remember(
            (channel.tenant_id, channel.id, f"wamid.of.{channel.id}")
            for channel in Channel.objects.all()
        )
        for tenant in (acme, globex):
            owner = User.objects.create_user(f"{tenant.slug}s-owner")
            Membership.objects.create(tenant=tenant, user=owner, role="owner")
            Invitation.objects.create(
                tenant=tenant, email=f"new@{tenant.slug}.example", role="agent", invited_by=owner
            )
            message = Message.objects.filter(tenant=tenant).earliest("id")
            make_thread_rows(tenant)
            Settlement.objects.create(tenant=tenant, message=message, status="sent")
            ChannelProbe.objects.create(
                tenant=tenant,
                channel_id=message.channel_id,
                message_id=message.id,
                attempts=1,
                asked_at=timezone.now(),
            )
            Signup.objects.create(tenant=tenant, user=owner, nonce=tenant.slug)
            link = ConnectLink.objects.create(
                tenant=tenant,
                kind="whatsapp",
                return_url=f"https://{tenant.slug}.example/back",
                expires_at=timezone.now() + timedelta(days=1),
            )
            Signup.objects.create(tenant=tenant, link=link, nonce=f"{tenant.slug} by a link")
            create(tenant.id, f"The shop of {tenant.name}", OF_TENANTS)
            IdempotencyKey.objects.create(tenant=tenant, key="order 1", request_hash=bytes(32))
            make_webhook_rows(tenant)
            Erasure.objects.create(
                tenant=tenant, contact_hash=bytes(32), by="owner", finished_at=timezone.now()
            )
    work()


def make_thread_rows(tenant: Tenant) -> None:
    """Somebody else answered on the tenant's number, and the thread was taken back."""
    conversation = Conversation.objects.filter(tenant=tenant).earliest("id")
    word = OwnerWord("other", "standby", timezone.now(), note=f"A note about {tenant.name}")
    OwnerChange.of(tenant.id, conversation.id, word).save()
    ThreadOrder.objects.create(tenant=tenant, conversation=conversation, action="take")
    make_reply_rows(conversation)


def make_reply_rows(conversation: Conversation) -> None:
    """The tenant has chosen a strategy, which is to answer a message."""
    of_tenant = {"tenant_id": conversation.tenant_id, "strategy": "static"}
    choice = ReplyChoice(**of_tenant)
    choice.seal(key=f"sk-of-{conversation.tenant_id}")
    choice.save()
    DeferredReply.objects.create(
        **of_tenant,
        message=Message.objects.filter(conversation=conversation).earliest("id"),
        conversation=conversation,
        deadline=timezone.now(),
        outcome="answered",
        ended_at=timezone.now(),
    )


def make_webhook_rows(tenant: Tenant) -> None:
    endpoint = WebhookEndpoint(tenant=tenant, url=f"https://{tenant.slug}.example/hooks")
    endpoint.seal(current="whsec_")
    endpoint.save()
    ids = {"tenant": tenant, "endpoint": endpoint, "event_id": endpoint.id}
    WebhookSetAside.objects.create(**ids, stream_id=endpoint.id, position=1)
    WebhookAttempt.objects.create(
        **ids,
        type="message.received",
        number=1,
        outcome="failed",
        http_status=500,
        duration_ms=1,
        answer=f"A secret of {tenant.name}",
        at=timezone.now(),
    )


def taken_down(db_rows: psycopg.Connection) -> Kept:
    tables = db_rows.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'messaging'"
    ).fetchall()
    names = [name for (name,) in tables if name not in database.KEPT_TABLES]
    return {
        name: [
            row
            for (row,) in db_rows.execute(f"SELECT to_jsonb(t) FROM messaging.{name} t").fetchall()
        ]
        for name in names
    }


def put_back(kept: Kept, db_rows: psycopg.Connection) -> None:
    """As they were; no rule is asked again."""
    db_rows.execute("SET session_replication_role = replica")
    for name, found in kept.items():
        # which is generated
        columns = [column for column in (found[0] if found else {}) if column != "needs_attention"]
        if columns:
            listed = ", ".join(f'"{column}"' for column in columns)
            source = f"jsonb_populate_recordset(NULL::messaging.{name}, %s::jsonb)"
            db_rows.execute(
                f"INSERT INTO messaging.{name} ({listed}) OVERRIDING SYSTEM VALUE"
                f" SELECT {listed} FROM {source}",
                [json.dumps(found)],
            )
    db_rows.execute("RESET session_replication_role")
