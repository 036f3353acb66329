"""Ada's thread on a number of Acme's that has a second responder: what is told of it, and what is
known of it then.
"""

import time
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from channels_app.models import Channel
from messaging.conversations import ownership
from messaging.models import Conversation, Message, OwnerChange
from messaging.models.owner_word import OwnerWord
from tenants.scope import operator_scope, router_scope
from tests.support.cast import ADA
from tests.support.whatsapp import bodies, shared_numbers


def messages(*items: dict) -> tuple[str, dict]:
    return "messages", shared_numbers.standby(messages=list(items))


def standby(*items: dict) -> tuple[str, dict]:
    return "standby", shared_numbers.standby(messages=list(items))


def echoes(*items: dict) -> tuple[str, dict]:
    return "standby", shared_numbers.standby(message_echoes=list(items))


def handover(kind: str, *, at: float | None = None, **more: Any) -> tuple[str, dict]:
    timestamp = str(int(time.time() if at is None else at))
    sender = {"phone_number": ADA}
    return "messaging_handovers", shared_numbers.handover(
        kind, timestamp=timestamp, sender=sender, **more
    )


def tell(
    conversation_id: UUID,
    owner: str,
    told_by: str,
    *,
    ago: timedelta = timedelta(0),
    note: str = "",
    by: str = "",
) -> None:
    """Put a word about a thread's owner on record, as if it had come; its channel is shared. The
    contact wrote an hour ago.
    """
    word = OwnerWord(owner, told_by, timezone.now() - ago, note)
    an_hour_ago = timezone.now() - timedelta(hours=1)
    with router_scope():
        Conversation.objects.filter(id=conversation_id).update(last_inbound_at=an_hour_ago)
        conversations = ownership.locked_if_free([conversation_id])
        ownership.tell(conversations, {conversation_id: word}, by)
        Channel.objects.learn_shared({each.channel_id for each in conversations})


def asked(graph: Any) -> list[tuple[str, str, str]]:
    """(action, person, note) of what Meta was asked."""
    return [(each["action"], each["to"], each.get("metadata", "")) for each in graph.thread_orders]


def owner() -> tuple[str, str]:
    """Who has the only thread by the newest word, and what that was."""
    with operator_scope():
        return Conversation.objects.values_list("owner", "owner_told_by").get()


def history() -> list[tuple[str, str, str]]:
    """(owner, told by, note) of the only thread's history, in the order of its moments."""
    with operator_scope():
        rows = OwnerChange.objects.order_by("occurred_at", "id")
        return list(rows.values_list("owner", "told_by", "note"))


def thread() -> list[tuple[str, str, str]]:
    """(origin, text, why it was not answered) of the only thread, in its order."""
    with operator_scope():
        rows = Message.objects.order_by("seq")
        return list(rows.values_list("origin", "text", "unanswered"))


def echo(text: str, **more: Any) -> dict:
    return shared_numbers.echo(text, timestamp=str(int(time.time())), **more)


text = bodies.text
