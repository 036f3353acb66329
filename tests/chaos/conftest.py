"""The chaos tests' stage, and when they run: only for who asks for this folder (`make chaos`, `make
chaos-short`).
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.server import ChaosServer
from tests.chaos.stage import Stage
from tests.support.figures import pytest_terminal_summary, say

pytestmark = pytest.mark.whatsapp

__all__ = ["pytest_terminal_summary", "say"]

HERE = Path(__file__).parent


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "chaos: real processes and servers are killed, stopped and cut off"
    )


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    asked = [
        (config.invocation_params.dir / argument.split("::")[0]).resolve()
        for argument in config.args
    ]
    return None if any(each == HERE or HERE in each.parents for each in asked) else True


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.chaos)


@pytest.fixture(scope="session")
def chaos_server() -> Iterator[ChaosServer]:
    with ChaosServer().prepared() as server:
        yield server


@pytest.fixture
def stage(chaos_server: ChaosServer, tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(chaos_server, tmp_path)
    yield stage
    stage.close()
