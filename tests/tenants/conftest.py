"""Databases and roles of a test's own, for what other tests must not notice."""

import itertools
import os
from collections.abc import Callable, Iterator

import psycopg
import pytest
from psycopg import sql

from config.development_database import create_owner
from tests.support import database
from tests.tenants.preparing import Names, drop

_numbers = itertools.count(1)


@pytest.fixture
def role_name(server: psycopg.Connection, worker_id: str) -> Iterator[Names]:
    """Names of roles that nobody else has; whoever has one in the end is dropped."""
    names: list[str] = []

    def role_name(word: str) -> str:
        names.append(f"{word}_{worker_id}_{next(_numbers)}")
        return names[-1]

    yield role_name
    for name in reversed(names):
        server.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(name)))


@pytest.fixture
def role(server: psycopg.Connection, role_name: Names) -> Callable[..., str]:
    """`role("LOGIN BYPASSRLS", "a role it is a member of")` and it is there."""

    def role(attributes: str, *member_of: str) -> str:
        name = role_name("role")
        server.execute(sql.SQL(f"CREATE ROLE {{}} {attributes}").format(sql.Identifier(name)))
        for other in member_of:
            server.execute(
                sql.SQL("GRANT {} TO {}").format(sql.Identifier(other), sql.Identifier(name))
            )
        return name

    return role


@pytest.fixture
def copy(server: psycopg.Connection, role_name: Names, worker_id: str) -> Iterator[str]:
    """An own copy of the prepared database."""
    name = f"copy_{worker_id}_{next(_numbers)}"
    database.create(name)
    yield name
    drop(server, name)


@pytest.fixture
def fresh(
    server: psycopg.Connection, role_name: Names, alone: None, worker_id: str
) -> Iterator[str]:
    """An empty database of the owner's, which nobody has prepared."""
    name = f"fresh_{worker_id}_{next(_numbers)}"
    create_owner(os.environ["TEST_SERVER"], database.OWNER, name)
    yield name
    drop(server, name)
