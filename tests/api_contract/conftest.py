"""The API as its users meet it: the application behind real HTTP, Acme and Ada, and the tools."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from channels_app.models import Channel, MessageTemplate
from messaging.models import Contact, ContactIdentity, Conversation, Message
from tenants.api.examples import ID
from tenants.models import ApiKey, Tenant
from tenants.scope import operator_scope
from tests.support.api import new_key
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, ADA

pytestmark = pytest.mark.whatsapp


@pytest.fixture
def tools() -> Path:
    """Where schemathesis and openapi-python-client are (`make test-api` installs them)."""
    return Path(os.environ["API_TOOLS"]).absolute()


@pytest.fixture
def key(acme) -> str:
    """A key that may ask as often as it likes: what is tried here is not the rate limit."""
    key = new_key(acme)
    with operator_scope():
        ApiKey.objects.update(requests_per_second=1000, burst=10_000)
    return key


@pytest.fixture
def ada(acme, graph) -> None:
    """Ada has written to Acme. Every row has the id of the description's examples, so that they are
    found by whoever tries them.
    """
    own = {"id": ID, "tenant": acme}
    with operator_scope():
        Tenant.objects.update(auto_reply="")
        channel = Channel(**own, kind="whatsapp", external_id=ACME_NUMBER, account_id=ACME_ACCOUNT)
        channel.replace(access_token="token-of-acme")
        channel.go_live()
        channel.save()
        template = {"name": "hello", "language": "en", "status": "approved"}
        MessageTemplate.objects.create(**own, kind="whatsapp", account_id=ACME_ACCOUNT, **template)
        contact = Contact.objects.create(**own, name="Ada")
        ContactIdentity.objects.create(tenant=acme, contact=contact, kind="wa_id", value=ADA)
        until = timezone.now() + timedelta(hours=24)
        place = {"channel": channel, "contact": contact, "last_seq": 1}
        conversation = Conversation.objects.create(**own, **place, window_closes_at=until)
        said = {"direction": "inbound", "status": "received", "external_id": "wamid.ada", "seq": 1}
        Message.objects.create(**own, channel=channel, conversation=conversation, **said)
