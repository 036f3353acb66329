"""Ada's thread on a number of Acme's that has a second responder: what is told of it, and what is
known of it then.
"""

import time
from typing import Any

from messaging.models import Conversation, Message, OwnerChange
from tenants.scope import operator_scope
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
