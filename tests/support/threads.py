"""A conversation's page in the back-office, read as a person reads it: the lines of each bubble."""

import re
from html.parser import HTMLParser
from typing import Any

BLOCKS = {"div", "a.bubble-quote", "summary", "details"}
VOID = {"img", "br", "input"}


class Bubbles(HTMLParser):
    """`found`: the lines of each bubble, without its times, its buttons and what is hidden from the
    eye, but with the words of its ticks. `days` and `notices`: the lines between them.
    """

    def __init__(self) -> None:
        super().__init__()
        self.found: list[list[str]] = []
        self.days: list[str] = []
        self.notices: list[str] = []
        self.open: list[str] = []
        self.lines: list[str] | None = None
        self.line = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs).get("class") or ""
        first = named.split(" ")[0]
        if tag == "li":
            into = {"bubble": [], "thread-day": self.days, "thread-notice": self.notices}
            self.lines = into.get(first)
            if first == "bubble":
                self.found.append(into["bubble"])
                self.lines = self.found[-1]
        if tag in BLOCKS or f"{tag}.{first}" in BLOCKS:
            self.end_line()
        if tag not in VOID:
            self.open.append(f"{tag}.{first}" if first else tag)

    def handle_endtag(self, tag: str) -> None:
        closed = self.open.pop()
        assert closed.split(".")[0] == tag, (closed, tag)
        if tag == "li" or tag in BLOCKS or closed in BLOCKS:
            self.end_line()
        if tag == "li":
            self.lines = None

    def handle_data(self, data: str) -> None:
        if not self.is_hidden():
            self.line += data

    def is_hidden(self) -> bool:
        """Whether it is left out: what is hidden is read in a tick alone, a time in a day alone."""
        is_tick = any(each.startswith("span.tick") for each in self.open)
        is_day = "li.thread-day" in self.open
        hides = {"span.visually-hidden": not is_tick, "time": not is_day, "button.button": True}
        return any(hides.get(each, False) for each in self.open)

    def end_line(self) -> None:
        words = " ".join(self.line.split()).strip(" ·")
        if self.lines is not None and words:
            self.lines.append(words)
        self.line = ""


def read(page: str) -> Any:
    """Return the bubbles of a page."""
    reader = Bubbles()
    list_of = page.partition('<ol class="thread">')[2].partition("</ol>")[0]
    reader.feed(list_of)
    assert reader.open == []
    return reader


def steps_of(page: str) -> list[tuple[str, str]]:
    """Return the links between pages: where each leads, and its words."""
    links = re.findall(r'<nav class="thread-pages".*?</nav>', page, re.DOTALL)
    return [step for nav in links for step in re.findall(r'<a href="([^"]*)"[^>]*>(.*?)</a>', nav)]
