"""Hostile words, and a reader of pages that finds what of them came alive there."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

SHOWN = "'><svg/onload=alert(1)>"
HOSTILE = (
    f'"{SHOWN}\u202e</title></textarea></script><script>alert(1)</script>'
    "<img src=x onerror=alert(1)>{{ 'hostile'|upper }}{% debug %}"
)
ADDRESS = "javascript:alert(1)"
MARK, RUN = "alert(1)", "HOSTILE"  # what a template would make of it
ALIVE = {"iframe", "object", "embed", "applet", "frame", "base", "math", "style"}
ADDRESSES = {"href", "src", "action", "formaction", "data", "poster", "srcset", "ping"}
SCHEMES = {"", "http", "https", "mailto", "tel"}
NO_SCRIPT = ("application/json", "text/plain")


def hostile(place: str) -> str:
    """The words for a place of words_everywhere."""
    name = place.rpartition(".")[2]
    return ADDRESS if "url" in name or "link" in name else HOSTILE


class Page(HTMLParser):
    """`faults`: elements and attributes that run something, and words in a script."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.is_script = False
        self.feed(page)
        self.close()
        if RUN in page:
            self.faults.append("a template was run")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.is_script = tag == "script" and given.get("type") not in NO_SCRIPT
        is_inline = self.is_script and "src" not in given
        if tag in ALIVE or is_inline or MARK in tag or "http-equiv" in given:
            self.faults.append(self.get_starttag_text() or tag)
        for name, value in given.items():
            is_address = name.rpartition(":")[2] in ADDRESSES
            if (
                name.startswith("on")
                or name in ("style", "srcdoc")
                or MARK in name
                or (is_address and not is_harmless(value))
            ):
                self.faults.append(f"<{tag} {name}={value[:40]!r}>")

    def handle_endtag(self, tag: str) -> None:
        self.is_script = False

    def handle_data(self, data: str) -> None:
        if self.is_script and MARK in data:
            self.faults.append(f"in a script: {data[:60]}")


def is_harmless(address: str) -> bool:
    return urlsplit(address.translate(dict.fromkeys(range(33)))).scheme.lower() in SCHEMES
