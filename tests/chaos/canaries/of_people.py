"""Pages: signing in with what is right and wrong, one-time links, forms in error, failures."""

import json
import re
from urllib.parse import urlsplit

import requests

from tests.chaos.canaries.copy import Copy
from tests.chaos.canaries.words import (
    FORGED_KEY,
    GUESS,
    NEW_TOKEN,
    PASSWORD,
    PHONE,
    TEXT,
)
from tests.support.addresses import every_address
from tests.support.cast import ACME_NUMBER
from tests.support.forms import Form, post
from tests.support.invitations import Browser
from tests.support.processes import eventually
from tests.support.second_factor import SET_UP, app_of, recovery_codes
from tests.support.whatsapp.connect_page import csrf

ALERT_SECONDS = 240  # a look each minute, and one that finds it a second time
ADDRESS = "olga@example.org"
A_CHANNEL = "SELECT id FROM messaging.channels WHERE external_id ="
WRONG = {
    "access_token": f"{NEW_TOKEN} \0",
    "name": TEXT * 20,
    "auto_reply": TEXT * 500,
    "username": f"{PHONE} \0",
    "password1": GUESS,
}


def people_are_made(copy: Copy) -> None:
    copy.manage(
        *("createsuperuser", "--noinput", "--username", "olga", "--email", ADDRESS),
        DJANGO_SUPERUSER_PASSWORD=PASSWORD,
    )
    copy.manage("create_tenant", "initech", "--name", "Initech")
    copy.manage("add_member", "--tenant", "initech", "--user", "olga", "--role", "owner")


def signing_in(copy: Copy) -> None:
    """With what is wrong, then with the right password; a second factor is set up then."""
    for address in ("/admin/login/?next=/admin/", "/staff/login/"):
        for name, password in (("olga", GUESS), (PHONE, PASSWORD), (f"{TEXT}\n", GUESS)):
            post(requests.Session(), copy.web.url + address, username=name, password=password)
    give_password(copy, copy.olga)
    page = copy.olga.open(f"{copy.web.url}{SET_UP}")
    app = app_of(page)
    copy.olga.fill(page, code=GUESS)
    kept = copy.olga.fill(copy.olga.open(f"{copy.web.url}{SET_UP}"), code=app.code())
    codes = recovery_codes(kept)
    copy.secrets |= {f"recovery code {n}": code for n, code in enumerate(codes)}
    copy.secrets["key of the second factor"] = re.search(r'class="key">([A-Z2-7 ]+)<', page.text)[1]
    copy.secrets["session's cookie"] = copy.olga.session.cookies["sessionid"]
    other = Browser()
    page = give_password(copy, other)
    for code in (GUESS, codes[0]):
        page = other.fill(page, code=code)


def give_password(copy: Copy, browser: Browser) -> requests.Response:
    page = browser.open(f"{copy.web.url}/staff/login/")
    return browser.fill(page, username="olga", password=PASSWORD)


def links_that_are_used_once(copy: Copy) -> None:
    """An invitation, a forgotten password: opened, filled in wrongly, and opened with a part of it
    missing.
    """
    web, olga = copy.web.url, copy.olga
    change = olga.open(f"{web}/staff/password/")
    olga.fill(change, old_password=GUESS, new_password1=f"{PASSWORD}!", new_password2=GUESS)
    stranger = Browser()
    stranger.fill(stranger.open(f"{web}/staff/password/forgotten/"), email=ADDRESS)
    form = csrf(olga.session, web) | {"email": "new@initech.example", "role": "agent"}
    place = f"{web}/staff/initech/members/"
    headers = {"Referer": place}
    olga.session.post(f"{place}invite/", data=form, headers=headers, timeout=10)
    assert eventually(lambda: len(links_in_mails(copy)) == 2, 30)
    for number, path in enumerate(links_in_mails(copy)):
        copy.secrets[f"one-time link {number}"] = last_part(path)
        page = Browser()
        opened = page.open(web + path)
        page.fill(opened, username="x", password1=GUESS, password2=TEXT, new_password1=GUESS)
        page.open(web + path[:-3])


def links_in_mails(copy: Copy) -> list[str]:
    """Path and query of each."""
    texts = "\n".join(copy.mails(to_operators=False))
    return re.findall(r"http://127\.0\.0\.1:8000(/staff/\S{30,})", texts)


def last_part(address: str) -> str:
    return re.split("[/?=]", address.rstrip("/"))[-1]


def a_connect_link(copy: Copy) -> None:
    back = ("--return-url", "http://127.0.0.1/")
    made = copy.told_by("create_connect_link", "--tenant", "initech", *back)
    path = urlsplit(json.loads(made)["url"]).path
    copy.secrets["connect link"] = last_part(path)
    for tail in ("", "x"):
        Browser().open(copy.web.url + path + tail)


def forms_in_error(copy: Copy) -> None:
    web, session = copy.web.url, copy.olga.session
    ((channel,),) = copy.stage.rows(f"{A_CHANNEL} '{ACME_NUMBER}'")
    pages = (f"channels/channel/{channel}/change", "tenants/tenant/add", "tenants/user/add")
    for page in (f"{web}/admin/{each}/" for each in pages):
        fields = Form(session.get(page, timeout=10).text).fields | WRONG
        session.post(page, data=fields, headers={"Referer": page}, timeout=10)
    listed = f"{web}/admin/messaging/message/"
    session.get(f"{listed}?q={PHONE}&{TEXT}={FORGED_KEY}", timeout=10)
    session.get(f"{listed}{TEXT}/change/", timeout=10)
    session.post(listed, data={"x": NEW_TOKEN}, timeout=10)


def a_page_that_fails(copy: Copy) -> None:
    """What it reads is gone meanwhile."""
    ((message,),) = copy.stage.rows("SELECT id FROM messaging.messages LIMIT 1")
    with copy.stage.session() as session:
        session.execute("ALTER TABLE messaging.messages RENAME COLUMN text TO words")
        address = f"{copy.web.url}/admin/messaging/message/{message}/change/?x={TEXT}"
        page = copy.olga.session.get(address, timeout=10)
        session.execute("ALTER TABLE messaging.messages RENAME COLUMN words TO text")
    assert page.status_code == 500


def pages_without_permission(copy: Copy) -> None:
    """As a stranger, and as staff without any right."""
    copy.manage(
        *("createsuperuser", "--noinput", "--username", "greta", "--email", "greta@example.org"),
        DJANGO_SUPERUSER_PASSWORD=PASSWORD,
    )
    copy.stage.rows(
        "UPDATE messaging.users SET is_superuser = false WHERE username = 'greta' RETURNING 1"
    )
    greta = requests.Session()
    post(greta, f"{copy.web.url}/admin/login/?next=/admin/", username="greta", password=PASSWORD)
    rows = copy.stage.rows("SELECT id FROM messaging.messages LIMIT 1")
    addresses = [*every_address(), *(f"/admin/messaging/message/{id}/change/" for (id,) in rows)]
    for session in (requests.Session(), greta):
        for address in addresses:
            answer = session.get(copy.web.url + address, timeout=30, allow_redirects=False)
            copy.without_permission.append(answer)


def operators_are_told(copy: Copy) -> None:
    """Of the channel that was parked meanwhile, by mail."""
    told = "It sends nothing: The access token"
    assert eventually(
        lambda: told in "".join(copy.mails(to_operators=True)), ALERT_SECONDS, pause=1
    )


PATHS = (
    people_are_made,
    signing_in,
    links_that_are_used_once,
    a_connect_link,
    forms_in_error,
    a_page_that_fails,
    pages_without_permission,
    operators_are_told,
)
