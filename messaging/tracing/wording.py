"""Words and moments as a terminal shows them."""

from datetime import datetime

MARGIN = " " * 6
LONGEST = 300  # of a message's text


def moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S %Z}" if at else "-"


def in_one_line(text: str) -> str:
    """Return what a terminal can show: no line breaks, no control characters, not too long."""
    shown = "".join(character if character.isprintable() else " " for character in text)
    return shown if len(shown) <= LONGEST else f"{shown[:LONGEST]}…"
