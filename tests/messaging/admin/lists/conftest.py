"""Lists that are short enough to be read whole by a test."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client

from channels_app.models import ChannelEvent
from messaging.models import (
    Alert,
    Contact,
    ContactChange,
    Conversation,
    Media,
    Message,
    WebhookAttempt,
    WebhookDelivery,
)
from tenants.admin.lists.changelist import CursorChangeList
from tests.support import lists

PER_PAGE, READ_AT_MOST = 3, 10
SHORT = (
    *(Alert, ChannelEvent, Contact, ContactChange, Conversation, Media, Message),
    *(WebhookAttempt, WebhookDelivery),
)


@pytest.fixture
def root(db_rows: Any) -> Client:
    """Signed in as who may do everything."""
    return lists.signed_in()


@pytest.fixture
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page has three rows, and goes through ten to find them."""
    monkeypatch.setattr(CursorChangeList, "read_at_most", READ_AT_MOST)
    for model in SHORT:
        page = admin.site.get_model_admin(model)
        monkeypatch.setattr(page, "list_per_page", PER_PAGE)


@pytest.fixture
def people(db_rows: Any, acme_whatsapp: Any, globex_whatsapp: Any) -> Callable[..., None]:
    """`people(1, 9)`: nine people of Acme, each with a conversation and a message; `people(1, 9,
    globex=True)`.
    """

    def people(first: int, last: int, *, globex: bool = False) -> None:
        lists.people(db_rows, globex_whatsapp if globex else acme_whatsapp, first, last)

    return people
