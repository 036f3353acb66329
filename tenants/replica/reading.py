"""Read from the replica, or else from the primary."""

from collections.abc import Callable
from typing import TypeVar

from django.db import DatabaseError, InterfaceError
from prometheus_client import Counter

from tenants.replica import faults, server
from tenants.scope import scopes_on

Found = TypeVar("Found")

READ = Counter(
    "messaging_lists_read", "Lists read where a replica is named, by server.", ["server"]
)
FROM_REPLICA, FROM_PRIMARY = READ.labels("replica"), READ.labels("primary")


def read(on_replica: Callable[[], Found], otherwise: Callable[[], Found]) -> Found:
    """Return what `on_replica` returns, whose scopes are opened on the replica; where that cannot
    be used, or fails, what `otherwise` does. Both only read. Raises what the request is to blame
    for on either server.
    """
    if not server.is_configured():
        return otherwise()
    if server.is_resting() or not _is_up_to_date():
        FROM_PRIMARY.inc()
        return otherwise()
    try:
        with scopes_on(server.REPLICA):
            found = on_replica()
    except (DatabaseError, InterfaceError) as error:
        if faults.is_away(error):
            server.leave_alone(server.AWAY_SECONDS, f"failed ({type(error).__name__})")
        elif not faults.is_of_a_standby(error):
            raise
        FROM_PRIMARY.inc()
        return otherwise()
    server.note_use()
    FROM_REPLICA.inc()
    return found


def _is_up_to_date() -> bool:
    """Return whether the replica has all that the primary has now."""
    position = server.position_of_primary()
    try:
        is_up_to_date = server.has(position)
    except (DatabaseError, InterfaceError) as error:
        server.leave_alone(server.AWAY_SECONDS, f"does not answer ({type(error).__name__})")
        return False
    if not is_up_to_date:
        server.leave_alone(server.BEHIND_SECONDS, "is behind")
    return is_up_to_date
