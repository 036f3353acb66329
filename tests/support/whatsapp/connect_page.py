"""The connect page, as a browser asks for it, and what has become of the channel."""

import html
import re
from urllib.parse import parse_qs, urlsplit

import requests

from channels_app import tasks
from channels_app.models import Channel
from tenants.scope import operator_scope

APP_ID, APP_SECRET = "700000000000001", "meta-app-secret-of-the-tests"
PAGE = "/connect/whatsapp/"


def csrf(session: requests.Session, web: str) -> dict[str, str]:
    page = session.get(f"{web}{PAGE}", timeout=10).text
    return {"csrfmiddlewaretoken": re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]}


def state_of(session: requests.Session, web: str, tenant: str = "") -> str:
    """What the page fetches when Meta's script has brought it a code."""
    return session.get(f"{web}{PAGE}state/", params={"tenant": tenant}, timeout=10).json()["state"]


def steps(session: requests.Session, web: str, answer: requests.Response) -> list[tuple[str, str]]:
    """(step, state) of the signup that an answer names."""
    address = answer.json()["address"] if answer.request.method == "POST" else answer.url
    (signup,) = parse_qs(urlsplit(address).query)["signup"]
    told = session.get(f"{web}{PAGE}{signup}/steps/", timeout=10).json()
    return [(each["name"], each["state"]) for each in told["steps"]]


def channel() -> Channel:
    """The only one that is not disconnected."""
    with operator_scope():
        return Channel.objects.exclude(status="disconnected").get()


def check(jobs) -> tuple[str, str]:
    """Have it checked: its status, and what its health says of the check."""
    with operator_scope():
        tasks.check_soon(Channel.objects.all())
    jobs()
    return channel().status, channel().health.get("check", {}).get("value", "")


def notes(answer: requests.Response) -> list[str]:
    """What the page says of what was just done, above its numbers."""
    head = answer.text.partition("<h2>Numbers</h2>")[0]
    return [html.unescape(each) for each in re.findall(r'<p class="note"[^>]*>(.*?)</p>', head)]


def left(session, web, channel: Channel, **form: str) -> requests.Response:
    """The page that leaving leads to."""
    address = f"{web}{PAGE}channels/{channel.id}/disconnect/"
    return session.post(
        address, data=csrf(session, web) | form, headers={"Referer": f"{web}{PAGE}"}, timeout=10
    )


def leave(session, web, channel: Channel, **form: str) -> int:
    return left(session, web, channel, **form).status_code
