"""The address that a connect link leads back to: which ones are taken, and what is added to them.
Pure.
"""

from ipaddress import ip_address
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from tenants.models.connect_link import ADDRESS_LENGTH

OUTCOME, CHANNEL = "connect", "channel"  # the parameters that are added
DONE, CANCELLED = "done", "cancelled"

TOO_LONG = f"The return address may have {ADDRESS_LENGTH} characters at most."
NO_ADDRESS = (
    "The return address is no address of a page: write https://HOST/PATH in plain ASCII, as a"
    " browser sends it."
)
NOT_HTTPS = "The return address must be https."
CREDENTIALS = "The return address must hold neither a user name nor a password."
FRAGMENT = "The return address must have no fragment: take off the # and what follows it."
TAKEN = (
    f'The return address must not have the parameters "{OUTCOME}" and "{CHANNEL}": they are added'
    " to it."
)


def fault_of(address: str) -> str:
    """Return a sentence about what is wrong with a return address; empty: nothing."""
    if len(address) > ADDRESS_LENGTH:
        return TOO_LONG
    if not (address.isascii() and address.isprintable()) or set(address) & set(' \\"<>'):
        return NO_ADDRESS
    try:
        parts = urlsplit(address)
    except ValueError:
        return NO_ADDRESS
    if "@" in parts.netloc:
        return CREDENTIALS
    if "#" in address:
        return FRAGMENT
    if not is_page(address):
        return NO_ADDRESS
    if parts.scheme == "http" and (settings.IS_HTTPS or not is_loopback(parts.hostname or "")):
        return NOT_HTTPS
    names = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    return TAKEN if names & {OUTCOME, CHANNEL} else ""


def is_page(address: str) -> bool:
    """Return whether it is an http or https address, the scheme in small letters."""
    if not address.startswith(("http://", "https://")):
        return False
    try:
        URLValidator(schemes=["http", "https"])(address)
        return urlsplit(address).port != 0
    except (ValidationError, ValueError):  # of a port that is too large
        return False


def is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def with_outcome(address: str, **outcome: str) -> str:
    """Return the address with these parameters behind those that it has."""
    path, _, query = address.partition("?")
    joint = "&" if query and not query.endswith("&") else ""
    return f"{path}?{query}{joint}{urlencode(outcome)}"


def host_of(address: str) -> str:
    """Return what a person knows the address by."""
    return urlsplit(address).netloc
