"""Kept connections to a server that takes no writes any more, such as a replaced primary."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection

READ_ONLY = "25006"  # read_only_sql_transaction


@contextmanager
def leaving_read_only() -> Iterator[None]:
    """Close the connection where the server refuses a write as read-only, and raise the refusal:
    the next statement connects anew, and so finds the primary among several hosts.
    """
    try:
        yield
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", None) == READ_ONLY:
            connection.close()
        raise
