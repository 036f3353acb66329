"""A statement of a list fails on the standby: what becomes of the list, and of the standby."""

import pytest
from django.db import connections

from messaging.api.contacts import Contacts
from tenants.replica import server
from tenants.scope import database_in_use
from tests.tenants.replica.answers import names_in, said

AWAY = {
    "too many connections": "53300",
    "out of memory": "53200",
    "the server is being shut down": "57P01",
    "a file is missing": "58P01",
    "an index is corrupted": "XX002",
}
OF_A_STANDBY = {
    "it is in the way of what is replayed": "40001",
    "a deadlock with what is replayed": "40P01",
    "it would write": "25006",
    "not while recovery is in progress": "55000",
    "not in a standby": "0A000",
}
OWN = {
    "a value out of range": ("22003", 500),
    "a missing column": ("42703", 500),
    "a time limit": ("57014", 503),
}
FAILED = "Lists are read from the primary: the replica failed ({})."
RAISE = "DO $$ BEGIN RAISE EXCEPTION 'by the test' USING ERRCODE = '{}'; END $$"


@pytest.fixture
def fail(monkeypatch, ada):
    """Let the next list of contacts that the standby is asked for execute a statement first."""
    rows, statements = Contacts.rows, []

    def failing(view, filters):
        if database_in_use() == server.REPLICA and statements:
            with connections[server.REPLICA].cursor() as cursor:
                cursor.execute(statements.pop())
        return rows(view, filters)

    monkeypatch.setattr(Contacts, "rows", failing)
    return statements.append


@pytest.mark.parametrize("state", AWAY.values(), ids=AWAY)
def test_one_that_cannot_be_used_by_anybody_rests(acmes, fail, read_from, caplog, state):
    fail(RAISE.format(state))

    assert names_in(acmes.get("contacts")) == ["Ada"]
    assert names_in(acmes.get("contacts")) == ["Ada"]

    assert read_from() == {"primary": 2, "replica": 0}
    assert [line.partition(" (")[0] for line in said(caplog)] == [FAILED.partition(" (")[0]]


def test_one_whose_connection_breaks_rests(acmes, fail, read_from, caplog):
    fail("SELECT pg_terminate_backend(pg_backend_pid())")

    assert names_in(acmes.get("contacts")) == ["Ada"]
    assert names_in(acmes.get("contacts")) == ["Ada"]

    assert read_from() == {"primary": 2, "replica": 0}
    assert said(caplog) == [FAILED.format("OperationalError")]


@pytest.mark.parametrize("state", OF_A_STANDBY.values(), ids=OF_A_STANDBY)
def test_what_a_standby_alone_cannot_do_is_read_from_the_primary_and_the_next_list_is_read_there(
    acmes, fail, read_from, caplog, state
):
    fail(RAISE.format(state))

    assert names_in(acmes.get("contacts")) == ["Ada"]
    assert read_from() == {"primary": 1, "replica": 0}
    assert names_in(acmes.get("contacts")) == ["Ada"]

    assert (read_from(), said(caplog)) == ({"primary": 1, "replica": 1}, [])


@pytest.mark.parametrize(("state", "status"), OWN.values(), ids=OWN)
def test_a_fault_of_the_request_is_answered_as_on_the_primary_which_is_not_asked(
    acmes, fail, read_from, caplog, state, status
):
    fail(RAISE.format(state))

    assert acmes.get("contacts").status_code == status
    assert read_from() == {"primary": 0, "replica": 0}
    assert names_in(acmes.get("contacts")) == ["Ada"]

    assert (read_from(), said(caplog)) == ({"primary": 0, "replica": 1}, [])


def test_a_statement_that_takes_too_long_is_not_repeated_on_the_primary(acmes, fail, read_from):
    fail("SET LOCAL statement_timeout = '10ms'; SELECT pg_sleep(10)")

    assert acmes.get("contacts").status_code == 503
    assert read_from() == {"primary": 0, "replica": 0}
