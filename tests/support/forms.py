"""A page's form, filled in and submitted as a browser does it."""

from html.parser import HTMLParser

import requests


def post(session: requests.Session, address: str, **fields: str) -> requests.Response:
    """Submit a page's form as a browser does: with its token and what it was filled with."""
    page = session.get(address, timeout=10)
    filled = Form(page.text).fields | fields
    return session.post(address, data=filled, headers={"Referer": address}, timeout=10)


class Form(HTMLParser):
    """The filled-in fields of a page's main form."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.select = self.area = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        given = dict(attrs)
        if (
            tag == "input"
            and given.get("name")
            and given.get("type") not in {"submit", "checkbox", "search"}
        ):
            self.fields[given["name"]] = given.get("value") or ""
        elif tag == "select" and given.get("name"):
            self.select = given["name"]
        elif tag == "option" and "selected" in given and self.select:
            self.fields[self.select] = given.get("value") or ""
