"""SSRF guard: which addresses an endpoint may have. Where a name leads is looked up here when the
endpoint is made, and by channels_app/http/safe_http.py at each connection.
"""

from dataclasses import dataclass
from typing import NoReturn

from django.conf import settings

from channels_app.http.origins import Origin, origin_of
from channels_app.http.public_addresses import NotPublic, resolve

LENGTH = 2048


class BadAddress(ValueError):
    """An endpoint cannot have this address; the message is a sentence for whoever gave it."""


@dataclass(frozen=True, slots=True)
class CheckedAddress:
    """An address that `checked` found to be one that an endpoint may have."""

    url: str


def checked(url: str) -> CheckedAddress:
    """Return the address if an endpoint may have it. Raises BadAddress.

    Its name is looked up, which is network: never within a scope.
    """
    origin = well_formed(url)
    try:
        resolve(origin.host, origin.port, settings.WEBHOOK_ALLOWED_HOSTS)
    except NotPublic:
        refuse("The host of the address leads into a network that is not public.")
    except (OSError, UnicodeError):
        refuse("The host of the address was not found. Check how it is written, and its DNS.")
    return CheckedAddress(url)


def well_formed(url: str) -> Origin:
    """Return the parts of an address that is https, or that WEBHOOK_ALLOWED_HOSTS names. Raises
    BadAddress.
    """
    origin = origin_of(url) if len(url) <= LENGTH else None
    if origin is None or origin.port > 65535 or "#" in url:
        refuse(
            "The address is not well-formed: write https://HOST/PATH, without a user, a password or"
            f" a fragment (#), with at most {LENGTH} characters."
        )
    if origin.scheme != "https" and origin[1:] not in settings.WEBHOOK_ALLOWED_HOSTS:
        refuse("The address must begin with https://, because what is sent there is nobody else's.")
    return origin


def refuse(sentence: str) -> NoReturn:
    raise BadAddress(sentence)
