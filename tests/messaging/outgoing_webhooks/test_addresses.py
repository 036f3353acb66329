"""SSRF: which addresses an endpoint may have, looked at when it is made."""

import pytest

from messaging.outgoing_webhooks import addresses

NOT_PUBLIC = "The host of the address leads into a network that is not public."
NOT_FOUND = "The host of the address was not found. Check how it is written, and its DNS."
NOT_HTTPS = "The address must begin with https://, because what is sent there is nobody else's."
MALFORMED = (
    "The address is not well-formed: write https://HOST/PATH, without a user, a password or a"
    " fragment (#), with at most 2048 characters."
)


def refusal(url):
    with pytest.raises(addresses.BadAddress) as refused:
        addresses.checked(url)
    return str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "https://crm.example",
        "https://crm.example/hooks?key=a%20b&c=1",
        "https://CRM.example:8443/hooks/",
        "https://8.8.8.8/hooks",
        "https://[2a03:2880:f003::1]/hooks",
    ],
)
def test_an_https_address_that_leads_to_public_places_is_taken_as_it_is(names, url):
    names("crm.example", ["93.184.215.14", "2a03:2880:f003::1"])
    assert addresses.checked(url).url == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "crm.example",
        "ftp://crm.example/",
        "https://",
        "https:///hooks",
        "https://ada@crm.example/",
        "https://ada:secret@crm.example/",
        "https://crm.example\\@127.0.0.1/",
        "https://crm.example/#top",
        "https://crm.example:0/",
        "https://crm.example:65536/",
        "https://crm example/",
        "https://crm.example/a b",
        "https://crm.example/\r\nX: y",
        "https://bücher.example/",
        "https://crm.example/" + "a" * 2048,
        " https://crm.example/",
    ],
)
def test_what_two_readers_could_read_differently_is_no_address(names, url):
    looked_up = names("crm.example", ["93.184.215.14"])
    assert (refusal(url), looked_up) == (MALFORMED, [])


@pytest.mark.parametrize("url", ["http://crm.example/", "http://crm.example:443/"])
def test_what_is_sent_is_not_sent_in_clear(names, url):
    looked_up = names("crm.example", ["93.184.215.14"])
    assert (refusal(url), looked_up) == (NOT_HTTPS, [])


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://127.1/",
        "https://0x7f000001/",
        "https://2130706433/",
        "https://0.0.0.0/",
        "https://10.0.0.1:8443/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[fd00:ec2::254]/",
        "https://localhost/",
    ],
)
def test_no_address_leads_into_our_own_network(url):
    assert refusal(url) == NOT_PUBLIC


@pytest.mark.parametrize(
    "found", [["10.0.0.1"], ["93.184.215.14", "127.0.0.1"], ["::ffff:169.254.169.254"]]
)
def test_a_name_that_leads_there_is_refused_even_if_not_all_of_it_does(names, found):
    names("crm.example", found)
    assert refusal("https://crm.example/hooks") == NOT_PUBLIC


@pytest.mark.parametrize("host", ["nowhere.invalid", "a" * 64 + ".example", "x..y.example"])
def test_a_name_that_nobody_knows_is_refused(host):
    assert refusal(f"https://{host}/") in {NOT_FOUND, MALFORMED}


def test_a_place_that_the_operator_listed_is_taken_by_http_too_and_no_other_port_of_it(
    names, settings
):
    names("crm.internal", ["10.0.0.1"])
    settings.WEBHOOK_ALLOWED_HOSTS = {("crm.internal", 8443), ("::1", 8080)}

    for url in (
        "http://crm.internal:8443/hooks",
        "https://crm.internal:8443/hooks",
        "http://[::1]:8080/",
    ):
        assert addresses.checked(url).url == url
    assert refusal("https://crm.internal/hooks") == NOT_PUBLIC
    assert refusal("http://crm.internal:8080/hooks") == NOT_HTTPS
