"""A webhook as Meta sends it: its own example of a text message, with its ids and its time renewed."""

import base64
import json
import os
import time
from pathlib import Path

EXAMPLES = Path(__file__).with_name("meta_examples.json")  # Meta's, MIT licence beside it


def text_message(*, phone_number_id: str, waba_id: str, sender: str, text: str) -> tuple[bytes, str]:
    """The webhook's body and the wamid of its message. `sender`: a wa_id, or a BSUID (with its dot)."""
    webhook = json.loads(EXAMPLES.read_text())["Text Message"]
    entry = webhook["entry"][0]
    value = entry["changes"][0]["value"]
    message, contact = value["messages"][0], value["contacts"][0]
    entry["id"] = waba_id
    value["metadata"]["phone_number_id"] = phone_number_id
    message["id"] = "wamid." + base64.b64encode(os.urandom(30)).decode()
    message["timestamp"] = str(int(time.time()))
    message["text"]["body"] = text
    if "." in sender:
        del message["from"], contact["wa_id"]
        message["from_user_id"] = contact["user_id"] = sender
    else:
        message["from"] = contact["wa_id"] = sender
    return json.dumps(webhook).encode(), message["id"]
