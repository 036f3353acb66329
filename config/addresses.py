"""Addresses of the web from the environment: ours, the hosts that may be asked for, and Meta's."""

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
NO_ADDRESS = urlsplit("")
SEVERAL = "names alone, with commas between them, like chat.example.org,hooks.example.org"


def address(url: str) -> SplitResult:
    """The parts of an http or https URL; NO_ADDRESS where it is not one."""
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
    """Our own address, of scheme, host and maybe port; empty where what is given is not one."""
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
    """The hosts that may be asked for, as Django compares them: those listed, else this machine.
    PUBLIC_URL's is among them.
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
    """A name or IPv4 address, `.example.org` for it and all below it, `[::1]`, or `*` for every
    host.
    """
    if text.startswith("["):
        return text.endswith("]") and is_ipv6(text[1:-1])
    return text == "*" or bool(HOST.fullmatch(text.removeprefix(".")))


def host_of(url: str) -> str:
    """The host of an address, as Django compares it."""
    name = (urlsplit(url).hostname or "").removesuffix(".")
    return f"[{name}]" if is_ipv6(name) else name


def host_fault(entry: str) -> str:
    if not entry:
        return "ALLOWED_HOSTS has an empty entry: take out the comma that is too many."
    return f"ALLOWED_HOSTS has the entry {entry!r}, which is not a host name: write {meant(entry)}."


def meant(entry: str) -> str:
    """The host in what somebody wrote for one, as it should be written; else how a list looks."""
    bare = entry.lower().rpartition("://")[2].strip(f"[](){{}} {QUOTES}")
    ipv6 = bare.partition("]")[0]
    name = f"[{ipv6}]" if is_ipv6(ipv6) else re.split("[/:?#]", bare)[0].lstrip("*")
    return name if is_allowed_host(name) else SEVERAL


def guarded_address(name: str, default: str = "", *, because: str) -> str:
    """A URL that nobody can read or bend on its way: https, or http that does not leave this
    machine.
    """
    url = optional(name, default)
    parts = address(url)
    if parts is NO_ADDRESS or (parts.scheme == "http" and parts.hostname not in LOCAL_HOSTS):
        faults.append(f"{name} must be an https address, or http on this machine: {because}.")
    return url


def versioned_address(name: str, default: str, *, because: str) -> str:
    """A guarded address that META_GRAPH_VERSION is put behind."""
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
