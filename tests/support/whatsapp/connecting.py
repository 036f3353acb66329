"""What the tests of connecting a business share: Acme at Meta, and every call by its name in the
stand-in's script.
"""

import re
from typing import Any

import pytest
import responses

from channels_app.providers import SendError
from whatsapp import business

APP_ID, APP_SECRET, TOKEN = "670843887433847", "the-secret-of-metas-app", "token-of-acme"
APP_TOKEN, PIN, VERIFY_TOKEN = f"{APP_ID}|{APP_SECRET}", "314159", "the-word-for-acme"
CODE, BACK = "AQD/canary|code", "https://shop.test/connect/whatsapp/callback"
ACME, GLOBEX, NUMBER = "300000000000001", "300000000000002", "400000000000001"
PHONE = {"id": NUMBER, "display_phone_number": "+46 70 000 00 01", "verified_name": "Acme"}


CALLS = {
    "exchange": lambda: business.exchange(CODE, redirect_uri=BACK),
    "debug_token": lambda: business.inspect(TOKEN),
    "account": lambda: business.business_account(ACME, token=TOKEN),
    "phone_numbers": lambda: business.numbers(ACME, token=TOKEN),
    "number": lambda: business.number(NUMBER, token=TOKEN),
    "subscribe": lambda: business.subscribe(
        ACME, token=TOKEN, callback=BACK, verify_token=VERIFY_TOKEN
    ),
    "subscriptions": lambda: business.subscriptions(ACME, token=TOKEN),
    "unsubscribe": lambda: business.unsubscribe(ACME, token=TOKEN),
    "register": lambda: business.register(NUMBER, token=TOKEN, pin=PIN),
    "deregister": lambda: business.deregister(NUMBER, token=TOKEN),
}
SECRETS = (TOKEN, APP_SECRET, CODE, PIN, VERIFY_TOKEN)


def refused(call: Any) -> SendError:
    with pytest.raises(SendError) as caught:
        call()
    return caught.value


def answered(settings: Any, content: str, call: Any) -> Any:
    """What a call makes of Meta's 200 with this content, whatever it asks for."""
    settings.META_GRAPH_URL = "https://graph.test"
    with responses.RequestsMock(assert_all_requests_are_fired=False) as meta:
        for method in ("GET", "POST", "DELETE"):
            meta.add(
                method,
                re.compile("https://graph.test/.*"),
                body=content,
                content_type="application/json",
            )
        return call()
