"""Reading the environment: values are checked, and what is wrong with them is said in `faults`, a
sentence each.
"""

import logging
import os
import re
from io import StringIO
from pathlib import Path

import environ

# those that cannot be seen come along when values are pasted
BLANKS = " \t\r\n\v\f\u00a0\u200b\u200e\u200f\u2060\ufeff"
QUOTES = "\"'`“”‘’"
IN_QUOTES = re.compile(r"""(["'])((?!\1).)*\1""", re.DOTALL)  # one pair around the whole
ENV_FILE = Path(__file__).resolve().parent.parent / ".env"
ENV_LINE = re.compile(r"(export )?\w+=.*", re.ASCII)
NEARLY_A_LINE = re.compile(r"\s*(export\s+)?\w+\s*=.*", re.ASCII)
faults: list[str] = []


def read_file(path: Path) -> None:
    """Take from a .env file what the real environment does not hold."""
    try:
        text = path.read_text("utf-8-sig")
    except OSError:  # there is none, or only who started the process may read it, and did
        return
    except UnicodeDecodeError:
        faults.append(".env is not a text in UTF-8: save it as one.")
        return
    for number, line in enumerate(text.splitlines(), start=1):
        if NEARLY_A_LINE.fullmatch(line) and not ENV_LINE.fullmatch(line):
            faults.append(f"Line {number} of .env has blanks around its name: write NAME=VALUE.")
    environ.Env.read_env(StringIO(text))


# its warning repeats a line, which may hold a secret
logging.getLogger("environ").setLevel(logging.ERROR)
read_file(ENV_FILE)


def unquoted(text: str) -> str:
    """The text without the blanks, and without the pairs of quotation marks, around the whole of
    it.
    """
    bare = text.strip(BLANKS)
    while IN_QUOTES.fullmatch(bare):
        bare = bare[1:-1].strip(BLANKS)
    return bare


def given(name: str) -> str | None:
    """A variable's value, unquoted; None where it is not set."""
    if name not in os.environ:  # not asked of environ: it takes a leading $ for a reference
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
    """The parts of a list, without the blanks around them; commas at its end separate nothing."""
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
    """One of these words, whatever its case."""
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
