"""A service with a key that may be chosen."""

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def strategies(settings: Any) -> None:
    settings.REPLY_STRATEGIES = ["tests.support.service_strategy.AsksAService"]
