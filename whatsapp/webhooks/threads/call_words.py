"""How a call went, in words: missed, not answered, or how long it was. Pure."""

from typing import Any

from whatsapp.json_values import digits_or_text, text

UNITS = (("h", 3600), ("min", 60))


def seconds_of(duration: Any) -> int:
    """0 for what is no duration: nobody picked up."""
    shown = text(digits_or_text(duration))
    return int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 7 else 0


def sentence(is_ours: bool, seconds: int) -> str:
    if not seconds:
        return "Call to the contact, not answered" if is_ours else "Missed call"
    return f"{'Call to the contact' if is_ours else 'Call'} of {lasting(seconds)}"


def lasting(seconds: int) -> str:
    """3 min 20 s"""
    words: list[str] = []
    for unit, length in UNITS:
        if seconds >= length or words:
            words.append(f"{seconds // length} {unit}")
        seconds %= length
    return " ".join([*words, f"{seconds} s"])
