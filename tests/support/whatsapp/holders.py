"""Owners without an account, each at a browser of their own, with a link that connects a number."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import requests
from django.utils import timezone

from tenants.connect_links.making import create
from tenants.models import ConnectLink, Tenant
from tenants.scope import operator_scope
from whatsapp.models import Signup
from whatsapp.stand_in.business import Business

RETURN = "https://shop.example/connected?order=7"
PAGE = "/connect/whatsapp/"


def new_link(tenant: Tenant, *, hours: float = 24, return_url: str = RETURN) -> str:
    expires_at = timezone.now() + timedelta(hours=hours)
    with operator_scope():
        return create(tenant.id, "whatsapp", return_url, expires_at, "a test")


def only_link() -> ConnectLink:
    with operator_scope():
        return ConnectLink.objects.select_related("tenant").get()


def signups() -> list[Signup]:
    with operator_scope():
        return list(Signup.objects.order_by("created_at"))


class Owner:
    """A browser that has opened the link; `page`: where that led."""

    def __init__(self, web: str, link: str, *, session: requests.Session | None = None) -> None:
        self.web, self.link = web, link
        self.session = session or requests.Session()
        self.opened = self.open()
        self.page = self.opened.url.partition("?")[0]

    def open(self) -> requests.Response:
        return self.session.get(self.link, timeout=10)

    def get(self, below: str = "", **options: Any) -> requests.Response:
        return self.session.get(f"{self.page}{below}", **{"timeout": 10} | options)

    @property
    def token(self) -> str:
        """Django's own, of the page's forms."""
        return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.get().text)[1]

    def post(self, below: str, **options: Any) -> requests.Response:
        """As the page's scripts and forms do."""
        headers = {"X-CSRFToken": self.session.cookies["csrftoken"], "Referer": self.page}
        return self.session.post(
            f"{self.page}{below}", headers=headers, **{"timeout": 10} | options
        )

    def state(self) -> str:
        return self.get("state/").json()["state"]

    def finish(self, meta: Business, **told: Any) -> requests.Response:
        """Meta's script hands a code over."""
        given = {"event": "FINISH", "data": meta.told(), "code": meta.give_code()} | told
        given.setdefault("state", "" if "state" in told else self.state())
        return self.post("finish/", json=given)

    def back(self, **query: str) -> requests.Response:
        """Meta's page leads back."""
        return self.session.get(f"{self.web}{PAGE}callback", params=query, timeout=10)

    def shown(self, answer: requests.Response) -> requests.Response:
        """The page of the signup that an answer names."""
        address = answer.json()["address"] if answer.request.method == "POST" else answer.url
        return self.session.get(f"{self.web}{urlsplit(address).path}?{urlsplit(address).query}")

    def steps(self, signup: Signup) -> list[tuple[str, str]]:
        told = self.get(f"{signup.id}/steps/").json()
        return [(each["name"], each["state"]) for each in told["steps"]]


def ways_back(page: requests.Response) -> list[str]:
    """The addresses outside that the page leads to."""
    found = re.findall(r'<a [^>]*href="(https?://[^"]+)"', page.text)
    return [each.replace("&amp;", "&") for each in found]


def title(page: requests.Response) -> tuple[int, str]:
    heading = re.search(r"<h1>(.*?)</h1>", page.text)
    return page.status_code, re.sub("<.*?>", "", heading[1]) if heading else ""
