"""An error code as Meta writes it: a number, a whole float, or a text of digits. Anything else is
no code. Pure.
"""

import re
from typing import Any

WHOLE = re.compile(r"[+-]?[0-9]{1,18}(?:\.0+)?", re.ASCII)
LENGTH = 64


def code_of(value: Any) -> int | None:
    """131047 for 131047, 131047.0 and " 131047 "; None for what is no code."""
    if isinstance(value, str) and WHOLE.fullmatch(value.strip()):
        return int(value.partition(".")[0])
    if type(value) is float and value.is_integer():
        return int(value)
    return value if type(value) is int else None


def written(value: Any) -> str:
    """The code as it is kept and shown: digits, or the text that stands in its place; empty where
    there is neither.
    """
    number = code_of(value)
    if number is not None:
        return str(number)[:LENGTH]
    return value.strip()[:LENGTH] if isinstance(value, str) else ""
