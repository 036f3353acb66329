"""URLs and hosts from the environment: PUBLIC_URL, ALLOWED_HOSTS, WEBHOOK_ALLOWED_HOSTS and Meta's
URLs.
"""

import os
import re
from ipaddress import AddressValueError, IPv6Address
from urllib.parse import SplitResult, urlsplit

from django.http.request import validate_host

from config.environment import QUOTES, faults, items, optional, unquoted

LOCAL_HOSTS = {"127.0.0.1", "localhost", "::1"}
LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
HOST = re.compile(rf"{LABEL}(\.{LABEL})*")
VERSION = re.compile(r"v[1-9]\d{0,2}\.\d", re.ASCII)
GRAPH_PATH = re.compile(r"\w[\w-]*(?:/[\w-]+)*(?:\?[\w=&,.-]+)?", re.ASCII)
NO_ADDRESS = urlsplit("")
SEVERAL = "names alone, with commas between them, like chat.example.org,hooks.example.org"


def address(url: str) -> SplitResult:
    """Return the parts of an http or https URL, or NO_ADDRESS if the text is not such a URL."""
    try:
        parts = urlsplit(url)
        is_one = (
            parts.scheme in {"http", "https"} and is_host(parts.hostname or "") and parts.port != 0
        )
    except ValueError:
        return NO_ADDRESS
    return parts if is_one else NO_ADDRESS


def is_host(name: str) -> bool:
    return bool(HOST.fullmatch(name.removesuffix("."))) or is_ipv6(name)


def is_ipv6(text: str) -> bool:
    try:
        return bool(IPv6Address(text))
    except AddressValueError:
        return False


def public_url(default: str) -> str:
    """Return PUBLIC_URL as scheme, host and optional port, or an empty string if it is invalid."""
    parts = address(optional("PUBLIC_URL", default))
    if parts is NO_ADDRESS:
        faults.append(
            "PUBLIC_URL is not an address: write https://HOST, as Meta and your staff reach it."
        )
    elif "@" in parts.netloc or parts.path.strip("/") or parts.query or parts.fragment:
        faults.append(
            "PUBLIC_URL has more than a host: write https://HOST, without a path or anything else"
            " behind it."
        )
    elif parts.scheme == "http" and parts.hostname not in LOCAL_HOSTS:
        faults.append(
            "PUBLIC_URL is http on a host that is not this machine: use https, or 127.0.0.1 for"
            " development."
        )
    else:
        return f"{parts.scheme}://{parts.netloc.lower()}"
    return ""


def allowed_hosts(public: str) -> list[str]:
    """Return the host names of ALLOWED_HOSTS in Django's form, or this machine's if none is listed.
    An https PUBLIC_URL requires a list, and a list must match PUBLIC_URL's host.
    """
    entries = items(unquoted(os.environ.get("ALLOWED_HOSTS", "")))
    hosts = [entry.lower().removesuffix(".") for entry in entries]
    wrong = [entry for entry, host in zip(entries, hosts, strict=True) if not is_allowed_host(host)]
    faults.extend(map(host_fault, wrong))
    if public.startswith("https://") and not hosts:
        faults.append(
            "ALLOWED_HOSTS is not set: with an https PUBLIC_URL, list the host names that may be"
            " asked for."
        )
    elif public and hosts and not wrong and not validate_host(host_of(public), hosts):
        faults.append(
            f"ALLOWED_HOSTS lacks {host_of(public)}, the host of PUBLIC_URL: add it, or all of it"
            " is answered 400."
        )
    return hosts or ["127.0.0.1", "localhost", "[::1]"]


def is_allowed_host(text: str) -> bool:
    """Return whether an entry is well-formed: a host name or IPv4 address, `.example.org` for a
    domain and its subdomains, `[::1]` for an IPv6 address, or `*` for every host.
    """
    if text.startswith("["):
        return text.endswith("]") and is_ipv6(text[1:-1])
    return text == "*" or bool(HOST.fullmatch(text.removeprefix(".")))


def host_of(url: str) -> str:
    """Return the host of a URL as Django compares it: lower case, IPv6 addresses in brackets."""
    name = (urlsplit(url).hostname or "").removesuffix(".")
    return f"[{name}]" if is_ipv6(name) else name


def host_fault(entry: str) -> str:
    if not entry:
        return "ALLOWED_HOSTS has an empty entry: take out the comma that is too many."
    return f"ALLOWED_HOSTS has the entry {entry!r}, which is not a host name: write {meant(entry)}."


def meant(entry: str) -> str:
    """Return the host name that a malformed entry contains, or SEVERAL if there is none."""
    bare = entry.lower().rpartition("://")[2].strip(f"[](){{}} {QUOTES}")
    ipv6 = bare.partition("]")[0]
    name = f"[{ipv6}]" if is_ipv6(ipv6) else re.split("[/:?#]", bare)[0].lstrip("*")
    return name if is_allowed_host(name) else SEVERAL


def webhook_allowed_hosts() -> set[tuple[str, int]]:
    """Return the (host, port) pairs of WEBHOOK_ALLOWED_HOSTS, which webhooks may be sent to in
    whatever network they are, also by http.
    """
    entries = items(optional("WEBHOOK_ALLOWED_HOSTS"))
    parts = [(entry, address(f"http://{entry.lower()}")) for entry in entries]
    wrong = [entry for entry, place in parts if not is_host_and_port(place)]
    faults.extend(
        f"WEBHOOK_ALLOWED_HOSTS has the entry {entry!r}, which is not HOST:PORT: write it like"
        " crm.internal:8443 or [::1]:8443."
        for entry in wrong
    )
    return {(place.hostname or "", place.port or 0) for entry, place in parts if entry not in wrong}


def is_host_and_port(place: SplitResult) -> bool:
    """Return whether a URL names a host and a port, and nothing else."""
    if place is NO_ADDRESS or place.port is None:
        return False
    named = f"{host_of(place.geturl())}:{place.port}"
    return place.netloc == named and not (place.path or place.query or place.fragment)


def guarded_address(name: str, default: str = "", *, because: str) -> str:
    """Return a URL that is safe from eavesdropping and tampering: https, or http on this machine.
    `because`: the reason, which ends the error sentence.
    """
    url = optional(name, default)
    parts = address(url)
    if parts is NO_ADDRESS or (parts.scheme == "http" and parts.hostname not in LOCAL_HOSTS):
        faults.append(f"{name} must be an https address, or http on this machine: {because}.")
    return url


def redirect_uri(default: str) -> str:
    """Return META_REDIRECT_URI, where people come back to from Meta; `default` without one."""
    if optional("META_REDIRECT_URI"):
        because = "what opens an account comes back there"
        return guarded_address("META_REDIRECT_URI", because=because)
    return default


def versioned_address(name: str, default: str, *, because: str) -> str:
    """Return a guarded URL without version or query: META_GRAPH_VERSION is appended to it."""
    url = guarded_address(name, default, because=because).rstrip("/")
    parts = address(url)
    if parts.query or parts.fragment or VERSION.fullmatch(parts.path.rpartition("/")[2]):
        faults.append(
            f"{name} ends with a version or a query: take that off; META_GRAPH_VERSION is put"
            " behind it."
        )
    return url


def graph_version(default: str) -> str:
    version = optional("META_GRAPH_VERSION", default)
    if not VERSION.fullmatch(version):
        faults.append(f"META_GRAPH_VERSION is {version!r}: write it as Meta does, like {default}.")
        return default
    return version


def graph_path(name: str, *, holds: str) -> str:
    """A path below the Graph API's version, with `{holds}` where an id goes; empty: none."""
    path = optional(name)
    if path and not GRAPH_PATH.fullmatch(path.replace(f"{{{holds}}}", "0")):
        faults.append(
            f"{name} is {path!r}: write a path below the Graph API's version, like"
            f" {{{holds}}}/something."
        )
        return ""
    return path
