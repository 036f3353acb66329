"""Another responder on Acme's number: what is told of it, and the orders that the number's provider
is given about threads.
"""

from collections import deque
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from channels_app import providers
from channels_app.models import Channel
from messaging.conversations import ownership
from messaging.models.owner_word import OwnerWord
from tenants.scope import router_scope


class OtherResponder:
    """`orders`: what the provider was asked for, (action, to, note); `script`: the errors that the
    next orders raise.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, kind: str = "whatsapp") -> None:
        self.orders: list[tuple[str, str, str]] = []
        self.script: deque[Exception] = deque()
        provider: Any = providers.get(kind)
        offered = {
            "idle_after": timedelta(hours=24),
            "orders_per_minute": 400,
            "pass_thread": self.pass_thread,
            "release_thread": self.release_thread,
            "take_thread": self.take_thread,
        }
        for name, value in offered.items():
            monkeypatch.setattr(provider, name, value, raising=False)

    def pass_thread(self, channel: Channel, to: str, note: str) -> None:
        self.done("pass", to, note)

    def release_thread(self, channel: Channel, to: str) -> None:
        self.done("release", to, "")

    def take_thread(self, channel: Channel, to: str, note: str) -> None:
        self.done("take", to, note)

    def done(self, *order: str) -> None:
        self.orders.append(order)  # type: ignore[arg-type]
        if self.script:
            raise self.script.popleft()


def tell(conversation_id: UUID, owner: str, told_by: str, **more: Any) -> None:
    """Tell who has a thread, at this moment or `ago`."""
    at = timezone.now() - more.pop("ago", timedelta(0))
    with router_scope():
        conversations = ownership.locked([conversation_id])
        word = OwnerWord(owner, told_by, at, note=more.pop("note", ""))
        ownership.tell(conversations, {conversation_id: word}, **more)
        Channel.objects.learn_shared({each.channel_id for each in conversations})
