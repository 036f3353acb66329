"""Acme's own software and Globex's, and a service with a key that both may choose."""

from typing import Any

import pytest

from tenants.models import Tenant
from tests.support.api import Caller, new_key


@pytest.fixture
def acmes(web: str, acme: Tenant) -> Caller:
    return Caller(web, new_key(acme))


@pytest.fixture
def globexs(web: str, globex: Tenant) -> Caller:
    return Caller(web, new_key(globex))


@pytest.fixture(autouse=True)
def strategies(settings: Any) -> None:
    settings.REPLY_STRATEGIES = ["tests.support.service_strategy.AsksAService"]
