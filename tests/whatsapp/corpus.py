"""The recorded webhooks in payloads/, and what the index says of each."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "payloads"
INDEX: dict[str, Any] = json.loads((FOLDER / "index.json").read_text())
CASES: list[dict[str, Any]] = INDEX["cases"]


def read(name: str) -> bytes:
    """The bytes of the file that begins with this number."""
    (path,) = FOLDER.glob(f"{name}_*.json")
    return path.read_bytes()


def keys_of(value: Any) -> Iterator[str]:
    """Every key at every depth."""
    if isinstance(value, dict):
        yield from value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from keys_of(inner)
