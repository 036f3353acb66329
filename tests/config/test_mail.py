"""E-mail from the environment: whose server, from whom, to which operators; no password is
repeated.
"""

import pytest

from config.mail import mail_server, operators, sender
from tests.support.starting import CANARY, refuses, values

FORMS = (
    "write smtp+tls://USER:PASSWORD@HOST:587, smtp+ssl://USER:PASSWORD@HOST:465, smtp://HOST:25, "
    "filemail:///FOLDER or consolemail://."
)
NO_SERVER = f"EMAIL_URL is not the address of a mail server: {FORMS}"
MORE = "EMAIL_URL has more than a server: take out what stands behind the host and its port."
HALF = (
    "EMAIL_URL has a user without a password, or a password without a user: write both of them, or"
    " none."
)
IN_CLEAR = (
    "EMAIL_URL would send the password in clear to a host that is not this machine: write"
    " smtp+tls:// or smtp+ssl://."
)
ENCODED = (
    "EMAIL_URL has a special character, most likely in its password, that must be percent-encoded:"
    " write @ as %40, # as %23, / as %2F, ? as %3F, % as %25, [ as %5B, ] as %5D, a blank as %20."
)
SMTPS = (
    "EMAIL_URL begins with smtps://, which some read as STARTTLS and some as TLS from the first"
    " byte: write smtp+tls:// or smtp+ssl://."
)
NO_SENDER = "EMAIL_FROM is not an e-mail address: write NAME@HOST, or A Name <NAME@HOST>."
WITHOUT_SERVER = (
    "OPERATORS_EMAIL is set, but EMAIL_URL is not: name the mail server, or take the addresses out."
)


@pytest.mark.parametrize(
    ("url", "backend", "server"),
    [
        ("smtp://127.0.0.1", "smtp", ("127.0.0.1", 25, "", "", False, False)),
        ("smtp://relay.test:2525", "smtp", ("relay.test", 2525, "", "", False, False)),
        ("smtp://ada:pw@localhost", "smtp", ("localhost", 25, "ada", "pw", False, False)),
        (
            "smtp+tls://ada%40acme.test:a%2Fb@relay.test",
            "smtp",
            ("relay.test", 587, "ada@acme.test", "a/b", True, False),
        ),
        (
            "smtp+ssl://ada:pw@relay.test:4650",
            "smtp",
            ("relay.test", 4650, "ada", "pw", False, True),
        ),
        ("smtp+ssl://ada:pw@relay.test/", "smtp", ("relay.test", 465, "ada", "pw", False, True)),
        ("consolemail://", "console", ("", 0, "", "", False, False)),
    ],
)
def test_a_mail_server_is_what_its_address_says(read, url, backend, server):
    found, faults = read(lambda: mail_server(url))
    names = ("HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_TLS", "USE_SSL")

    assert (tuple(found[f"EMAIL_{name}"] for name in names), faults) == (server, [])
    assert found["EMAIL_BACKEND"] == f"django.core.mail.backends.{backend}.EmailBackend"


def test_mails_can_go_to_a_folder(read):
    found, faults = read(lambda: mail_server("filemail:///var/mail/out"))

    assert (found["EMAIL_BACKEND"].split(".")[-2], found["EMAIL_FILE_PATH"], faults) == (
        "filebased",
        "/var/mail/out",
        [],
    )


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        (f"ada:{CANARY}@relay.test", NO_SERVER),
        (f"{CANARY}.test", NO_SERVER),
        (f"https://{CANARY}.test", NO_SERVER),
        (f"memorymail://{CANARY}", NO_SERVER),
        ("smtp://", NO_SERVER),
        (f"smtp+tls://ada:{CANARY}@", NO_SERVER),
        (f"smtp+tls://ada:{CANARY}@relay.test:port", NO_SERVER),
        (f"smtp+tls://ada:{CANARY}@relay.test:0", NO_SERVER),
        (f"consolemail://{CANARY}", NO_SERVER),
        (f"filemail://{CANARY}", NO_SERVER),
        (f"smtps://ada:{CANARY}@relay.test", SMTPS),
        (f"smtp+tls://ada:{CANARY}/x@relay.test", ENCODED),
        (f"smtp+tls://ada:{CANARY}%@relay.test", ENCODED),
        (f"smtp+tls://ada@acme.test:{CANARY}@relay.test", ENCODED),
        (f"smtp+tls://ada:{CANARY}@relay.test/inbox", MORE),
        (f"smtp+tls://ada:{CANARY}@relay.test?timeout=5", MORE),
        (f"smtp+tls://{CANARY}@relay.test", HALF),
        (f"smtp+tls://:{CANARY}@relay.test", HALF),
        (f"smtp://ada:{CANARY}@relay.test", IN_CLEAR),
    ],
)
def test_a_wrong_mail_server_is_one_sentence_that_repeats_nothing_of_it(read, url, sentence):
    assert read(lambda: mail_server(url)) == ({}, [sentence])


def test_without_a_mail_server_there_is_no_mail(read):
    assert read(lambda: mail_server("")) == ({}, [])
    assert values("EMAIL_IS_CONFIGURED", "OPERATORS_EMAIL", EMAIL_URL="", OPERATORS_EMAIL="") == [
        False,
        [],
    ]


def test_a_process_starts_with_a_mail_server_and_knows_whom_to_tell():
    given = {
        "EMAIL_URL": "smtp+tls://ada:pw@relay.test",
        "OPERATORS_EMAIL": " ada@acme.test, grace@acme.test,",
    }
    names = (
        "EMAIL_IS_CONFIGURED",
        "EMAIL_HOST",
        "EMAIL_USE_TLS",
        "EMAIL_TIMEOUT",
        "OPERATORS_EMAIL",
        "DEFAULT_FROM_EMAIL",
    )

    assert values(
        *names, **given, PUBLIC_URL="https://Chat.shop.test:8443", ALLOWED_HOSTS=".shop.test"
    ) == [
        *(True, "relay.test", True, 10, ["ada@acme.test", "grace@acme.test"]),
        "Messaging <no-reply@chat.shop.test>",
    ]


def test_wrong_mail_settings_end_the_start_with_a_sentence_each():
    given = {
        "EMAIL_URL": f"smtp://ada:{CANARY}@relay.test",
        "EMAIL_FROM": CANARY,
        "OPERATORS_EMAIL": f"ada@acme.test,{CANARY}",
    }

    assert refuses(**given) == [
        IN_CLEAR,
        NO_SENDER,
        (
            "Entry 2 of OPERATORS_EMAIL is not an e-mail address: write addresses alone, with"
            " commas between."
        ),
    ]


@pytest.mark.parametrize(
    ("public", "host"),
    [
        ("https://chat.shop.test", "chat.shop.test"),
        ("http://127.0.0.1:8000", "localhost"),
        ("https://[2001:db8::1]", "localhost"),
        ("", "localhost"),
    ],
)
def test_without_a_sender_mails_are_from_our_own_host(read, public, host):
    assert read(lambda: sender(public)) == (f"Messaging <no-reply@{host}>", [])


@pytest.mark.parametrize("text", ["hello@acme.test", "Acme <hello@acme.test>", "<hello@acme.test>"])
def test_a_sender_is_an_address_with_or_without_a_name(read, text):
    assert read(lambda: sender(""), EMAIL_FROM=text) == (text, [])


@pytest.mark.parametrize(
    "text",
    [
        "Acme",
        "hello@",
        "Acme <hello>",
        "a@acme.test, b@acme.test",
        "Acme, Inc. <hello@acme.test>",
        "a@b.test\nBcc: x@y.test",
    ],
)
def test_what_is_no_sender_is_one_sentence(read, text):
    assert read(lambda: sender(""), EMAIL_FROM=text)[1] == [NO_SENDER]


def test_operators_without_a_mail_server_are_one_sentence(read):
    assert read(operators, OPERATORS_EMAIL="ada@acme.test") == (["ada@acme.test"], [WITHOUT_SERVER])
