"""Kept connections to a server that takes no writes any more, such as a replaced primary."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections

READ_ONLY = "25006"  # read_only_sql_transaction


@contextmanager
def leaving_read_only(database: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Close the connection to `database` where its server refuses a write as read-only, and raise
    the refusal: the next statement connects anew, and so finds the primary among several hosts.
    """
    try:
        yield
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", None) == READ_ONLY:
            connections[database].close()
        raise
