"""Database settings from the environment. A URL may hold a password, so error sentences repeat
only its scheme and the names of its parameters.
"""

import re
from urllib.parse import parse_qsl, urlsplit

import environ
from psycopg.pq import Conninfo

from config.environment import faults

FORM = "postgresql://ROLE:PASSWORD@HOST:PORT/DATABASE"
KNOWN = {option.keyword.decode() for option in Conninfo.get_defaults()}  # libpq's parameters
TO_BE_ENCODED = re.compile(r"[@/?#\[\]]|%(?![0-9A-Fa-f]{2})")
ESCAPES = "@ as %40, # as %23, / as %2F, ? as %3F, % as %25, [ as %5B, ] as %5D, a blank as %20"


def database(name: str, url: str) -> dict:
    """Return Django's settings for a PostgreSQL URL, of the runtime role or of the owner role."""
    fault = fault_of(url) if url else ""
    if fault:
        faults.append(f"{name} {fault}.")
    options = {
        "connect_timeout": 3,
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
    }
    # milliseconds; detects a lost network while a query waits for its answer
    options |= {"tcp_user_timeout": 10_000}
    parsed = environ.Env.db_url_config(url if url and not fault else "postgresql://missing/missing")
    return {
        **parsed,
        # Statements in the server's log then hold placeholders instead of values.
        "OPTIONS": {**parsed.get("OPTIONS", {}), **options, "server_side_binding": True},
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,  # a transaction pooler may be in between
    }


def fault_of(url: str) -> str:
    """Return what is wrong with a PostgreSQL URL and how to fix it, or an empty string."""
    scheme = url.partition("://")[0].lower()
    if re.fullmatch(r"postgres(ql)?\+\w+", scheme):
        return f"begins with {scheme}://, which names a driver: write postgresql:// alone"
    if scheme not in {"postgresql", "postgres"}:
        return f"is not a PostgreSQL address: write {FORM}"
    if has_special_characters(url):
        return (
            "has a special character, most likely in its password, that must be percent-encoded:"
            f" write {ESCAPES}"
        )
    if not is_complete(url):
        return f"is not a PostgreSQL address: write {FORM}"
    return parameter_fault(dict(parse_qsl(urlsplit(url).query, keep_blank_values=True)))


def has_special_characters(url: str) -> bool:
    """Return whether a URL holds a character that must be percent-encoded, as in a password."""
    credentials = url.partition("://")[2].rpartition("@")[0]
    return bool(TO_BE_ENCODED.search(credentials) or re.search(r"[#\s]", url))


def is_complete(url: str) -> bool:
    try:
        parsed = environ.Env.db_url_config(url)
    except (ValueError, environ.ImproperlyConfigured):
        return False
    return bool(parsed["USER"] and parsed["NAME"].strip("/"))


def parameter_fault(parameters: dict[str, str]) -> str:
    unknown = [name for name in parameters if name not in KNOWN]
    if len(unknown) == 1:
        return f"has the parameter {unknown[0]}, which the driver does not know: take it out"
    if unknown:
        return (
            f"has the parameters {', '.join(unknown)}, which the driver does not know: take"
            " them out"
        )
    return ""
