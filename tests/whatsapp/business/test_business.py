"""The calls by which a business is connected ask Meta for exactly what it documents, and for
nothing that a browser made up.
"""

import pytest

from tests.support.whatsapp.connecting import (
    ACME,
    APP_ID,
    APP_SECRET,
    APP_TOKEN,
    BACK,
    CALLS,
    NUMBER,
    PIN,
    TOKEN,
    VERIFY_TOKEN,
    refused,
)
from whatsapp import business
from whatsapp.business import accounts
from whatsapp.graph.appsecret_proof import proof

pytestmark = [pytest.mark.whatsapp, pytest.mark.usefixtures("acme_at_meta")]

FIELDS = {"fields": accounts.FIELDS}
ASKED = [
    pytest.param(
        "debug_token",
        "GET",
        "/debug_token",
        {"input_token": TOKEN, "access_token": APP_TOKEN},
        None,
    ),
    pytest.param("account", "GET", f"/{ACME}", {"fields": "id,name"}, None),
    pytest.param(
        "phone_numbers", "GET", f"/{ACME}/phone_numbers", {"limit": "100", **FIELDS}, None
    ),
    pytest.param("number", "GET", f"/{NUMBER}", FIELDS, None),
    pytest.param(
        "subscribe",
        "POST",
        f"/{ACME}/subscribed_apps",
        {},
        {"override_callback_uri": BACK, "verify_token": VERIFY_TOKEN},
    ),
    pytest.param("subscriptions", "GET", f"/{ACME}/subscribed_apps", {}, None),
    pytest.param("unsubscribe", "DELETE", f"/{ACME}/subscribed_apps", {}, None),
    pytest.param(
        "register", "POST", f"/{NUMBER}/register", {}, {"messaging_product": "whatsapp", "pin": PIN}
    ),
    pytest.param("deregister", "POST", f"/{NUMBER}/deregister", {}, None),
]


@pytest.mark.parametrize(("name", "method", "path", "query", "content"), ASKED)
def test_each_call_asks_for_exactly_what_meta_documents(name, method, path, query, content, graph):
    CALLS[name]()

    token = APP_TOKEN if name == "debug_token" else TOKEN
    (asked,) = graph.asked
    assert (asked.method, asked.path, asked.content, asked.token) == (method, path, content, token)
    assert asked.query == {**query, **proof(token)}


@pytest.mark.parametrize("redirect_uri", [BACK, ""])
def test_a_code_is_exchanged_with_the_address_of_its_dialog_or_with_none(redirect_uri, graph):
    code = graph.business.give_code(redirect_uri or None)
    granted = business.exchange(code, redirect_uri=redirect_uri)

    asked = {"client_id": APP_ID, "client_secret": APP_SECRET, "code": code}
    (request,) = graph.asked
    assert (request.method, request.path, request.token) == ("GET", "/oauth/access_token", "")
    assert request.query == ({**asked, "redirect_uri": redirect_uri} if redirect_uri else asked)
    assert [granted.token] == list(graph.business.grants)


def test_a_subscription_without_a_callback_has_no_body(graph):
    business.subscribe(ACME, token=TOKEN)

    assert graph.asked[0].content is None


HOSTILE = [
    "",
    "me",
    "../300",
    "300/subscribed_apps",
    "300?x=1",
    "300#",
    " 300",
    "300\n",
    "٣٠٠",
    "3" * 65,
]


@pytest.mark.parametrize("node", HOSTILE)
@pytest.mark.parametrize(
    "call",
    [
        lambda node: business.business_account(node, token=TOKEN),
        lambda node: business.numbers(node, token=TOKEN),
        lambda node: business.number(node, token=TOKEN),
        lambda node: business.subscribe(node, token=TOKEN),
        lambda node: business.unsubscribe(node, token=TOKEN),
        lambda node: business.subscriptions(node, token=TOKEN),
        lambda node: business.register(node, token=TOKEN, pin=PIN),
        lambda node: business.deregister(node, token=TOKEN),
    ],
)
def test_an_id_that_a_browser_made_up_asks_for_nothing(call, node, graph):
    assert (
        str(refused(lambda: call(node))) == "The id is none of WhatsApp's: those have digits only."
    )
    assert list(graph.asked) == []


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: business.exchange(""), "The code is none of Meta's: connect again."),
        (lambda: business.exchange("a b"), "The code is none of Meta's: connect again."),
        (lambda: business.exchange("x" * 4097), "The code is none of Meta's: connect again."),
        (
            lambda: business.register(NUMBER, token=TOKEN, pin="12345"),
            "The PIN must have six digits.",
        ),
        (
            lambda: business.register(NUMBER, token=TOKEN, pin="١٢٣٤٥٦"),
            "The PIN must have six digits.",
        ),
        (
            lambda: business.subscribe(
                ACME, token=TOKEN, callback="https://shop.test/".ljust(201, "x")
            ),
            "The callback address is longer than the 200 characters Meta takes.",
        ),
    ],
)
def test_what_meta_would_refuse_for_its_form_is_not_asked(call, sentence, graph):
    error = refused(call)

    assert (str(error), error.then, list(graph.asked)) == (sentence, "failed", [])


@pytest.mark.parametrize("name", ["META_APP_ID", "META_APP_SECRET"])
@pytest.mark.parametrize("call", ["exchange", "debug_token"])
def test_without_metas_app_nothing_can_be_connected(call, name, settings, graph):
    setattr(settings, name, "")

    assert (
        str(refused(CALLS[call]))
        == "META_APP_ID and META_APP_SECRET are not set: no business can be connected."
    )
    assert list(graph.asked) == []
