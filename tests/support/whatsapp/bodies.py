"""Webhook bodies as Meta builds them, with what a test wants in them."""

import itertools
import json
import time
from typing import Any

from tests.support.cast import ADA

_numbers = itertools.count(1)


def text(
    body: str = "Hello",
    *,
    sender: str = ADA,
    wamid: str | None = None,
    at: float | None = None,
    **more: Any,
) -> dict:
    """One item of `messages`. `sender`: a wa_id, or a BSUID (with its dot)."""
    return {
        "from_user_id" if "." in sender else "from": sender,
        "id": wamid or f"wamid.{next(_numbers)}",
        "timestamp": str(int(time.time() if at is None else at)),
        "type": "text",
        "text": {"body": body},
        **more,
    }


def status(wamid: str, word: str, *, at: float | None = None, **more: Any) -> dict:
    """One item of `statuses`."""
    return {
        "id": wamid,
        "status": word,
        "timestamp": str(int(at or time.time())),
        "recipient_id": ADA,
        **more,
    }


def value(number: str, *, messages: tuple = (), statuses: tuple = (), name: str = "Ada") -> dict:
    """What a change of the field `messages` holds; `number` is the phone number id."""
    content: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550100001", "phone_number_id": number},
    }
    if messages:
        senders = {m.get("from") or m.get("from_user_id") for m in messages}
        content["contacts"] = [
            {"profile": {"name": name}, "user_id" if "." in sender else "wa_id": sender}
            for sender in sorted(filter(None, senders))
        ]
        content["messages"] = list(messages)
    if statuses:
        content["statuses"] = list(statuses)
    return content


def entry(account: str, *values: dict) -> dict:
    return {"id": account, "changes": [{"field": "messages", "value": each} for each in values]}


def change(account: str, field: str, value: dict) -> dict:
    """An entry of any other field."""
    return {"id": account, "changes": [{"field": field, "value": value}]}


def webhook(*entries: dict) -> bytes:
    return json.dumps({"object": "whatsapp_business_account", "entry": list(entries)}).encode()
