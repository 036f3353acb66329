"""Files of the message flow's lists: without what people wrote to each other."""

import pytest
from django.test import Client
from django.urls import reverse

from tenants.models import User
from tenants.scope import auth_scope
from tests.support.cast import ADA, REPLY

pytestmark = pytest.mark.whatsapp

LISTS = [
    "messaging_message",
    "messaging_conversation",
    "messaging_contact",
    "messaging_webhookdelivery",
    "messaging_deadletter",
    "messaging_media",
    "messaging_webhookendpoint",
    "channels_channel",
    "procrastinate_procrastinatejob",
]


def test_no_file_of_a_list_holds_the_text_of_a_message(acme_whatsapp, write, work, graph):
    write("Is it in stock?")
    work()
    client = Client()
    with auth_scope():
        client.force_login(User.objects.create_superuser("root", password="correct horse"))
    listed = client.get(reverse("admin:messaging_message_changelist")).content.decode()
    files = {
        name: client.get(reverse(f"admin:{name}_export")).content.decode("utf-8-sig")
        for name in LISTS
    }

    assert "Is it in stock?" in listed
    assert [name for name, file in files.items() if "stock" in file or REPLY in file] == []
    assert f"+{ADA} Ada" in files["messaging_message"]
    assert len(files["messaging_message"].splitlines()) == 3
