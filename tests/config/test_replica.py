"""DATABASE_REPLICA_URL: the same role and database on one other server."""

import pytest

from config import replica
from config.database_urls import database

PRIMARY = "postgresql://msg_app:word@one:5432/messaging"
DIFFERS = "DATABASE_REPLICA_URL names another {} than DATABASE_URL: a standby has the same."
SEVERAL = (
    "DATABASE_REPLICA_URL has several hosts: name one standby; where it is away, the primary is"
    " read."
)
ASKS = (
    "DATABASE_REPLICA_URL has a target_session_attrs: take it out; `check` says whether it is a"
    " standby."
)
NO_ADDRESS = (
    "DATABASE_REPLICA_URL is not a PostgreSQL address: write"
    " postgresql://ROLE:PASSWORD@HOST:PORT/DATABASE."
)


@pytest.fixture
def read(monkeypatch):
    """The databases for a DATABASE_REPLICA_URL, and the sentences about it."""

    def read(url: str):
        monkeypatch.setenv("DATABASE_REPLICA_URL", url)
        sentences: list[str] = []
        for module in ("config.replica", "config.database_urls"):
            monkeypatch.setattr(f"{module}.faults", sentences)
        return replica.with_replica(database("DATABASE_URL", PRIMARY)), sentences

    return read


def test_without_it_there_is_one_database(read):
    databases, sentences = read("")
    assert (list(databases), sentences) == (["default"], [])


def test_a_standby_is_asked_as_the_primary_is_with_less_patience(read):
    databases, sentences = read("postgresql://msg_app:word@two:5433/messaging")

    primary, standby = databases["default"], databases["replica"]
    assert ((standby["HOST"], standby["PORT"]), sentences) == (("two", 5433), [])
    assert standby["OPTIONS"] == primary["OPTIONS"] | {"connect_timeout": 2}
    assert primary["OPTIONS"]["connect_timeout"] == 3


@pytest.mark.parametrize(
    ("url", "sentences"),
    [
        ("postgresql://other:word@two/messaging", [DIFFERS.format("role")]),
        ("postgresql://msg_app:word@two/other", [DIFFERS.format("database")]),
        ("postgresql://msg_app:word@two:1,three:1/messaging", [SEVERAL]),
        ("postgresql://msg_app:word@two/messaging?target_session_attrs=standby", [ASKS]),
        ("mysql://msg_app:word@two/messaging", [NO_ADDRESS]),
    ],
)
def test_what_cannot_be_a_standby_is_one_sentence(read, url, sentences):
    assert read(url)[1] == sentences
