"""Which return addresses are taken, and what is added to one."""

import pytest

from tenants.connect_links.return_addresses import (
    CREDENTIALS,
    FRAGMENT,
    NO_ADDRESS,
    NOT_HTTPS,
    TAKEN,
    TOO_LONG,
    fault_of,
    host_of,
    with_outcome,
)

LONGEST = "https://shop.example/" + "a" * (2000 - len("https://shop.example/"))


@pytest.mark.parametrize(
    "address",
    [
        "https://shop.example",
        "https://shop.example/",
        "https://shop.example:8443/back?order=7&note=a%20b",
        "https://shop.example./back",
        "https://xn--caf-dma.example/back",
        "https://192.0.2.7/back",
        "https://[2001:db8::7]/back",
        "https://localhost/back",
        "https://shop.example/?connected=1&channels=2",
        LONGEST,
    ],
)
def test_an_https_address_of_a_page_is_taken(address, settings):
    for settings.IS_HTTPS in (True, False):
        assert fault_of(address) == ""


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("", NO_ADDRESS),
        ("shop.example", NO_ADDRESS),
        ("/back", NO_ADDRESS),
        ("//shop.example/back", NO_ADDRESS),
        ("https://", NO_ADDRESS),
        ("https:shop.example", NO_ADDRESS),
        ("https:///shop.example", NO_ADDRESS),
        ("HTTPS://shop.example", NO_ADDRESS),
        ("javascript:alert(1)", NO_ADDRESS),
        ("data:text/html,x", NO_ADDRESS),
        ("ftp://shop.example", NO_ADDRESS),
        ("https://shop.example:0/", NO_ADDRESS),
        ("https://shop.example:99999/", NO_ADDRESS),
        ("https://shop.example\\@evil.example/", NO_ADDRESS),
        ("https://shop.example/\\evil", NO_ADDRESS),
        (" https://shop.example", NO_ADDRESS),
        ("https://shop.example/\n", NO_ADDRESS),
        ("https://shop.example/\x00", NO_ADDRESS),
        ('https://shop.example/"x', NO_ADDRESS),
        ("https://shop.example/<b>", NO_ADDRESS),
        ("https://café.example/", NO_ADDRESS),
        ("https://[::1", NO_ADDRESS),
        ("https://user@shop.example/", CREDENTIALS),
        ("https://user:password@shop.example/", CREDENTIALS),
        ("https://@shop.example/", CREDENTIALS),
        ("https://shop.example/#done", FRAGMENT),
        ("https://shop.example/#", FRAGMENT),
        ("https://shop.example/?connect=1", TAKEN),
        ("https://shop.example/?a=b&channel", TAKEN),
        ("https://shop.example/?%63onnect=1", TAKEN),
        (f"{LONGEST}a", TOO_LONG),
    ],
)
def test_anything_else_is_refused_with_a_sentence(address, fault):
    assert fault_of(address) == fault


@pytest.mark.parametrize(
    ("address", "where_http"),
    [
        ("http://localhost:3000/back", ""),
        ("http://127.0.0.1:3000/back", ""),
        ("http://127.1.2.3/back", ""),
        ("http://[::1]:3000/back", ""),
        ("http://shop.example/back", NOT_HTTPS),
        ("http://127.0.0.1.shop.example/back", NOT_HTTPS),
        ("http://localhost.shop.example/back", NOT_HTTPS),
        ("http://192.168.0.7/back", NOT_HTTPS),
    ],
)
def test_http_is_taken_on_this_machine_alone_and_only_where_we_are_http_ourselves(
    address, where_http, settings
):
    settings.IS_HTTPS = False
    assert fault_of(address) == where_http
    settings.IS_HTTPS = True
    assert fault_of(address) == NOT_HTTPS


@pytest.mark.parametrize(
    ("address", "led_to"),
    [
        ("https://shop.example", "https://shop.example?connect=done&channel=7"),
        ("https://shop.example/a?", "https://shop.example/a?connect=done&channel=7"),
        ("https://shop.example/a?b=c", "https://shop.example/a?b=c&connect=done&channel=7"),
        ("https://shop.example/a?b=c&", "https://shop.example/a?b=c&connect=done&channel=7"),
        ("https://shop.example/?a=%20+?", "https://shop.example/?a=%20+?&connect=done&channel=7"),
    ],
)
def test_what_came_of_it_is_added_behind_what_the_address_has(address, led_to):
    assert with_outcome(address, connect="done", channel="7") == led_to


def test_a_person_knows_an_address_by_its_host():
    assert host_of("https://shop.example:8443/back?a=b") == "shop.example:8443"
