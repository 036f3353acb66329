"""The lists of docs/troubleshooting.md: each step's command, what is right, and what else may be
printed.
"""

import re
from dataclasses import dataclass

from config.development_database import PROJECT
from tests.documents.pages import is_as_shown, with_words
from tests.documents.reader import Reader

PAGE = PROJECT / "docs" / "troubleshooting.md"
CHUNK = re.compile(r"^### (?P<title>.+?)\n(?P<text>.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
RIGHT = re.compile(r"^Right[^\n]*\n(?:\n```text\n(?P<shown>.*?)^```$)?", re.M | re.DOTALL)
FAULT = re.compile(
    r"^\*\*(?P<name>.+?)\*\*(?P<words>(?:(?!^\*\*).)*?)\n\n```text\n(?P<shown>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class ListStep:
    """`faults`: what is printed instead of `right`, by what it means."""

    title: str
    command: str
    right: str
    faults: dict[str, str]


def lists() -> dict[str, list[ListStep]]:
    """Return the page's lists by their headings."""
    sections = re.split(r"^## ", PAGE.read_text(), flags=re.MULTILINE)[1:]
    parted = (section.split("\n", 1) for section in sections)
    return {heading: steps_in(text) for heading, text in parted if "\n### " in text}


def steps_in(text: str) -> list[ListStep]:
    steps: list[ListStep] = []
    for chunk in CHUNK.finditer(text):
        title, body = chunk["title"], chunk["text"]
        (command,) = COMMAND.findall(body)
        right = RIGHT.search(body)
        assert right, f"{title}: nothing says what is right"
        faults = {found["name"]: found["shown"] for found in FAULT.finditer(body)}
        steps.append(ListStep(title, command, right["shown"] or "", faults))
    return steps


def go_down(steps: list[ListStep], reader: Reader) -> tuple[str, list[str], str] | None:
    """Type one command after the other until something else is printed than is right. Returns the
    step, what it means by the page, and what was printed; None if all was right.
    """
    for step in steps:
        printed = reader.type(with_words(step.command, reader.words)).stdout
        if is_as_shown(printed, with_words(step.right, reader.words)):
            continue
        shown = {name: with_words(text, reader.words) for name, text in step.faults.items()}
        meant = [name for name, text in shown.items() if is_as_shown(printed, text)]
        return step.title, meant, printed
    return None
