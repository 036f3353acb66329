"""SSRF guard: the hosts that a channel's token may be sent to, at public addresses. Only the
resolver is asked.

Meta names the address of each file in an answer. Whoever could forge or bend that answer would get
the token, or have us ask our own network: so the address is held against a table, and where its
name leads against another.
"""

import re
import socket
from ipaddress import ip_address, ip_network
from typing import NamedTuple

from django.conf import settings

METAS = {
    ".fbsbx.com": "lookaside.fbsbx.com serves the files people send",
    ".facebook.com": "the Graph API's own domain",
    ".whatsapp.net": "WhatsApp's own servers of files",
}
LENGTH = 4096
LABEL = "[a-z0-9_-]{1,63}"
ADDRESS = re.compile(
    rf"(?P<scheme>https?)://(?P<host>\[[0-9a-f:.]+\]|{LABEL}(?:\.{LABEL})*)(?::(?P<port>[1-9][0-9]{{0,4}}))?(?:[/?][!-~]*)?",
    re.IGNORECASE,
)
PORTS = {"http": 80, "https": 443}
THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}

NOT_PUBLIC = {
    ip_network(network): reason
    for network, reason in {
        "0.0.0.0/8": "this host",
        "10.0.0.0/8": "private",
        "100.64.0.0/10": "behind a provider's NAT",
        "127.0.0.0/8": "loopback",
        "169.254.0.0/16": "link-local; a cloud's metadata",
        "172.16.0.0/12": "private",
        "192.0.0.0/24": "protocol assignments",
        "192.0.2.0/24": "documentation",
        "192.88.99.0/24": "6to4 relays",
        "192.168.0.0/16": "private",
        "198.18.0.0/15": "benchmarks",
        "198.51.100.0/24": "documentation",
        "203.0.113.0/24": "documentation",
        "224.0.0.0/4": "multicast",
        "240.0.0.0/4": "reserved; broadcast",
        "2001::/23": "protocol assignments; Teredo, which holds an IPv4 address",
        "2001:db8::/32": "documentation",
        "2002::/16": "6to4, which holds an IPv4 address",
        "3fff::/20": "documentation",
    }.items()
}
# all that is given out: loopback, private, mapped and translated ones lie outside
GLOBAL_IPV6 = ip_network("2000::/3")


class HostRefused(Exception):
    """The token may not go there; the message is a sentence for the operator."""


class Origin(NamedTuple):
    scheme: str
    host: str
    port: int


def check(url: object) -> str:
    """Return the address itself if the token may go there. Raises HostRefused.

    That is Meta's over https, or, where META_GRAPH_URL is not Meta's (the stand-in),
    META_GRAPH_URL's own and no other.
    """
    origin, own = origin_of(url), origin_of(settings.META_GRAPH_URL)
    if origin is None or not isinstance(url, str):
        raise HostRefused("WhatsApp named an address for the file that is not well-formed.")
    is_allowed = is_metas(origin) if is_metas(own) else origin == own
    if not is_allowed:
        raise HostRefused(
            "WhatsApp named an address for the file that is not among Meta's:"
            f" {'{}://{}:{}'.format(*origin)}"
        )
    return url


def is_stand_in() -> bool:
    """Whether META_GRAPH_URL is on this machine: what answers there is the stand-in and not
    Meta.
    """
    own = origin_of(settings.META_GRAPH_URL)
    return own is not None and own.host in THIS_MACHINE


def origin_of(url: object) -> Origin | None:
    """A well-formed address's scheme, host and port. One with a user, or with a host that is not
    plain ASCII, is not.
    """
    found = ADDRESS.fullmatch(url) if isinstance(url, str) and len(url) <= LENGTH else None
    if found is None or len(found["host"]) > 253:
        return None
    scheme = found["scheme"].lower()
    return Origin(scheme, found["host"].lower().strip("[]"), int(found["port"] or PORTS[scheme]))


def is_metas(origin: Origin | None) -> bool:
    if origin is None or (origin.scheme, origin.port) != ("https", 443):
        return False
    return origin.host.endswith(tuple(METAS)) and not any(
        label.startswith("xn--") for label in origin.host.split(".")
    )


def addresses(host: str, port: int) -> list[str]:
    """The IP addresses of a host; raises HostRefused unless all are public, or the host and port
    are META_GRAPH_URL's.
    """
    found = list(
        dict.fromkeys(
            str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        )
    )
    own = origin_of(settings.META_GRAPH_URL)
    if (own is None or (host, port) != (own.host, own.port)) and not all(map(is_public, found)):
        raise HostRefused(
            f"The host of the file's address, {host}, leads into a network that is not public."
        )
    return found


def is_public(address: str) -> bool:
    ip = ip_address(address)
    if ip.version == 6 and ip not in GLOBAL_IPV6:
        return False
    return not any(ip in network for network in NOT_PUBLIC)
