"""Code that fails, at known places."""

import json


def outer(words: str) -> None:
    inner(words)


def inner(words: str) -> None:
    raise ValueError(words)


def in_a_library() -> None:
    json.loads("{nothing")
