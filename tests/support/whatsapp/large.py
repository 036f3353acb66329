"""Webhooks of many items, each in one body to Acme."""

import time

from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER
from tests.support.whatsapp import bodies

OLD = int(time.time()) - 14 * 24 * 3600  # too old to be answered


def of_acme(field: str, **lists: list) -> bytes:
    return bodies.webhook(
        bodies.change(ACME_ACCOUNT, field, {**bodies.value(ACME_NUMBER), **lists})
    )


def numbered(count: int, *, senders: int = 1) -> list[dict]:
    return [
        bodies.text(f"{n}", sender=f"4670{n % senders:06}", wamid=f"wamid.{n:05}", at=OLD)
        for n in range(count)
    ]


def told(account: str, alert: str, at: int) -> dict:
    value = {
        "entity_type": "WABA",
        "entity_id": account,
        "alert_severity": "INFO",
        "alert_status": "ACTIVE",
        "alert_type": alert,
    }
    return bodies.change(account, "account_alerts", value) | {"time": at}


def history(count: int) -> bytes:
    items = [{**each, "history_context": {"status": "READ"}} for each in numbered(count)]
    return of_acme(
        "history",
        history=[{"metadata": {"phase": 0}, "threads": [{"id": "4670000000", "messages": items}]}],
    )


def address_book(count: int) -> bytes:
    names = [{"full_name": f"P{n}", "phone_number": f"4670{n:06}"} for n in range(count)]
    given = {"type": "contact", "action": "add", "metadata": {"timestamp": str(OLD)}}
    return of_acme("smb_app_state_sync", state_sync=[{**given, "contact": each} for each in names])


def preferences(count: int) -> bytes:
    given = {"category": "marketing_messages", "value": "stop", "timestamp": OLD}
    return of_acme(
        "user_preferences",
        user_preferences=[{**given, "wa_id": f"4670{n:06}"} for n in range(count)],
    )


def templates(count: int, event: str = "APPROVED", at: int = OLD) -> bytes:
    values = [
        {
            "event": event,
            "message_template_id": n,
            "message_template_name": f"t{n}",
            "message_template_language": "en",
        }
        for n in range(count)
    ]
    changes = [
        bodies.change(ACME_ACCOUNT, "message_template_status_update", value) for value in values
    ]
    return bodies.webhook(*(change | {"time": at + n} for n, change in enumerate(changes)))
