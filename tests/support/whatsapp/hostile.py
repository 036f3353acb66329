"""Hostile words in every column that takes words, under messages of every kind."""

from collections.abc import Callable
from typing import Any

import psycopg

from tenants.models import User
from tests.support.markup import SHOWN, hostile
from tests.support.platform_rows import make_platform_rows
from tests.support.whatsapp.corpus import FOLDER
from tests.support.words_everywhere import give_words, write_everywhere

# what an attacker, a tenant or Meta has a say in
THEY_WRITE = {
    *("messages.text", "messages.preview", "messages.raw", "messages.error", "contacts.name"),
    *("contacts.saved_name", "media.filename", "message_templates.name", "tenants.name"),
    *("message_templates.components", "channels.name", "channels.health", "api_keys.name"),
    *("webhook_endpoints.description", "dead_letters.reason", "dead_letters.item", "alerts.said"),
    *("webhook_attempts.answer", "invitations.email", "users.username"),
    *("axes_accessattempt.username", "django_admin_log.object_repr"),
    *("thread_orders.note", "whatsapp_signups.steps"),
}


def write_hostile_words(
    db_rows: psycopg.Connection, deliver: Any, work: Callable[[], None], *, by: User
) -> None:
    """To be called with rows of Acme in every table, and an operator who did something."""
    for path in sorted(FOLDER.glob("0[0-6]*.json")):
        deliver(path.read_bytes())
    work()
    make_platform_rows(by)
    give_words(db_rows)
    written = write_everywhere(db_rows, hostile)
    db_rows.execute(
        "UPDATE messaging.messages SET kind = left(%s, 64) WHERE id ="
        " (SELECT max(id::text)::uuid FROM messaging.messages WHERE direction = 'inbound')",
        [SHOWN],
    )
    assert THEY_WRITE - written == set()
