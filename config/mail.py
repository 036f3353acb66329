"""E-mail settings from the environment. Errors never repeat EMAIL_URL: it may hold a password."""

import re
from email.utils import parseaddr
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ValidationError
from django.core.mail.message import sanitize_address
from django.core.validators import validate_email

from config.addresses import LOCAL_HOSTS, host_of, is_host
from config.database_urls import ESCAPES, has_special_characters
from config.environment import faults, items, optional

PORTS = {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}
WITHOUT_A_SERVER = ("consolemail", "filemail")
FORMS = (
    "write smtp+tls://USER:PASSWORD@HOST:587, smtp+ssl://USER:PASSWORD@HOST:465, smtp://HOST:25, "
    "filemail:///FOLDER or consolemail://"
)
NO_NAME = re.compile(r"[\d.]+|\[.*\]|localhost")  # hosts that are no domain for mail


def mail_server(url: str) -> dict:
    """Return Django's settings for an EMAIL_URL, or {} if it is empty or invalid."""
    fault = fault_of(url) if url else ""
    if fault:
        faults.append(f"EMAIL_URL {fault}.")
    if fault or not url:
        return {}
    config = environ.Env.email_url_config(url)
    scheme = urlsplit(url).scheme
    return {
        "EMAIL_BACKEND": config["EMAIL_BACKEND"],
        "EMAIL_FILE_PATH": f"/{config['EMAIL_FILE_PATH']}" if scheme == "filemail" else None,
        "EMAIL_HOST": config["EMAIL_HOST"] or "",
        "EMAIL_PORT": config["EMAIL_PORT"] or PORTS.get(scheme, 0),
        "EMAIL_HOST_USER": config["EMAIL_HOST_USER"] or "",
        "EMAIL_HOST_PASSWORD": config["EMAIL_HOST_PASSWORD"] or "",
        "EMAIL_USE_TLS": scheme == "smtp+tls",
        "EMAIL_USE_SSL": scheme == "smtp+ssl",
    }


def fault_of(url: str) -> str:
    """Return what is wrong with an EMAIL_URL and how to fix it, or an empty string."""
    scheme, _, rest = url.partition("://")
    if scheme == "smtps":
        return (
            "begins with smtps://, which some read as STARTTLS and some as TLS from the first byte:"
            " write smtp+tls:// or smtp+ssl://"
        )
    if scheme == "filemail":
        return (
            ""
            if rest.startswith("/") and len(rest) > 1
            else f"is not the address of a mail server: {FORMS}"
        )
    if scheme not in PORTS:
        return "" if url == "consolemail://" else f"is not the address of a mail server: {FORMS}"
    if has_special_characters(url):
        return (
            "has a special character, most likely in its password, that must be percent-encoded:"
            f" write {ESCAPES}"
        )
    return server_fault(url)


def server_fault(url: str) -> str:
    try:
        parts = urlsplit(url)
        is_one = is_host((parts.hostname or "").lower()) and parts.port != 0
    except ValueError:
        is_one = False
    if not is_one:
        return f"is not the address of a mail server: {FORMS}"
    if parts.path.strip("/") or parts.query:
        return "has more than a server: take out what stands behind the host and its port"
    if bool(parts.username) != bool(parts.password):
        return (
            "has a user without a password, or a password without a user: write both of them, or"
            " none"
        )
    if parts.password and parts.scheme == "smtp" and parts.hostname not in LOCAL_HOSTS:
        return (
            "would send the password in clear to a host that is not this machine: write smtp+tls://"
            " or smtp+ssl://"
        )
    return ""


def sender(public: str) -> str:
    """Return the From address of our mail: EMAIL_FROM, or no-reply at PUBLIC_URL's host."""
    host = host_of(public) if public else "localhost"
    text = optional(
        "EMAIL_FROM", f"Messaging <no-reply@{'localhost' if NO_NAME.fullmatch(host) else host}>"
    )
    if not is_sender(text):
        faults.append(
            "EMAIL_FROM is not an e-mail address: write NAME@HOST, or A Name <NAME@HOST>."
        )
    return text


def is_sender(text: str) -> bool:
    """Return whether Django can send from the text: one address, with or without a name."""
    try:
        sanitize_address(text, "utf-8")
    except ValueError:
        return False
    return is_address(parseaddr(text)[1])


def operators() -> list[str]:
    """Return the operators' e-mail addresses. Sending to them requires an EMAIL_URL."""
    listed = items(optional("OPERATORS_EMAIL"))
    for number, entry in enumerate(listed, start=1):
        if not is_address(entry):
            faults.append(
                f"Entry {number} of OPERATORS_EMAIL is not an e-mail address: write addresses"
                " alone, with commas between."
            )
    if listed and not optional("EMAIL_URL"):
        faults.append(
            "OPERATORS_EMAIL is set, but EMAIL_URL is not: name the mail server, or take the"
            " addresses out."
        )
    return listed


def is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
