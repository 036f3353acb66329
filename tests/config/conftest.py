"""What is said of an environment, without a process of its own for each."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from config import environment

Read = Callable[..., tuple[Any, list[str]]]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Iterator[Read]:
    """What a function makes of these variables, and the sentences about them: `read(port_number,
    PORT="8001")`.
    """

    def read(function: Callable[[], Any], **variables: str) -> tuple[Any, list[str]]:
        environment.faults.clear()
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return function(), list(environment.faults)

    yield read
    environment.faults.clear()
