"""Addresses as people paste them: what is meant is taken, or said in one sentence that names the
entry.
"""

from functools import partial

import pytest

from config.addresses import (
    allowed_hosts,
    graph_version,
    guarded_address,
    public_url,
    versioned_address,
    webhook_allowed_hosts,
)

OURS = "https://chat.example.org"
allowed = partial(allowed_hosts, OURS)
public = partial(public_url, "http://127.0.0.1:8000")
SEVERAL = "names alone, with commas between them, like chat.example.org,hooks.example.org"
NO_PUBLIC = "PUBLIC_URL is not an address: write https://HOST, as Meta and your staff reach it."
MORE = (
    "PUBLIC_URL has more than a host: write https://HOST, without a path or anything else"
    " behind it."
)
EMPTY = "ALLOWED_HOSTS has an empty entry: take out the comma that is too many."


def not_a_host(entry: str, meant: str) -> str:
    return f"ALLOWED_HOSTS has the entry {entry!r}, which is not a host name: write {meant}."


def lacking(host: str) -> str:
    return (
        f"ALLOWED_HOSTS lacks {host}, the host of PUBLIC_URL: add it, or all of it is answered 400."
    )


@pytest.mark.parametrize(
    "text",
    [
        "chat.example.org,hooks.example.org",
        "chat.example.org, hooks.example.org",
        " chat.example.org\t,\nhooks.example.org\r\n",
        "chat.example.org,hooks.example.org,",
        "chat.example.org,hooks.example.org, ,\n",
        '"chat.example.org, hooks.example.org"',
        "'chat.example.org,hooks.example.org,'",
        "Chat.Example.org.,HOOKS.example.org",
        "\ufeffchat.example.org,\u200bhooks.example.org",
    ],
)
def test_blanks_and_trailing_commas_around_hosts_are_ignored(read, text):
    assert read(allowed, ALLOWED_HOSTS=text) == (["chat.example.org", "hooks.example.org"], [])


@pytest.mark.parametrize(
    ("entry", "meant"),
    [
        ("https://hooks.example.org", "hooks.example.org"),
        ("HTTPS://Hooks.example.org/", "hooks.example.org"),
        ("http://hooks.example.org:8000/api?x=1", "hooks.example.org"),
        ("hooks.example.org:443", "hooks.example.org"),
        ("hooks.example.org/", "hooks.example.org"),
        ("hooks.example.org/api", "hooks.example.org"),
        ("[hooks.example.org]", "hooks.example.org"),
        ("['hooks.example.org']", "hooks.example.org"),
        ("['hooks.example.org'", "hooks.example.org"),
        ('"hooks.example.org"', "hooks.example.org"),
        ("hooks.example.org'", "hooks.example.org"),
        ("“hooks.example.org”", "hooks.example.org"),
        ("*.example.org", ".example.org"),
        ("::1", "[::1]"),
        ("[::1]:8000", "[::1]"),
        ("http://[::1]:8000/", "[::1]"),
        ("[127.0.0.1]", "127.0.0.1"),
        ("127.0.0.1:8000", "127.0.0.1"),
        ("hooks.example.org www.example.org", SEVERAL),
        ("hooks.example.org;www.example.org", SEVERAL),
        ("hooks .example.org", SEVERAL),
        ("hooks..example.org", SEVERAL),
        ("müller.example", SEVERAL),
        ("an_underscore.example.org", SEVERAL),
        ("-", SEVERAL),
        (".", SEVERAL),
        ("**", SEVERAL),
        ("https://", SEVERAL),
    ],
)
def test_an_entry_that_is_no_host_name_is_named_with_how_to_write_it(read, entry, meant):
    assert read(allowed, ALLOWED_HOSTS=f"chat.example.org,{entry},other.example.org")[1] == [
        not_a_host(entry, meant)
    ]


def test_a_list_as_python_writes_it_is_a_sentence_for_each_entry(read):
    assert read(allowed, ALLOWED_HOSTS="['chat.example.org', \"hooks.example.org\"]")[1] == [
        not_a_host("['chat.example.org'", "chat.example.org"),
        not_a_host('"hooks.example.org"]', "hooks.example.org"),
    ]


@pytest.mark.parametrize(
    "text",
    [",chat.example.org", "chat.example.org,,hooks.example.org", ",", "chat.example.org, ,x.org"],
)
def test_an_empty_entry_is_refused(read, text):
    assert read(allowed, ALLOWED_HOSTS=text)[1] == [EMPTY]


@pytest.mark.parametrize(
    ("url", "listed"),
    [
        (OURS, "chat.example.org"),
        (OURS, "CHAT.EXAMPLE.ORG"),
        (OURS, "chat.example.org."),
        (OURS, ".example.org"),
        (OURS, ".chat.example.org"),
        (OURS, "*"),
        (f"{OURS}.", "chat.example.org"),
        (f"{OURS}:8443", "hooks.example.org,chat.example.org"),
        ("https://192.0.2.1", "192.0.2.1"),
        ("http://[::1]:8000", "[::1]"),
        ("http://localhost:8000", "localhost"),
    ],
)
def test_a_list_with_public_urls_own_host_is_taken(read, url, listed):
    assert read(partial(allowed_hosts, url), ALLOWED_HOSTS=listed)[1] == []


@pytest.mark.parametrize(
    ("url", "listed", "host"),
    [
        (OURS, "hooks.example.org", "chat.example.org"),
        (OURS, "example.org", "chat.example.org"),
        (OURS, ".chat.example.com", "chat.example.org"),
        (OURS, ".hat.example.org", "chat.example.org"),
        (OURS, "hat.example.org,www.chat.example.org", "chat.example.org"),
        (f"{OURS}.:8443", "hooks.example.org", "chat.example.org"),
        ("http://[::1]:8000", "127.0.0.1", "[::1]"),
        ("http://127.0.0.1:8000", "localhost", "127.0.0.1"),
    ],
)
def test_a_list_that_lacks_public_urls_own_host_is_refused(read, url, listed, host):
    assert read(partial(allowed_hosts, url), ALLOWED_HOSTS=listed)[1] == [lacking(host)]


@pytest.mark.parametrize("text", ["", "  ", "''"])
def test_without_a_list_this_machine_may_be_asked_for(read, text):
    local = ["127.0.0.1", "localhost", "[::1]"]
    assert read(partial(allowed_hosts, "http://127.0.0.1:8000"), ALLOWED_HOSTS=text) == (local, [])


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://chat.example.org", OURS),
        ("https://chat.example.org/", OURS),
        ("https://chat.example.org//", OURS),
        ('"https://chat.example.org/"', OURS),
        (" https://chat.example.org\n", OURS),
        ("HTTPS://Chat.Example.org", OURS),
        ("https://chat.example.org:8443/", f"{OURS}:8443"),
        ("https://[2001:db8::1]", "https://[2001:db8::1]"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("", "http://127.0.0.1:8000"),
    ],
)
def test_public_url_is_scheme_host_and_port(read, text, address):
    assert read(public, PUBLIC_URL=text) == (address, [])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("https://chat.example.org/app", MORE),
        ("https://chat.example.org/?x=1", MORE),
        ("https://chat.example.org/#x", MORE),
        ("https://ada@chat.example.org", MORE),
        ("https://chat.example.org:https", NO_PUBLIC),
        ("https://chat.example.org:0", NO_PUBLIC),
        ("https://chat.example.org:65536", NO_PUBLIC),
        ("https://chat example.org", NO_PUBLIC),
        ("https://chat.example.org # ours", NO_PUBLIC),
        ("https://chat.example.org,https://hooks.example.org", NO_PUBLIC),
        ("https://.example.org", NO_PUBLIC),
        ("https://*", NO_PUBLIC),
        ("https:/chat.example.org", NO_PUBLIC),
        ("chat.example.org", NO_PUBLIC),
    ],
)
def test_a_public_url_with_more_or_less_than_that_is_refused(read, text, sentence):
    assert read(public, PUBLIC_URL=text) == ("", [sentence])


@pytest.mark.parametrize(
    "text",
    ["https://meta.test", "https://meta.test/", '"https://meta.test"', " https://meta.test\t"],
)
def test_an_address_of_metas_may_stand_between_blanks_and_in_quotation_marks(read, text):
    found = read(
        lambda: versioned_address("META_GRAPH_URL", "", because="it is tried"), META_GRAPH_URL=text
    )
    assert found == ("https://meta.test", [])


@pytest.mark.parametrize("end", ["/v25.0", "/v25.0/", "/graph/v21.0", "?x=1", "/#x"])
def test_a_version_is_not_part_of_metas_addresses(read, end):
    found = read(
        lambda: versioned_address("META_GRAPH_URL", "", because="it is tried"),
        META_GRAPH_URL=f"https://meta.test{end}",
    )
    assert found[1] == [
        "META_GRAPH_URL ends with a version or a query: take that off; META_GRAPH_VERSION is put"
        " behind it."
    ]


@pytest.mark.parametrize(
    "text", ["https://graph facebook.com", "https://meta.test:port", "//meta.test", "https://-"]
)
def test_what_leads_nowhere_is_no_address_of_metas(read, text):
    found = read(lambda: guarded_address("META_SDK_URL", because="it is tried"), META_SDK_URL=text)
    assert found[1] == [
        "META_SDK_URL must be an https address, or http on this machine: it is tried."
    ]


@pytest.mark.parametrize(
    ("text", "version"),
    [("v25.0", "v25.0"), ("v26.0 ", "v26.0"), ("'v27.0'", "v27.0"), ("", "v25.0")],
)
def test_a_graph_version_is_taken_as_meta_writes_it(read, text, version):
    assert read(partial(graph_version, "v25.0"), META_GRAPH_VERSION=text) == (version, [])


@pytest.mark.parametrize(
    "text",
    [
        "25.0",
        "V25.0",
        "v25",
        "25",
        "v25.0/",
        "/v25.0",
        "v25.00",
        "v025.0",
        "v0.0",
        "v25,0",
        "v２５.0",
    ],
)
def test_a_graph_version_in_another_form_is_refused(read, text):
    assert read(partial(graph_version, "v25.0"), META_GRAPH_VERSION=text) == (
        "v25.0",
        [f"META_GRAPH_VERSION is {text!r}: write it as Meta does, like v25.0."],
    )


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("", set()),
        ("crm.internal:8443", {("crm.internal", 8443)}),
        ("CRM.internal:8443, 10.0.0.1:80,", {("crm.internal", 8443), ("10.0.0.1", 80)}),
        ("'[::1]:8080'", {("::1", 8080)}),
    ],
)
def test_webhooks_may_go_to_the_places_that_are_listed_with_their_ports(read, text, places):
    assert read(webhook_allowed_hosts, WEBHOOK_ALLOWED_HOSTS=text) == (places, [])


@pytest.mark.parametrize(
    "entry",
    [
        "crm.internal",
        "crm.internal:",
        "crm.internal:0",
        "crm.internal:65536",
        "http://crm.internal:80",
        "ada@crm.internal:80",
        "crm.internal:80/hooks",
        "crm.internal:80?a",
        "*:80",
        ":80",
        "::1:80",
        "crm internal:80",
    ],
)
def test_a_place_for_webhooks_that_is_no_host_with_its_port_is_named(read, entry):
    assert read(webhook_allowed_hosts, WEBHOOK_ALLOWED_HOSTS=f"10.0.0.1:80,{entry}") == (
        {("10.0.0.1", 80)},
        [
            f"WEBHOOK_ALLOWED_HOSTS has the entry {entry!r}, which is not HOST:PORT: write it like"
            " crm.internal:8443 or [::1]:8443."
        ],
    )
