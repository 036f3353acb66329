"""The recorded webhooks in payloads/, and what the index says of each."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "payloads"
INDEX: dict[str, Any] = json.loads((FOLDER / "index.json").read_text())
CASES: list[dict[str, Any]] = INDEX["cases"]
LISTS = {
    "messages": ("messages", "statuses", "errors"),
    "standby": ("messages", "message_echoes", "statuses", "errors"),
    "calls": ("calls",),
    "smb_message_echoes": ("message_echoes",),
    "smb_app_state_sync": ("state_sync",),
    "user_id_update": ("user_id_update",),
    "user_preferences": ("user_preferences",),
}


def read(name: str) -> bytes:
    """The bytes of the file that begins with this number."""
    (path,) = FOLDER.glob(f"{name}_*.json")
    return path.read_bytes()


def keys_of(value: Any) -> Iterator[str]:
    """Every key at every depth."""
    if isinstance(value, dict):
        yield from value
    for inner in (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    ):
        yield from keys_of(inner)


def items_of(payload: Any) -> Iterator[Any]:
    """The items of a well-formed body in their order, each as it came; a change that holds no list
    of them is one itself.
    """
    if payload["object"] != "whatsapp_business_account":
        yield payload
        return
    for change in (change for entry in payload["entry"] for change in entry["changes"]):
        value = change["value"]
        match change["field"]:
            case "history" if {"history", "messages"} & set(value):
                for chunk in value.get("history", []):
                    yield from (
                        item for thread in chunk.get("threads", []) for item in thread["messages"]
                    )
                    yield from chunk.get("errors", [])
                yield from value.get("messages", [])
            case field if set(LISTS.get(field, ())) & set(value):
                yield from (item for key in LISTS[field] for item in value.get(key, []))
            case _:
                yield value
