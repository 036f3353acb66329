"""What the stand-in tells our webhook, signed as Meta signs: what became of each accepted message,
and whatever else it is given.
"""

import json
import time
from contextlib import suppress

import requests

from whatsapp.json_values import Json
from whatsapp.webhooks import signature


def report_status(
    callback: str, app_secret: str, account_id: str, entry: Json, status: str
) -> None:
    """`entry`: of the ledger."""
    message = entry["message"]
    item = {
        "id": entry["wamid"],
        "status": status,
        "timestamp": str(int(time.time())),
        "recipient_id": message.get("to"),
        "recipient_user_id": message.get("recipient"),
        "biz_opaque_callback_data": message.get("biz_opaque_callback_data"),
    }
    value = {
        "messaging_product": "whatsapp",
        "metadata": {
            "display_phone_number": "15550100001",
            "phone_number_id": entry["phone_number_id"],
        },
        "statuses": [{key: each for key, each in item.items() if each}],
    }
    post(callback, app_secret, envelope(account_id, value))


def post(callback: str, app_secret: str, body: bytes) -> None:
    # Meta would try again for days; a demonstration does not
    with suppress(requests.RequestException):
        requests.post(callback, data=body, headers=signed(body, app_secret), timeout=10)


def envelope(account_id: str, value: Json, field: str = "messages") -> bytes:
    change = {"field": field, "value": value}
    return json.dumps(
        {"object": "whatsapp_business_account", "entry": [{"id": account_id, "changes": [change]}]}
    ).encode()


def signed(body: bytes, app_secret: str) -> dict[str, str]:
    return {
        "Content-Type": "application/json",
        "X-Hub-Signature-256": signature.sign(body, app_secret),
    }
