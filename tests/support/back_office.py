"""Staff at the back-office: signed in, with actions on every row of a list."""

import re
from html import unescape

import requests
from django.contrib.auth import get_user_model

from tenants.models import Tenant
from tenants.scope import auth_scope
from tests.support.forms import post


def sign_in(web: str, **rights: bool) -> requests.Session:
    with auth_scope():
        get_user_model().objects.create_user("grace", password="correct horse", **rights)
    session = requests.Session()
    post(session, f"{web}/admin/login/?next=/admin/", username="grace", password="correct horse")
    return session


def form_for(page: str, tenant: Tenant) -> str:
    """The address of the form that makes something for a tenant, as its page links to it."""
    return f"/admin/{page}/add/?tenant={tenant.id}"


def act(session: requests.Session, web: str, page: str, action: str) -> requests.Response:
    """Choose an action for every row of a list, as a browser does."""
    address = f"{web}/admin/{page}/"
    listing = session.get(address, timeout=10).text
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', listing)[1]
    rows = re.findall(rf"/admin/{page}/([0-9a-f-]+)/change/", listing)
    fields = {
        "csrfmiddlewaretoken": token,
        "action": action,
        "_selected_action": rows,
        "index": "0",
    }
    return session.post(address, data=fields, headers={"Referer": address}, timeout=10)


TOLD = r"<li[^>]*>(.*?)(?: <a [^>]*>.*?</a>)?</li>"


def said(page: requests.Response) -> list[str]:
    """What the back-office tells of what was done, without the link to its row."""
    told = re.search(r'<ul class="messagelist">(.*?)</ul>', page.text, re.DOTALL)
    return [unescape(each.strip()) for each in re.findall(TOLD, told[1], re.DOTALL)] if told else []


def confirm(session: requests.Session, page: requests.Response, **more: str) -> requests.Response:
    """Press Confirm on the page that asks first; `more`: what is written there."""
    fields = re.findall(
        r'<input type="hidden" name="([^"]+)" value="([^"]*)">',
        page.text.split('<form method="post">')[1],
    )
    fields += more.items()
    return session.post(page.url, data=fields, headers={"Referer": page.url}, timeout=10)


def press(
    session: requests.Session, web: str, page: str, id: object, words: str
) -> requests.Response:
    """Press the button with these words on a row's own page; the page that asks first."""
    address = f"{web}/admin/{page}/{id}/change/"
    form = (
        session.get(address, timeout=10).text.split('class="row-actions">')[1].split("</form>")[0]
    )
    fields = dict(re.findall(r'<input [^>]*name="([^"]+)" value="([^"]*)"', form))
    (action,) = re.findall(rf'name="action" value="(\w+)">{re.escape(words)}</button>', form)
    listing = f"{web}/admin/{page}/"
    fields["action"] = action
    return session.post(listing, data=fields, headers={"Referer": address}, timeout=10)


def buttons(session: requests.Session, web: str, page: str, id: object) -> list[str]:
    """The words of the buttons on a row's own page."""
    shown = session.get(f"{web}/admin/{page}/{id}/change/", timeout=10).text
    form = shown.partition('class="row-actions">')[2].partition("</form>")[0]
    return [unescape(each) for each in re.findall(r"<button[^>]*>(.*?)</button>", form)]


def order(session: requests.Session, web: str, page: str, action: str) -> requests.Response:
    """Choose an action that asks first for every row of a list, and confirm it."""
    return confirm(session, act(session, web, page, action))
