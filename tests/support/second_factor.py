"""Authenticator apps of people who sign in with a second factor, and the pages that ask for it."""

import base64
import hmac
import re
import struct
import time

import requests
from django.utils import timezone

from tenants.models import User
from tenants.scope import auth_scope
from tenants.second_factor import factors
from tenants.second_factor.codes import new_secret
from tests.support.invitations import Browser
from tests.support.members import sign_in as sign_in_at_staff

PASSWORD = "correct horse"
SET_UP, ENTER = "/staff/second-factor/set-up/", "/staff/second-factor/enter/"
WRONG = (
    "This code is not right, or was used already. Wait until the app shows the next one, and look"
    " whether the phone&#x27;s clock is right."
)


class App:
    """An authenticator app, as RFC 6238 describes it. `key`: as the page shows it."""

    def __init__(self, key: str) -> None:
        self.secret = base64.b32decode(key.replace(" ", ""))

    def next(self) -> str:
        return self.code(1)

    def code(self, steps: int = 0) -> str:
        """Return the code of now, or of so many steps later."""
        counter = struct.pack(">Q", int(time.time()) // 30 + steps)
        digest = hmac.digest(self.secret, counter, "sha1")
        (number,) = struct.unpack(">I", digest[digest[19] & 15 :][:4])
        return f"{(number & 0x7FFFFFFF) % 10**6:06}"


def enrol(user: User) -> App:
    """Give somebody a second factor without its pages; its code of now is used."""
    secret = new_secret()
    app = App(secret)
    with auth_scope():
        factors.set_up(user, secret, app.code(), timezone.now())
    return app


def app_of(page: requests.Response) -> App:
    """The app that has scanned what a page offers."""
    return App(re.search(r'<code class="key">([A-Z2-7 ]+)</code>', page.text)[1])


def recovery_codes(page: requests.Response) -> list[str]:
    return re.findall(r"<li><code>([a-z2-9-]+)</code></li>", page.text)


def errors(page: requests.Response) -> list[str]:
    return re.findall(r'<p class="bad" role="alert">(.*?)</p>', page.text)


def password_given(web: str, name: str, then: str = "/admin/") -> tuple[Browser, requests.Response]:
    """A browser in which somebody has typed their password, and where that led."""
    browser = Browser()
    browser.session, page = sign_in_at_staff(web, name, then)
    return browser, page


def enrolled(web: str, name: str, then: str = "/admin/") -> tuple[Browser, App, list[str]]:
    """A browser in which somebody has just set up their second factor. The app's code of now is
    used; the next one is taken already.
    """
    browser, _ = password_given(web, name, then)
    page = browser.open(f"{web}{SET_UP}")
    app = app_of(page)
    kept = browser.fill(page, code=app.code())
    return browser, app, recovery_codes(kept)
