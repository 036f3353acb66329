"""A real standby of the tests' server, named as the replica."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connections
from prometheus_client import REGISTRY

from messaging.models import Contact
from tenants.models import Tenant
from tenants.replica import server
from tests.support.standby import Standby
from tests.tenants.replica.rows import contact_of


@pytest.fixture(scope="session")
def _standby(database_name: str) -> Iterator[Standby]:
    standby = Standby()
    try:
        standby.start()
        yield standby
    finally:
        standby.remove()


@pytest.fixture
def standby(_standby: Standby, db_rows: Any, monkeypatch: pytest.MonkeyPatch) -> Standby:
    """The replica of this process's requests; a busy machine may take its time to replay."""
    named = {**connections.settings["default"], "PORT": str(_standby.port)}
    monkeypatch.setitem(connections.settings, server.REPLICA, named)
    monkeypatch.setattr(server, "PATIENCE_SECONDS", 30.0)
    monkeypatch.setattr(server, "_rests_until", 0.0)
    monkeypatch.setattr(server, "_is_left_alone", False)
    return _standby


@pytest.fixture
def impatient(standby: Standby, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "PATIENCE_SECONDS", 0.1)


@pytest.fixture
def read_from(standby: Standby) -> Callable[[], dict[str, int]]:
    """How many lists were read from each server since the test began."""

    def counts() -> dict[str, float]:
        return {
            name: REGISTRY.get_sample_value("messaging_lists_read_total", {"server": name}) or 0
            for name in ("primary", "replica")
        }

    before = counts()
    return lambda: {name: int(count - before[name]) for name, count in counts().items()}


@pytest.fixture
def ada(acme: Tenant) -> Contact:
    return contact_of(acme, "Ada")
