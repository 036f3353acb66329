"""What the log holds of Acme's message flow, read as it was written."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from tenants.models import Tenant
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER
from tests.support.logged import logged
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

News = Callable[[], list[tuple[str, dict[str, Any]]]]


@pytest.fixture
def news(acme: Tenant, db_rows: psycopg.Connection) -> News:
    """(type, data) of what was logged for Acme since it was last asked."""
    known = [0]

    def news() -> list[tuple[str, dict[str, Any]]]:
        found = logged(db_rows, acme)[known[0] :]
        known[0] += len(found)
        return [(type, data) for type, _, _, data in found]

    return news


@pytest.fixture
def tells(deliver: Any, work: Any) -> Callable[..., None]:
    """A webhook of another field about Acme's number, taken through."""

    def tells(field: str, **content: Any) -> None:
        value = {**bodies.value(ACME_NUMBER), **content}
        deliver(bodies.webhook(bodies.change(ACME_ACCOUNT, field, value)))
        work()

    return tells
