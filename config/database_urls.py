"""Database settings from the environment. A URL may hold a password, so error sentences repeat
only its scheme and the names of its parameters.
"""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

import environ
from psycopg.pq import Conninfo

from config.database_hosts import host_settings, hosts_fault
from config.environment import faults

FORM = "postgresql://ROLE:PASSWORD@HOST:PORT/DATABASE"
KNOWN = {option.keyword.decode() for option in Conninfo.get_defaults()}  # libpq's parameters
TO_BE_ENCODED = re.compile(r"[@/?#\[\]]|%(?![0-9A-Fa-f]{2})")
SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
SUPABASES_POOLER = ".pooler.supabase.com"
SUPABASES_DIRECT = re.compile(r"db\.(\w+)\.supabase\.co")
TRANSACTION_PORT = 6543  # of Supabase's poolers, the shared and the dedicated one
ESCAPES = "@ as %40, # as %23, / as %2F, ? as %3F, % as %25, [ as %5B, ] as %5D, a blank as %20"


def database(name: str, url: str) -> dict:
    """Return Django's settings for a PostgreSQL URL, of the runtime role or of the owner role.

    Two are ours: the ROLE as PostgreSQL knows it, and whether a TRANSACTION_POOLER is in between.
    """
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
    usable = url if url and not fault else "postgresql://missing/missing"
    parsed = environ.Env.db_url_config(without_pgbouncer(usable)) | host_settings(usable)
    return {
        **parsed,
        "ROLE": role_of(parsed),
        "TRANSACTION_POOLER": is_transaction_pooler(usable, parsed),
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
    parameters = parameters_of(url)
    return (
        parameter_fault(parameters)
        or hosts_fault(url, parameters)
        or role_fault(environ.Env.db_url_config(url))
    )


def parameters_of(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))


def without_pgbouncer(url: str) -> str:
    """Return the URL without the parameter that tells Prisma and us of a pooler."""
    known = {name: value for name, value in parameters_of(url).items() if name != "pgbouncer"}
    return urlsplit(url)._replace(query=urlencode(known)).geturl()


def is_transaction_pooler(url: str, parsed: dict) -> bool:
    """Return what `?pgbouncer=` says; without it, whether this is Supabase's pooler for
    transactions.
    """
    said, host = parameters_of(url).get("pgbouncer"), parsed["HOST"].lower()
    is_supabases = host.endswith(SUPABASES_POOLER) or SUPABASES_DIRECT.fullmatch(host)
    return said == "true" if said else bool(is_supabases and parsed["PORT"] == TRANSACTION_PORT)


def role_of(parsed: dict) -> str:
    """Return the role as PostgreSQL knows it: Supabase's pooler wants ROLE.PROJECT."""
    if parsed["HOST"].lower().endswith(SUPABASES_POOLER):
        return parsed["USER"].rpartition(".")[0]
    return parsed["USER"]


def role_fault(parsed: dict) -> str:
    host, role = parsed["HOST"].lower(), parsed["USER"]
    if host.endswith(SUPABASES_POOLER) and not role_of(parsed):
        return (
            "leads to Supabase's pooler, which finds the project by the role's name: write"
            " ROLE.PROJECT there, msg_app.PROJECT for instance"
        )
    direct = SUPABASES_DIRECT.fullmatch(host)
    if direct and role.endswith(f".{direct[1]}"):
        return (
            "leads to the project itself, where the role's name stands alone: take"
            f" .{direct[1]} out, which only the pooler wants"
        )
    return ""


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
    if parameters.get("pgbouncer", "true") not in ("true", "false"):
        return "has the parameter pgbouncer, which must be true or false"
    if (mode := parameters.get("sslmode")) and mode not in SSL_MODES:
        return f"has an sslmode that the driver does not know: write one of {', '.join(SSL_MODES)}"
    unknown = [name for name in parameters if name not in KNOWN | {"pgbouncer"}]
    if len(unknown) == 1:
        return f"has the parameter {unknown[0]}, which the driver does not know: take it out"
    if unknown:
        return (
            f"has the parameters {', '.join(unknown)}, which the driver does not know: take"
            " them out"
        )
    return ""
