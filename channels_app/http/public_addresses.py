"""SSRF guard: which IP addresses are public, and where the name of a host leads."""

import socket
import threading
from collections.abc import Collection
from concurrent.futures import Future
from ipaddress import ip_address, ip_network

LOOK_UP_SECONDS = 5.0

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


class NotPublic(Exception):
    """The host leads into a network that is not public; nothing was connected to."""

    def __init__(self, host: str) -> None:
        super().__init__(f"The host {host} leads into a network that is not public.")
        self.host = host


def resolve(
    host: str,
    port: int,
    exempt: Collection[tuple[str, int]] = (),
    *,
    seconds: float = LOOK_UP_SECONDS,
) -> list[str]:
    """Return the IP addresses of a host. Raises NotPublic unless all are public, or (host, port) is
    exempt; OSError if there are none, or none is known within `seconds`.
    """
    found = look_up(host, port, seconds)
    if (host, port) not in exempt and not all(map(is_public, found)):
        raise NotPublic(host)
    return found


def look_up(host: str, port: int, seconds: float) -> list[str]:
    """Return the addresses that the system's resolver gives. It knows no deadline and cannot be
    interrupted, so it is called in a thread, which is left to itself when `seconds` are over.
    """
    answer: Future[list[str]] = Future()

    def ask() -> None:
        try:
            entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answer.set_result(list(dict.fromkeys(str(entry[4][0]) for entry in entries)))
        except Exception as error:
            answer.set_exception(error)

    threading.Thread(target=ask, name="look-up", daemon=True).start()
    return answer.result(seconds)


def is_public(address: str) -> bool:
    ip = ip_address(address)
    if ip.version == 6 and ip not in GLOBAL_IPV6:
        return False
    return not any(ip in network for network in NOT_PUBLIC)
