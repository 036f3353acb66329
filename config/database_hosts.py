"""Several servers in one PostgreSQL URL: a primary and its standbys, of which the driver takes the
one that takes writes. Error sentences repeat no part of the URL.
"""

import re
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

HOST = re.compile(r"(\[[0-9A-Fa-f:.%]+\]|[^\[\]:]+)(?::(\d{1,5}))?")
OF_THE_PRIMARY = ("read-write", "primary")
OF_ANY = (*OF_THE_PRIMARY, "any")  # a single server may be either: it is told when it is asked
SEVERAL = "postgresql://ROLE:PASSWORD@HOST:PORT,HOST:PORT/DATABASE?target_session_attrs=read-write"


def hosts_of(url: str) -> list[tuple[str, str]]:
    """Return the (host, port) pairs of a PostgreSQL URL, an IPv6 address without its brackets; no
    port is an empty one, and what is no host an empty pair.
    """
    places = unquote(urlsplit(url).netloc.rpartition("@")[2]).split(",")
    found = [HOST.fullmatch(place) for place in places]
    return [(each[1].strip("[]"), each[2] or "") if each else ("", "") for each in found]


def host_settings(url: str) -> dict[str, str]:
    """Return Django's HOST and PORT for a URL with several hosts, as lists that the driver reads;
    nothing for a URL with one.
    """
    hosts = hosts_of(url)
    if len(hosts) == 1:
        return {}
    names, ports = (",".join(each) for each in zip(*hosts, strict=True))
    return {"HOST": names, "PORT": ports.strip(",")}


def hosts_fault(url: str, parameters: Mapping[str, str]) -> str:
    """Return what is wrong with a URL's hosts and which of them it asks for, or an empty string."""
    hosts, wanted = hosts_of(url), parameters.get("target_session_attrs", "")
    if len(hosts) == 1:
        if wanted and wanted not in OF_ANY:
            return (
                "has a target_session_attrs that asks for a server which takes no writes, or that"
                f" the driver does not know: write one of {', '.join(OF_ANY)}"
            )
        return ""
    if ("", "") in hosts:
        return f"has several hosts, and one of them is no HOST or HOST:PORT: write {SEVERAL}"
    if len({bool(port) for _, port in hosts}) > 1:
        return "has several hosts, and a port for some of them alone: write HOST:PORT for each"
    if wanted not in OF_THE_PRIMARY:
        return (
            "has several hosts, and does not ask for the one that takes writes: put"
            " ?target_session_attrs=read-write behind the database"
        )
    return ""
