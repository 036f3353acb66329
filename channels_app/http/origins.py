"""Addresses that somebody else names, read in one way only: what two readers could read differently
is no address.
"""

import re
from typing import NamedTuple

LENGTH = 4096
LABEL = "[a-z0-9_-]{1,63}"
ADDRESS = re.compile(
    rf"(?P<scheme>https?)://(?P<host>\[[0-9a-f:.]+\]|{LABEL}(?:\.{LABEL})*)(?::(?P<port>[1-9][0-9]{{0,4}}))?(?:[/?][!-~]*)?",
    re.IGNORECASE,
)
PORTS = {"http": 80, "https": 443}


class Origin(NamedTuple):
    scheme: str
    host: str
    port: int


def origin_of(url: object) -> Origin | None:
    """A well-formed address's scheme, host and port. One with a user, or with a host that is not
    plain ASCII, is not.
    """
    found = ADDRESS.fullmatch(url) if isinstance(url, str) and len(url) <= LENGTH else None
    if found is None or len(found["host"]) > 253:
        return None
    scheme = found["scheme"].lower()
    return Origin(scheme, found["host"].lower().strip("[]"), int(found["port"] or PORTS[scheme]))
