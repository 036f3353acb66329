"""The checklist's lines."""

from whatsapp.checklist.items import ITEMS, ByHand

BY_MACHINE = [item.what for item in ITEMS if not isinstance(item, ByHand)]


def name_of(line: str) -> str:
    return line[9:].split(": ", 1)[0]
