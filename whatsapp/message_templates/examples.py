"""Examples that a definition gives of what fills its gaps and headers. Pure; what is not as Meta
documents it is no example.
"""

from collections.abc import Mapping
from typing import Any

from whatsapp.json_values import Json, inner, listed, objects, text

Examples = Mapping[str, str]  # by the gap's number or name


def of_gaps(component: Json, word: str) -> Examples:
    """Return the examples of a text's gaps. `word`: body_text or header_text."""
    given = inner(component, "example")
    named = objects(given, f"{word}_named_params")
    if named:
        return {text(each.get("param_name")): text(each.get("example")) for each in named}
    values = listed(given, word)
    if values and isinstance(values[0], list):
        values = values[0]
    return {str(number): text(value) for number, value in enumerate(values, 1)}


def of_file(component: Json) -> str:
    return first_text(inner(component, "example").get("header_handle"))


def of_button(button: Json) -> str:
    """Return the example of what a button is given: of a link, what stands in the gap's place."""
    example, url = first_text(button.get("example")), text(button.get("url"))
    return example.removeprefix(url.partition("{{")[0])


def first_text(value: Any) -> str:
    """Return a text, or the first of a list of some; empty where there is none."""
    if isinstance(value, list):
        value = value[0] if value else ""
    return text(value)
