"""A plugin of pytest: what a test measured is shown at the end of the run."""

from collections.abc import Callable
from typing import Any

import pytest

FIGURE = "figure"


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
