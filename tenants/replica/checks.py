"""The start-up check of DATABASE_REPLICA_URL: a standby of the very database of DATABASE_URL. Its
roles, grants and row level security are the primary's then, byte for byte.
"""

from typing import Any

from django.core.checks import CheckMessage, Error, Warning, register
from django.db import DatabaseError, InterfaceError, connection, connections

from tenants.replica.server import REPLICA, is_configured

SERVER = "SELECT system_identifier::text FROM pg_control_system()"
IS_STANDBY = "SELECT pg_is_in_recovery()"
HINT = "Name a streaming standby of the server of DATABASE_URL: docs/scaling.md."


@register()
def replica_is_a_standby_of_the_primary(**kwargs: Any) -> list[CheckMessage]:
    """Refuse a replica that is another database, and warn of one that does not answer: lists are
    read from the primary then.
    """
    if not is_configured():
        return []
    try:
        ours = _asked_of(connection, SERVER)
    except (DatabaseError, InterfaceError):
        return []  # said by the checks of DATABASE_URL
    try:
        theirs = _asked_of(connections[REPLICA], SERVER)
        is_standby = _asked_of(connections[REPLICA], IS_STANDBY)
    except (DatabaseError, InterfaceError) as error:
        said = (
            f"The server of DATABASE_REPLICA_URL does not answer ({type(error).__name__}): lists"
            " are read from the primary until it does."
        )
        return [Warning(said, hint=HINT, id="tenants.W008")]
    if theirs != ours:
        said = "DATABASE_REPLICA_URL names another server's data than DATABASE_URL does."
        return [Error(said, hint=HINT, id="tenants.E008")]
    if not is_standby:
        said = "The server of DATABASE_REPLICA_URL is no standby: it takes writes."
        return [Error(said, hint=HINT, id="tenants.E008")]
    return []


def _asked_of(opened: Any, query: str) -> Any:
    with opened.cursor() as cursor:
        cursor.execute(query)
        (value,) = cursor.fetchone()
    return value
