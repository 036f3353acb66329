"""Templates are fetched as the product fetches them: a task that is deferred, and the process that
does it.
"""

from collections.abc import Callable

import psycopg
import pytest

from channels_app.models import Channel
from channels_app.tasks import fetch_templates_soon
from tenants.scope import operator_scope

UNTIL_NOW = "UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'"


@pytest.fixture
def fetch_templates(jobs: Callable[[], None]) -> Callable[..., None]:
    """`fetch_templates(channel, ...)`: a task for each, and those that are due are done."""

    def fetch_templates(*channels: Channel) -> None:
        with operator_scope():
            fetch_templates_soon(channels)
        jobs()

    return fetch_templates


@pytest.fixture
def attempts(db_rows: psycopg.Connection) -> Callable[[], list[tuple[str, int]]]:
    """(state, how often it was tried) of each task that fetches templates."""

    def attempts() -> list[tuple[str, int]]:
        found = (
            "SELECT status::text, attempts FROM jobs.procrastinate_jobs WHERE task_name LIKE"
            " '%.fetch_templates' ORDER BY id"
        )
        return db_rows.execute(found).fetchall()

    return attempts


@pytest.fixture
def later(jobs: Callable[[], None], db_rows: psycopg.Connection) -> Callable[[], None]:
    """However long it waits to be tried again, it is over."""

    def later() -> None:
        db_rows.execute("SET search_path = jobs")
        db_rows.execute(UNTIL_NOW)
        db_rows.execute("RESET search_path")
        jobs()

    return later
