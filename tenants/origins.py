"""What the log says of an exception: where it was raised (modules, lines and functions), and its
kind or SQLSTATE. Never its message or any value.
"""

import traceback
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
SHOWN = 4


def origin_of(error: BaseException) -> str:
    """Return the way to where `error` was raised, as "file:line function < ...", the innermost
    place first.

    Of our own code the innermost places are named, of a library only the one that raised it.
    """
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if is_own(frame.filename)]
    shown = own[-SHOWN:]
    if frames and frames[-1] not in shown:
        shown.append(frames[-1])
    return " < ".join(place(frame) for frame in reversed(shown)) or "an unknown place"


def is_own(filename: str) -> bool:
    path = Path(filename)
    return path.is_relative_to(PROJECT) and "site-packages" not in path.parts


def place(frame: traceback.FrameSummary) -> str:
    path = Path(frame.filename)
    shown = path.relative_to(PROJECT) if is_own(frame.filename) else Path(*path.parts[-2:])
    return f"{shown}:{frame.lineno} {frame.name}"


def fault_of(error: BaseException) -> str:
    """Return the error without its message: its SQLSTATE, or the kind of any other error."""
    return sqlstate(error) or type(error).__name__


def sqlstate(error: BaseException) -> str | None:
    """Return the SQLSTATE of an error of Django's; None where the server said nothing."""
    return getattr(error.__cause__, "sqlstate", None)
