"""What a failed statement on the replica says of it, by SQLSTATE.

What neither function knows is the request's own fault, and would be one on the primary as well: an
unusable value, a time limit.
"""

from django.db import DatabaseError, InterfaceError, OperationalError

from tenants.origins import sqlstate

# connection, sign-in, database, resources, shutdown, system, corruption
AWAY = ("08", "28", "3D", "53", "57P", "58", "XX")
# not supported, read-only, conflict with what is replayed, state: a standby's limits
OF_A_STANDBY = ("0A", "25", "40", "55")


def is_away(error: DatabaseError | InterfaceError) -> bool:
    """Return whether the server cannot be used for now, by anybody."""
    state = sqlstate(error)
    if not state:
        return isinstance(error, OperationalError | InterfaceError)
    return state.startswith(AWAY)


def is_of_a_standby(error: DatabaseError | InterfaceError) -> bool:
    """Return whether the primary may well answer what the standby did not."""
    return (sqlstate(error) or "").startswith(OF_A_STANDBY)
