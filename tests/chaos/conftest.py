"""The chaos tests' stage, and when they run: only for who asks for this folder (`make chaos`, `make
chaos-short`).
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.server import ChaosServer
from tests.chaos.stage import Stage

pytestmark = pytest.mark.whatsapp

HERE = Path(__file__).parent
FIGURE = "figure"


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


def pytest_terminal_summary(terminalreporter: Any) -> None:
    reports = [
        each
        for outcome in ("passed", "failed")
        for each in terminalreporter.stats.get(outcome, [])
        if each.when == "call"
    ]
    for report in reports:
        for name, value in report.user_properties:
            if name == FIGURE:
                terminalreporter.write_line(f"{report.nodeid.rpartition('::')[2]}: {value}")


@pytest.fixture
def say(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """A measured figure, or a seed, for the end of the run."""
    return lambda sentence: record_property(FIGURE, sentence)


@pytest.fixture(scope="session")
def chaos_server() -> Iterator[ChaosServer]:
    server = ChaosServer()
    try:
        server.start()
        server.prepare()
        yield server
    finally:
        server.remove()


@pytest.fixture
def stage(chaos_server: ChaosServer, tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(chaos_server, tmp_path)
    yield stage
    stage.close()
