"""Somebody who was mailed a link: opened in a browser, and the forms behind it."""

import re

import requests

from tests.support.forms import Form
from tests.support.members import Person

PASSWORD = "a long and odd password"


def link_in(mail, web: str) -> str:
    return re.search(r"http://127\.0\.0\.1:8000(/staff/\S+)", mail.get_content())[1].join([web, ""])


class Browser:
    """Of somebody who is not signed in; `person`: or of who is."""

    def __init__(self, person: Person | None = None) -> None:
        self.session = person.session if person else requests.Session()

    def open(self, address: str) -> requests.Response:
        return self.session.get(address, timeout=10)

    def fill(self, page: requests.Response, **fields: str) -> requests.Response:
        """Submit the page's own form."""
        form = page.text[page.text.index("<main>") :]
        given = Form(form).fields | fields
        return self.session.post(page.url, data=given, headers={"Referer": page.url}, timeout=10)


def make_account(link: str, name: str = "grace", password: str = PASSWORD) -> requests.Response:
    browser = Browser()
    return browser.fill(browser.open(link), username=name, password1=password, password2=password)


def heading(answer: requests.Response) -> str:
    return re.search(r"<h1>(.*?)</h1>", answer.text)[1]
