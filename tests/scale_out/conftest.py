"""The switch, and the machines that every test has: Meta's and the database's.

Only who asks for this folder gets it, below a network of its own: `make scale-out`.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scale_out.database import DistantServer
from tests.scale_out.network import Machine, Switch, name_in_hosts
from tests.scale_out.site import META_BY_NAME, Site
from tests.support.figures import pytest_terminal_summary, say
from tests.support.pgbouncer import PgBouncer

pytestmark = pytest.mark.whatsapp
__all__ = ["pytest_terminal_summary", "say"]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "long: takes minutes, and is left out of the short form")


@pytest.fixture(scope="session")
def switch() -> Switch:
    return Switch("10.77.0")


@pytest.fixture(scope="session")
def meta(switch: Switch) -> Machine:
    machine = switch.machine()
    name_in_hosts(META_BY_NAME, machine.address)
    return machine


@pytest.fixture(scope="session")
def server(switch: Switch) -> Iterator[DistantServer]:
    with DistantServer(switch.machine()).prepared() as server:
        yield server


@pytest.fixture
def pooler(server: DistantServer) -> Iterator[PgBouncer]:
    pooler = server.pooler()
    yield pooler
    pooler.stop()


@pytest.fixture
def site(
    switch: Switch, meta: Machine, server: DistantServer, pooler: PgBouncer, tmp_path: Path
) -> Iterator[Site]:
    site = Site(switch, meta, server, pooler, tmp_path)
    yield site
    site.close()
