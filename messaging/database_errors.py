"""Classify database errors by SQLSTATE: the item's fault, a matter of the moment, or the database's
own.
"""

from django.db import InterfaceError, OperationalError

from tenants.origins import sqlstate

# deadlock, conflict, crossed insert or delete: the whole batch again, at once
RETRY_NOW = {"40P01", "40001", "23505", "23503"}
BLOCKED = {"55P03", "57014"}  # a lock or time limit: in halves, so that what is not blocked goes on
RETRY_LATER = BLOCKED | {"40P01", "40001"}  # however often it happens, no item is to blame
# connection, transaction, schema or grants, resources, operator, disk
OWN_CLASSES = ("08", "25", "42", "53", "57", "58", "XX")


def is_the_databases(error: Exception) -> bool:
    """Return whether the database itself failed: connection, schema, resources. Waiting for others
    (BLOCKED, RETRY_NOW) is not meant.
    """
    state = sqlstate(error)
    if state is None:
        return isinstance(error, InterfaceError | OperationalError)
    return state.startswith(OWN_CLASSES) and state not in BLOCKED
