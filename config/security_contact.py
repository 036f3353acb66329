"""SECURITY_CONTACT from the environment: whom to tell of a weakness."""

import re
from urllib.parse import urlsplit

from config.environment import faults, optional
from config.mail import is_address

PRINTABLE = re.compile(r"[!-~]+")


def security_contact() -> str:
    """Return the contact as a URL, an address as mailto:, or an empty string without one."""
    given = optional("SECURITY_CONTACT")
    if is_address(given):
        return f"mailto:{given}"
    if given and not is_page(given):
        faults.append(
            "SECURITY_CONTACT is neither an e-mail address nor a page: write NAME@HOST, or"
            " https://HOST/PATH."
        )
        return ""
    return given


def is_page(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return bool(PRINTABLE.fullmatch(text) and parts.scheme == "https" and parts.hostname)
