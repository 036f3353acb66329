"""What the failures of connecting a business say: each its sentence, and none of them a secret."""

import traceback
from datetime import UTC, datetime, timedelta
from urllib.parse import quote_plus

import pytest

from tests.support.raw_http import answering, http, server
from tests.support.whatsapp.connecting import (
    APP_SECRET,
    APP_TOKEN,
    CALLS,
    CODE,
    PIN,
    SECRETS,
    TOKEN,
    VERIFY_TOKEN,
    refused,
)
from whatsapp.business import tokens
from whatsapp.graph.appsecret_proof import proof

pytestmark = [pytest.mark.whatsapp, pytest.mark.usefixtures("acme_at_meta")]

BUSY = "Meta has a fault of its own; it is tried again."
EXPIRED = "The access token no longer works: connect the channel again with a new one."
NOT_SEEN = (
    "Meta does not know what was asked for, or the token may not see it: grant it to the app."
)
OLD_CODE = (
    "Meta does not take the code: it is too old, was used before, or was given for another address."
    " Connect again."
)
OTHER = "Meta refused it with a code of its own: look it up in Meta's list of error codes."
PERMISSION = (
    "The token lacks a permission or the account's asset: grant both in Meta's Business Settings,"
    " then reconnect."
)
WRONG_APP = (
    "Meta does not accept META_APP_ID with META_APP_SECRET: copy both from the app's settings."
)
EVERY_HOUR = "Too many wrong PINs: Meta takes none for a while."
FAILURES = [
    ("exchange", 100, OLD_CODE, "failed"),
    ("exchange", 101, WRONG_APP, "failed"),
    ("exchange", 190, WRONG_APP, "failed"),
    (
        "exchange",
        1,
        (
            "Meta did not take the code: META_APP_SECRET is not the app's, or Meta has a fault of"
            " its own. Connect again."
        ),
        "failed",
    ),
    ("exchange", 999, OTHER, "failed"),
    ("debug_token", 190, WRONG_APP, "failed"),
    ("debug_token", 2, BUSY, "queued"),
    ("account", 100, NOT_SEEN, "failed"),
    ("account", 190, EXPIRED, "held"),
    ("account", 803, NOT_SEEN, "failed"),
    ("phone_numbers", 200, PERMISSION, "held"),
    (
        "phone_numbers",
        80007,
        "The account has used up its calls for now; it is tried again.",
        "queued",
    ),
    ("number", 100, NOT_SEEN, "failed"),
    ("subscribe", 10, PERMISSION, "held"),
    (
        "subscribe",
        2200,
        "Meta could not verify the callback address: it must answer Meta's challenge over https.",
        "failed",
    ),
    ("subscriptions", 190, EXPIRED, "held"),
    ("unsubscribe", 1, BUSY, "queued"),
    (
        "register",
        133000,
        (
            "A former registration was not taken off completely: deregister the number, then"
            " register it again."
        ),
        "failed",
    ),
    (
        "register",
        133005,
        (
            "The PIN is not the number's own: enter the one that was set for it, or change it in"
            " WhatsApp Manager."
        ),
        "failed",
    ),
    (
        "register",
        133006,
        "The number must be verified first: have Meta send it a code, by text message or call.",
        "failed",
    ),
    ("register", 133008, EVERY_HOUR, "queued"),
    ("register", 133009, "The PIN was entered too fast: Meta asks to wait a little.", "queued"),
    (
        "register",
        133015,
        "The number was deregistered just now: Meta takes it again after five minutes.",
        "queued",
    ),
    (
        "register",
        133016,
        (
            "The number was registered and deregistered too often: Meta takes it again after three"
            " days."
        ),
        "failed",
    ),
    ("deregister", 133010, "The number is not registered.", "failed"),
]


@pytest.mark.parametrize(
    ("name", "code", "sentence", "then"), FAILURES, ids=lambda value: str(value)[:14]
)
def test_each_refusal_has_its_sentence(name, code, sentence, then, graph):
    graph.onboarding_script[name].append({"code": code})
    error = refused(CALLS[name])

    assert str(error) == f"{sentence} (Graph error {code}: (#{code}) Refused by the stand-in)"
    assert (error.then, error.code, error.http_status) == (then, str(code), 400)


@pytest.mark.parametrize("name", ["exchange", "debug_token"])
def test_a_refused_app_is_told_whatever_the_http_status(name, graph):
    graph.onboarding_script[name].append({"code": 190, "http": 401})

    assert str(refused(CALLS[name])).partition(" (")[0] == WRONG_APP


@pytest.mark.parametrize("name", CALLS)
def test_a_fault_on_the_way_is_unknown(name, graph):
    graph.onboarding_script[name].extend([{"http": 502}, {"then": "close"}])

    failures = [refused(CALLS[name]) for _ in range(2)]
    assert [(str(error), error.then) for error in failures] == [
        ("WhatsApp answered HTTP 502, which does not say what became of it.", "unknown"),
        ("WhatsApp did not answer in time, or not readably.", "unknown"),
    ]


def test_a_code_is_waited_for_ten_seconds_whatever_a_message_may_take(settings, graph, monkeypatch):
    assert tokens.SECONDS == 10
    settings.SEND_TIMEOUT_SECONDS = 60
    monkeypatch.setattr(tokens, "SECONDS", 0.5)
    graph.onboarding_script["exchange"].append({"delay": 1.5})
    begun = datetime.now(UTC)

    assert refused(CALLS["exchange"]).then == "unknown"
    assert datetime.now(UTC) - begun < timedelta(seconds=1.2)


@pytest.mark.parametrize("name", CALLS)
def test_no_failure_repeats_a_secret(name, settings):
    told = " ".join(
        (
            *SECRETS,
            *map(quote_plus, SECRETS),
            quote_plus(APP_TOKEN),
            *proof(TOKEN).values(),
            *proof(APP_TOKEN).values(),
        )
    )
    content = f'{{"error": {{"code": 999, "message": "Malformed: {told}"}}}}'.encode()
    with server(answering(http("400 Bad Request", content))) as url:
        settings.META_GRAPH_URL = url
        refusal = refused(CALLS[name])
    settings.META_GRAPH_URL = "http://127.0.0.1:1"
    unreached = refused(CALLS[name])

    carried = {
        "exchange": {APP_SECRET, CODE, quote_plus(CODE)},
        "debug_token": {
            APP_SECRET,
            TOKEN,
            APP_TOKEN,
            quote_plus(APP_TOKEN),
            *proof(APP_TOKEN).values(),
        },
        "subscribe": {APP_SECRET, TOKEN, VERIFY_TOKEN, *proof(TOKEN).values()},
        "register": {APP_SECRET, TOKEN, PIN, *proof(TOKEN).values()},
    }.get(name, {APP_SECRET, TOKEN, *proof(TOKEN).values()})
    told_of = "".join(traceback.format_exception(refusal)) + "".join(
        traceback.format_exception(unreached)
    )
    assert str(refusal).startswith(f"{OTHER} (Graph error 999: Malformed: ")
    assert {secret for secret in carried if secret in told_of} == set()
