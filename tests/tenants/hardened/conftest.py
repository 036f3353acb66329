"""A database in hardened mode for each module."""

from collections.abc import Iterator

import pytest

from tests.tenants.hardened.stage import Hardened, hardened, set_up_acme


@pytest.fixture(scope="module")
def stage(worker_id: str, request: pytest.FixtureRequest) -> Iterator[Hardened]:
    """Not emptied between the tests of a module."""
    module = request.module.__name__.rpartition("_")[2]
    with hardened(f"hardened_{module}_{worker_id}", f"{module}_{worker_id}") as stage:
        set_up_acme(stage)
        yield stage
