"""A webhook as Meta sends it: one of its own examples, with its ids, its times and the person
renewed for a channel.
"""

import base64
import json
import os
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from channels_app.models import Channel
from whatsapp.id_forms import WA_ID, Id
from whatsapp.json_values import Json

EXAMPLES = Path(__file__).with_name("meta_examples.json")  # Meta's, MIT licence beside it
TEXT = "Text Message"
# of each example
PHONE_NUMBER_ID, DISPLAYED, PERSON, NAME = (
    "106540352242922",
    "15550783881",
    "16505551234",
    "Sheena Nelson",
)


@dataclass(frozen=True)
class Person:
    """Who writes. An empty `name`: as in Meta's examples."""

    id: Id
    name: str = ""


def examples() -> dict[str, Json]:
    return json.loads(EXAMPLES.read_text())


def webhook(
    example: Json,
    channel: Channel,
    person: Person,
    *,
    content: Json | None = None,
    quoting: str = "",
) -> tuple[bytes, str]:
    """Returns the body, and the wamid of its message; an empty one where the example holds no
    message.

    `content` replaces what the example's message says, `quoting` is the wamid of a message that it
    answers.
    """
    kind, value_of_id = person.id
    new = {
        PHONE_NUMBER_ID: channel.external_id,
        DISPLAYED: channel.phone_number or DISPLAYED,
        NAME: person.name or NAME,
    }
    body = renewed(example, {**new, PERSON: value_of_id} if kind == WA_ID else new)
    entry = body["entry"][0]
    entry["id"] = channel.account_id
    value = entry["changes"][0]["value"]
    for group in value.get("groups", []):
        group |= {"timestamp": now(), "request_id": os.urandom(16).hex().upper()}
    wamid = ""
    for message in value.get("messages", []):
        wamid = "wamid." + base64.b64encode(os.urandom(30)).decode()
        message |= {"id": wamid, "timestamp": now()}
        if content:
            del message[message["type"]]
            message |= content
        if quoting:
            context = {"from": new[DISPLAYED], "id": quoting}
            message["context"] = {**message.get("context", {}), **context}
        if kind != WA_ID:
            name_by_personal_id(message, value.get("contacts", []), value_of_id)
    return json.dumps(body).encode(), wamid


def name_by_personal_id(message: Json, contacts: list[Json], personal_id: str) -> None:
    """Replace the phone number of who writes, which Meta leaves away for people who hide it."""
    del message["from"]
    message["from_user_id"] = personal_id
    for contact in contacts:
        del contact["wa_id"]
        contact["user_id"] = personal_id


def renewed(value: Any, new: Mapping[str, str]) -> Any:
    """A copy with each of these words replaced in every text."""
    if isinstance(value, dict):
        return {key: renewed(each, new) for key, each in value.items()}
    if isinstance(value, list):
        return [renewed(each, new) for each in value]
    if isinstance(value, str):
        return re.sub("|".join(new), lambda found: new[found[0]], value)
    return value


def now() -> str:
    return str(int(time.time()))
