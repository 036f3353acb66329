"""The webhooks of a number that several responders share, as Meta's pages of August and September
2026 show them.
"""

import base64
import os
from collections.abc import Sequence

from whatsapp.json_values import Json

DISPLAYED = "15550100001"


def number(phone_number_id: str) -> Json:
    return {"display_phone_number": DISPLAYED, "phone_number_id": phone_number_id}


def value(phone_number_id: str, person: str, **lists: Sequence[Json]) -> Json:
    """What a change of `messages` or `standby` holds."""
    contact = {"profile": {"name": "Somebody"}, named(person, "wa_id", "user_id"): person}
    return {
        "messaging_product": "whatsapp",
        "metadata": number(phone_number_id),
        "contacts": [contact],
        **lists,
    }


def named(person: str, by_number: str, by_user_id: str) -> str:
    """The key for a person: Meta has another for a BSUID than for a number."""
    return by_user_id if "." in person else by_number


def said(person: str, text: str, at: int, **more: str) -> Json:
    wamid = "wamid." + base64.b64encode(os.urandom(24)).decode()
    told = {"id": wamid, "timestamp": str(at), "type": "text", "text": {"body": text}}
    return {named(person, "from", "from_user_id"): person, **told, **more}


def echoed(person: str, text: str, at: int) -> Json:
    return said(DISPLAYED, text, at, **{named(person, "to", "to_user_id"): person})


def status(wamid: str, person: str, word: str, at: int) -> Json:
    recipient = {named(person, "recipient_id", "recipient_user_id"): person}
    return {"id": wamid, "status": word, "timestamp": str(at), **recipient}


def handover(phone_number_id: str, person: str, kind: str, at: int, **told: str) -> Json:
    """What a change of `messaging_handovers` holds; `told` stands beside its type."""
    return {
        "messaging_product": "whatsapp",
        "recipient": number(phone_number_id),
        "sender": {named(person, "phone_number", "user_id"): person},
        "timestamp": str(at),
        "type": kind,
        kind: {key: each for key, each in told.items() if each},
    }
