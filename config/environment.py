"""Read and validate environment variables. Each problem appends a sentence to `faults`, so
that all of them are reported at once.
"""

import logging
import os
import re
from io import StringIO
from pathlib import Path

import environ

# Pasted values can bring invisible characters along.
BLANKS = " \t\r\n\v\f\u00a0\u200b\u200e\u200f\u2060\ufeff"
QUOTES = "\"'`“”‘’"
IN_QUOTES = re.compile(r"""(["'])((?!\1).)*\1""", re.DOTALL)  # one pair around the whole value
ENV_FILE = Path(__file__).resolve().parent.parent / ".env"
ENV_LINE = re.compile(r"(export )?\w+=.*", re.ASCII)
NEARLY_A_LINE = re.compile(r"\s*(export\s+)?\w+\s*=.*", re.ASCII)
faults: list[str] = []


def read_file(path: Path) -> None:
    """Load a .env file into the environment, without overriding variables that are set."""
    try:
        text = path.read_text("utf-8-sig")
    except OSError:  # no such file, or only the service manager may read it, and has done so
        return
    except UnicodeDecodeError:
        faults.append(".env is not a text in UTF-8: save it as one.")
        return
    for number, line in enumerate(text.splitlines(), start=1):
        if NEARLY_A_LINE.fullmatch(line) and not ENV_LINE.fullmatch(line):
            faults.append(f"Line {number} of .env has blanks around its name: write NAME=VALUE.")
    environ.Env.read_env(StringIO(text))


# django-environ's warning repeats the invalid line, which may hold a secret.
logging.getLogger("environ").setLevel(logging.ERROR)
read_file(ENV_FILE)


def unquoted(text: str) -> str:
    """Return the text without surrounding blanks and pairs of quotation marks."""
    bare = text.strip(BLANKS)
    while IN_QUOTES.fullmatch(bare):
        bare = bare[1:-1].strip(BLANKS)
    return bare


def given(name: str) -> str | None:
    """Return a variable's value, unquoted, or None if the variable is not set."""
    if name not in os.environ:  # django-environ would resolve a leading $ as a reference
        return None
    value = unquoted(os.environ[name])
    if value and (value[0] in QUOTES or value[-1] in QUOTES):
        faults.append(
            f"{name} has a quotation mark at one end without its partner at the other: write the"
            " value without any."
        )
        return value.translate(dict.fromkeys(map(ord, QUOTES)))
    return value


def optional(name: str, default: str = "") -> str:
    return given(name) or default


def required(name: str, *, purpose: str) -> str:
    value = optional(name)
    if not value:
        faults.append(
            f"{name} is not set: it {purpose}. Set it in the environment or in .env (see"
            " .env.example)."
        )
    return value


def items(text: str) -> list[str]:
    """Return the items of a comma-separated list without blanks. Trailing commas are ignored."""
    parts = [part.strip(BLANKS) for part in text.split(",")] if text else []
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    return parts


def is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def port_number(default: str = "8000") -> str:
    value = optional("PORT", default)
    if not is_number(value) or not 0 < int(value) < 65536:
        faults.append(f"PORT is {value!r}: it must be a number from 1 to 65535.")
        return default
    return value


def positive(name: str, default: float) -> float:
    text = given(name)
    if text is None:
        return default
    try:
        if 0 < float(text) < 10**6:
            return float(text)
    except ValueError:
        pass
    faults.append(f"{name} is {text!r}: it must be a positive number of seconds.")
    return default


def one_of(name: str, default: str, *choices: str) -> str:
    """Return a variable in upper case, or the default if it is none of the choices."""
    value = optional(name, default).upper()
    if value not in choices:
        faults.append(f"{name} must be {', '.join(choices[:-1])} or {choices[-1]}.")
        return default
    return value


def count(name: str, default: int) -> int:
    text = optional(name, str(default))
    if text.isascii() and text.isdecimal() and len(text) == 1:
        return int(text)
    faults.append(f"{name} is {text!r}: it must be a whole number from 0 to 9.")
    return default
