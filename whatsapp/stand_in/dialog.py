"""What people see of Meta: the dialog that is redirected to and back from, and the script for web
pages with its window.
"""

import json
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from whatsapp.stand_in.business import FINISHING
from whatsapp.stand_in.http import Answer, Request, Route

SCRIPT = (Path(__file__).parent / "sdk.js").read_text()
HEAD = '<meta charset="utf-8"><title>Meta, by the stand-in</title><link rel="icon" href="data:,">'
PAGE = f'<!doctype html><html lang="en">{HEAD}<main>{{}}</main></html>'
FORM = """<h1>{names} asks for your WhatsApp accounts</h1><form action="/dialog/answer">{hidden}
<button name="choice" value="continue">Continue</button>
<button name="choice" value="cancel">Cancel</button></form>"""
WINDOW = """<p>Connecting…</p><script>
const to = window.opener || window.parent;
for (const message of {messages}) to.postMessage(message, "*");
</script>"""
DENIED = {
    "error": "access_denied",
    "error_code": "200",
    "error_description": "Permissions error",
    "error_reason": "user_denied",
}


def ask(stand_in: Any, request: Request) -> Answer:
    fault = fault_of(stand_in, request)
    if fault:
        return Answer(PAGE.format(f"<p>{fault}</p>"), 400)
    kept = {name: request.query.get(name, "") for name in ("client_id", "redirect_uri", "state")}
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name, value in kept.items()
    )
    return Answer(PAGE.format(FORM.format(names=f"App {escape(kept['client_id'])}", hidden=hidden)))


def answer(stand_in: Any, request: Request) -> Answer:
    """Back to where the dialog was opened from."""
    fault = fault_of(stand_in, request)
    if fault:
        return Answer(PAGE.format(f"<p>{fault}</p>"), 400)
    address, state = request.query["redirect_uri"], {"state": request.query.get("state", "")}
    is_granted = request.query.get("choice") == "continue"
    told = {"code": stand_in.business.give_code(address)} if is_granted else DENIED
    joint = "&" if urlsplit(address).query else "?"
    return Answer("", 302, {"Location": f"{address}{joint}{urlencode({**told, **state})}"})


def fault_of(stand_in: Any, request: Request) -> str:
    if stand_in.business.client_id not in ("", request.query.get("client_id")):
        return "Invalid App ID."
    address = urlsplit(request.query.get("redirect_uri", ""))
    return (
        ""
        if address.scheme in ("http", "https") and address.hostname
        else "The redirect_uri is not well-formed."
    )


def window(stand_in: Any, request: Request) -> Answer:
    """What the script opens: tells the page what happened, then the script its code, in a form of
    its own as Meta does.
    """
    business = stand_in.business
    event = {
        "type": "WA_EMBEDDED_SIGNUP",
        "event": business.event,
        "data": business.told(),
        "version": "3",
    }
    code = business.give_code() if business.event in FINISHING else ""
    messages = [json.dumps(event), urlencode({"cb": request.query.get("cb", ""), "code": code})]
    return Answer(PAGE.format(WINDOW.format(messages=json.dumps(messages).replace("<", "\\u003c"))))


def script(stand_in: Any, request: Request) -> Answer:
    """As Meta's, it may be loaded by pages that ask for no cookies to go along."""
    return Answer(
        SCRIPT,
        headers={
            "Content-Type": "text/javascript; charset=utf-8",
            "Access-Control-Allow-Origin": "*",
        },
    )


ROUTES = (
    Route("GET", "/dialog/oauth", ask, is_open=True),
    Route("GET", "/dialog/answer", answer, is_open=True),
    Route("GET", "/dialog/window", window, is_open=True),
    Route("GET", "/en_US/sdk.js", script, is_open=True),
)
