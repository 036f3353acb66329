"""Where a channel's token may go: the table of addresses, and that what was checked is what is
connected to.
"""

import socket

import pytest

from tests.support.elsewhere import Elsewhere
from whatsapp.media import allowed_hosts, file_requests

pytestmark = pytest.mark.whatsapp

META = "https://graph.facebook.com"


@pytest.fixture
def meta(settings):
    settings.META_GRAPH_URL = META


ALLOWED = [
    "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1&hash=ab",
    "https://graph.facebook.com/v25.0/400/media",
    "https://mmg.whatsapp.net/d/f/x.enc",
    "https://lookaside.fbsbx.com:443/x",
    "HTTPS://LOOKASIDE.FBSBX.COM/x",
    "https://lookaside.fbsbx.com",
    "https://lookaside.fbsbx.com/x@evil.example/",
    "https://lookaside.fbsbx.com/?next=https://evil.example",
]
ILL_FORMED = [
    pytest.param("https://user@lookaside.fbsbx.com/x", id="a user"),
    pytest.param("https://lookaside.fbsbx.com:pass@evil.example/x", id="Meta's host as a user"),
    pytest.param("https://lookaside.fbsbx.com@evil.example/x", id="Meta's host before an at"),
    pytest.param("https://evil.example\\@lookaside.fbsbx.com/x", id="a backslash before an at"),
    pytest.param("https://evil.example\\.fbsbx.com/x", id="a backslash in the host"),
    pytest.param("https://evil.example#.fbsbx.com/x", id="a fragment that looks like a host"),
    pytest.param("https://lookaside.fbsbx.com./x", id="a dot at the end"),
    pytest.param("https://.fbsbx.com/x", id="no name before the domain"),
    pytest.param("https://lookaside.fbsbx.com:0443/x", id="a port with a nought before it"),
    pytest.param("https://lookaside.fbsbx.com:/x", id="a colon without a port"),
    pytest.param("https://lookaside.fbsbx.com:443443/x", id="a port of six digits"),
    pytest.param("https://lоokaside.fbsbx.com/x", id="a Cyrillic letter"),
    pytest.param("https://evil.example。fbsbx.com/x", id="an ideographic full stop"),
    pytest.param("https://evil%2eexample.fbsbx.com/x", id="an escape in the host"),
    pytest.param("https://lookaside.fbsbx.com/x\r\nHost: evil.example", id="a line break"),
    pytest.param("https://lookaside.fbsbx.com/a b", id="a space"),
    pytest.param(" https://lookaside.fbsbx.com/x", id="a space before it"),
    pytest.param("https:lookaside.fbsbx.com/x", id="no slashes"),
    pytest.param("//lookaside.fbsbx.com/x", id="no scheme"),
    pytest.param("ftp://lookaside.fbsbx.com/x", id="ftp"),
    pytest.param("file:///etc/passwd", id="a file"),
    pytest.param(f"https://{'a' * 64}.fbsbx.com/x", id="a label of 64 letters"),
    pytest.param(f"https://{'a.' * 125}fbsbx.com/x", id="a name of 259 letters"),
    pytest.param("https://lookaside.fbsbx.com/" + "x" * 4096, id="longer than any"),
    pytest.param("", id="empty"),
    pytest.param(None, id="none"),
    pytest.param(["https://lookaside.fbsbx.com/x"], id="a list"),
]
FOREIGN = [
    pytest.param("http://lookaside.fbsbx.com/x", id="http"),
    pytest.param("https://lookaside.fbsbx.com:8443/x", id="another port"),
    pytest.param("http://lookaside.fbsbx.com:443/x", id="http on the port of https"),
    pytest.param("https://evilfacebook.com/x", id="a name that ends alike"),
    pytest.param("https://facebook.com.evil.example/x", id="a name that begins alike"),
    pytest.param("https://lookaside.fbsbx.com.evil.example/x", id="the whole name before another"),
    pytest.param("https://xn--lokaside-0wf.fbsbx.com/x", id="punycode below Meta's domain"),
    pytest.param("https://lookaside.xn--fbsbx-9na.com/x", id="punycode that looks like Meta's"),
    pytest.param("https://127.0.0.1/x", id="this machine"),
    pytest.param("https://2130706433/x", id="this machine as one decimal number"),
    pytest.param("https://0x7f000001/x", id="this machine in hexadecimal"),
    pytest.param("https://0177.0.0.1/x", id="this machine in octal"),
    pytest.param("https://127.1/x", id="this machine, shortened"),
    pytest.param("https://[::1]/x", id="this machine in IPv6"),
    pytest.param("https://[::ffff:127.0.0.1]/x", id="this machine as IPv4 in IPv6"),
    pytest.param("https://169.254.169.254/latest/meta-data/", id="a cloud's metadata"),
    pytest.param("https://8.8.8.8/x", id="a public number"),
]


@pytest.mark.parametrize("url", ALLOWED)
def test_metas_own_addresses_over_https_are_allowed_as_they_are(meta, url):
    assert allowed_hosts.check(url) == url


@pytest.mark.parametrize("url", ILL_FORMED)
def test_what_two_readers_could_read_differently_is_no_address(meta, url):
    with pytest.raises(allowed_hosts.HostRefused) as refused:
        allowed_hosts.check(url)

    assert str(refused.value) == "WhatsApp named an address for the file that is not well-formed."


@pytest.mark.parametrize("url", FOREIGN)
def test_any_other_place_is_refused_and_named_without_its_path(meta, url):
    with pytest.raises(allowed_hosts.HostRefused) as refused:
        allowed_hosts.check(url)

    place = "{}://{}:{}".format(*allowed_hosts.origin_of(url))
    assert (
        str(refused.value)
        == f"WhatsApp named an address for the file that is not among Meta's: {place}"
    )


@pytest.mark.parametrize(
    ("url", "is_allowed"),
    [
        ("http://127.0.0.1:8123/files/1", True),
        ("http://127.0.0.1:8124/files/1", False),
        ("https://127.0.0.1:8123/files/1", False),
        ("http://localhost:8123/files/1", False),
        ("http://127.0.0.2:8123/files/1", False),
        ("http://2130706433:8123/files/1", False),
        ("http://[::ffff:127.0.0.1]:8123/files/1", False),
        ("http://127.0.0.1/files/1", False),
        ("https://lookaside.fbsbx.com/x", False),
        ("https://graph.facebook.com/x", False),
    ],
)
def test_where_the_graph_url_is_set_it_is_the_only_place_and_not_even_metas_is_another(
    settings, url, is_allowed
):
    settings.META_GRAPH_URL = "http://127.0.0.1:8123"
    assert allows(url) == is_allowed


def allows(url: str) -> bool:
    try:
        return allowed_hosts.check(url) == url
    except allowed_hosts.HostRefused:
        return False


def test_metas_name_that_leads_to_this_machine_gets_no_connection(settings, names):
    """The address passes the table; its name is answered with this machine, where somebody
    listens.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.3)
        settings.META_GRAPH_URL = META
        names("lookaside.fbsbx.com", ["127.0.0.1"])
        with pytest.raises(allowed_hosts.HostRefused) as refused:
            file_requests.request("GET", "https://lookaside.fbsbx.com/x", token="token", seconds=5)
        with pytest.raises(TimeoutError):
            listener.accept()

    assert (
        str(refused.value)
        == "The host of the file's address, lookaside.fbsbx.com, leads into a network that is not"
        " public."
    )


def test_a_name_is_looked_up_once_and_what_was_checked_is_connected_to(
    settings, names, monkeypatch
):
    """The first answer is public; a second look-up would lead to this machine. The connection goes
    where the first led.
    """
    settings.META_GRAPH_URL = META
    looked_up = names("lookaside.fbsbx.com", ["192.0.9.1"], ["127.0.0.1"])
    connected: list[tuple] = []

    def connect(self: socket.socket, place: tuple) -> None:
        connected.append(place)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    with pytest.raises(Exception, match="reached"):
        file_requests.request("GET", "https://lookaside.fbsbx.com/x", token="token", seconds=5)

    assert (looked_up, connected) == (["lookaside.fbsbx.com"], [("192.0.9.1", 443)])


def test_no_proxy_of_the_environment_sees_the_request(settings, monkeypatch):
    with Elsewhere() as proxy, Elsewhere() as own:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.setenv("no_proxy", "")
        settings.META_GRAPH_URL = own.url
        with file_requests.request("GET", f"{own.url}/x", token="token", seconds=5) as response:
            assert response.status_code == 200

    assert (own.asked, proxy.asked) == ([("GET", "/x", "Bearer token")], [])
