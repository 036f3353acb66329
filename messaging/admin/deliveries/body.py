"""The bytes of a delivery as a person reads them: indented, and never trusted to be JSON. Pure.

It goes by tokens and parses nothing, so that no depth, number or broken end stops it, and what
stands there twice is shown twice.
"""

import json
import re
from collections.abc import Iterator

READ = 400_000  # bytes
SHOWN = 100_000  # characters
DEEPEST = 20  # indents; what is nested deeper stands as far from the edge
TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[\]{},:]|[^ \t\r\n\[\]{},:"]+', re.DOTALL)
OPENING, CLOSING = frozenset("[{"), frozenset("]}")
JOINERS = frozenset("\n\u200c\u200d")  # within emoji and words


def indented(body: bytes) -> tuple[str, bool]:
    """Return the beginning of a body, indented, and whether more of it follows."""
    pieces, length = [], 0
    for piece in pieces_of(body[:READ].decode(errors="backslashreplace")):
        pieces.append(visible(piece))
        length += len(pieces[-1])
        if length > SHOWN:
            break
    return "".join(pieces)[:SHOWN], length > SHOWN or len(body) > READ


def pieces_of(text: str) -> Iterator[str]:
    depth, before = 0, ""
    for match in TOKEN.finditer(text):
        token = match[0]
        depth -= token in CLOSING and depth > 0
        yield gap(before, token, depth) if before else ""
        yield readable(token) if token.startswith('"') else token
        depth += token in OPENING
        before = token
    yield "\n"


def gap(before: str, token: str, depth: int) -> str:
    """Return what stands between two tokens, the second of which is so deep."""
    is_empty = before + token in {"[]", "{}"}
    if (before in OPENING or before == "," or token in CLOSING) and not is_empty:
        return f"\n{'  ' * min(depth, DEEPEST)}"
    return "" if token in {",", ":"} or is_empty else " "


def readable(token: str) -> str:
    """Return a string of JSON with its characters in place of their escapes, where it is one."""
    try:
        return json.dumps(json.loads(token, strict=False), ensure_ascii=False)
    except ValueError:
        return token


def visible(text: str) -> str:
    """Return the text with an escape for whatever is not seen, or turns what stands beside it."""
    if text.isprintable():
        return text
    return "".join(
        each if each.isprintable() or each in JOINERS else json.dumps(each)[1:-1] for each in text
    )
