"""The clone of a copy, in which a rehearsal happens: made from the copy, and dropped afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, OperationalError, connection

from tenants.database.owner_statements import ddl
from tenants.database.preparation import become_owner
from tenants.isolation import protected_tables
from tenants.origins import sqlstate
from tenants.scope import SEARCH_PATH

SUFFIX = "_rehearsal"
LONGEST_NAME = 63  # bytes, of a database
OBJECT_IN_USE, INSUFFICIENT_PRIVILEGE = "55006", "42501"


class NotCloned(Exception):
    """The copy cannot be cloned; the sentence says why, and what to do."""


@dataclass(frozen=True)
class Clone:
    """A database of a rehearsal's own. `owner` and `runtime`: Django's settings of both roles."""

    name: str
    owner: dict[str, Any]
    runtime: dict[str, Any]

    @contextmanager
    def as_owner(self) -> Iterator[None]:
        """Talk to the clone as the owner, who sees every row of it."""
        with connected(self.owner, self.name):
            with connection.cursor() as cursor:
                cursor.execute(f"SET search_path = {SEARCH_PATH}")
            yield

    @contextmanager
    def as_runtime(self) -> Iterator[None]:
        """Talk to the clone as the pipeline does, in scopes."""
        with connected(self.runtime, self.name):
            yield


@contextmanager
def clone_of(copy: str) -> Iterator[Clone]:
    """Clone the database `copy`, to which this process is connected. Raises NotCloned, and
    CommandError where the owner is not known.
    """
    runtime = dict(connection.settings_dict)
    become_owner()
    owner = dict(connection.settings_dict)
    clone = Clone(copy[: LONGEST_NAME - len(SUFFIX)] + SUFFIX, owner, runtime)
    try:
        with connected(owner, copy):
            make(clone, copy)
        try:
            yield clone
        finally:
            with connected(owner, copy):
                drop(clone)
    finally:
        connection.close()
        connection.settings_dict.clear()
        connection.settings_dict.update(runtime)


def make(clone: Clone, copy: str) -> None:
    """Make the clone anew, and let its owner see every row of it."""
    try:
        drop(clone)
        ddl("CREATE DATABASE {} TEMPLATE {}", clone.name, copy)
    except DatabaseError as error:
        raise NotCloned(reason_of(error, copy)) from None
    with clone.as_owner():
        for table in protected_tables():
            ddl("ALTER TABLE {} NO FORCE ROW LEVEL SECURITY", table)


def reason_of(error: DatabaseError, copy: str) -> str:
    if sqlstate(error) == OBJECT_IN_USE:
        return (
            f"Others are connected to {copy}, which a copy that is rehearsed is not: stop every"
            " process that uses it, and never name the production database."
        )
    if sqlstate(error) == INSUFFICIENT_PRIVILEGE:
        return (
            "The role of DATABASE_OWNER_URL may not make a database of a copy: on the copy's server"
            " let it own the copy and say ALTER ROLE ... CREATEDB."
        )
    if isinstance(error, OperationalError):
        return f"The copy could not be cloned: {str(error).strip().splitlines()[0]}"
    raise error


def drop(clone: Clone) -> None:
    ddl("DROP DATABASE IF EXISTS {} WITH (FORCE)", clone.name)


@contextmanager
def connected(settings: dict[str, Any], database: str) -> Iterator[None]:
    """Let this process's connection be one to the database, with these settings, and afterwards
    what it was.
    """
    before = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(settings | {"NAME": database})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)
