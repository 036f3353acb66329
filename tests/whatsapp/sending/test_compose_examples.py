"""Each of Meta's own examples of a message to send, built by us: equal in every field.

meta_send_examples.json holds the 50 bodies of Meta's OpenAPI file for POST
/{Phone-Number-ID}/messages (MIT, beside it).
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.support.whatsapp.meta_sent import BUILT
from whatsapp.sending.compose import compose, typing_indicator

pytestmark = pytest.mark.whatsapp

EXAMPLES = json.loads(Path(__file__).with_name("meta_send_examples.json").read_text())
# another function puts it around the body
ENVELOPE = {"messaging_product", "recipient_type", "to", "context"}
TYPING = "Send typing indicator and read receipt"

# What we write otherwise than an example does, and why: (key, what the example has, what we have).
QUIRKS: list[tuple[str, Any, Any, str]] = [
    ("link", re.compile(r"<?http\(s\)://(.+?)>?"), r"https://\1", "a placeholder is no link"),
    ("index", 0, "0", "the schema says string, and most examples have one"),
    ("index", 1, "1", "the schema says string, and most examples have one"),
    (
        "sub_type",
        "CATALOG",
        "catalog",
        "the schema has small letters, and so has every other example",
    ),
    ("text", True, "true", "a text is a string"),
    ("text", False, "false", "a text is a string"),
    ("type", "<HEADER_TYPE>", "text", "a placeholder; the header beside it is a text"),
]


def without_quirks(example: Any, key: str = "") -> Any:
    if isinstance(example, dict):
        return {name: without_quirks(value, name) for name, value in example.items()}
    if isinstance(example, list):
        return [without_quirks(each, key) for each in example]
    for name, quirk, ours, _ in QUIRKS:
        if name == key and isinstance(quirk, re.Pattern) and quirk.fullmatch(example):
            return quirk.fullmatch(example).expand(ours)
        if name == key and type(quirk) is type(example) and quirk == example:
            return ours
    return example


def body_of(name: str) -> dict[str, Any]:
    body = {
        key: value for key, value in without_quirks(EXAMPLES[name]).items() if key not in ENVELOPE
    }
    (kind,) = body.keys() - {"type"}
    return {"type": kind, **body}  # two examples leave the type away


@pytest.mark.parametrize("name", sorted(BUILT))
def test_what_we_build_is_metas_example(name):
    assert compose(BUILT[name]) == body_of(name)


def test_the_typing_indicator_is_metas_example():
    assert typing_indicator(EXAMPLES[TYPING]["message_id"]) == EXAMPLES[TYPING]


def test_all_fifty_examples_are_built():
    assert len(EXAMPLES) == 50
    assert {*BUILT, TYPING} == set(EXAMPLES)


def test_every_quirk_is_one_of_the_examples():
    """A line of the table that changes nothing would excuse what nobody wrote."""
    for name, quirk, _, _ in QUIRKS:
        found = [value for value in values_of(EXAMPLES, name) if is_quirk(value, quirk)]
        assert found, (name, quirk)


def is_quirk(value: Any, quirk: Any) -> bool:
    if isinstance(quirk, re.Pattern):
        return isinstance(value, str) and bool(quirk.fullmatch(value))
    return type(value) is type(quirk) and value == quirk


def values_of(example: Any, key: str) -> list[Any]:
    if isinstance(example, dict):
        return [
            each
            for name, value in example.items()
            for each in ([value] if name == key else []) + values_of(value, key)
        ]
    return (
        [each for item in example for each in values_of(item, key)]
        if isinstance(example, list)
        else []
    )
