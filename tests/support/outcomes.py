"""What the database holds after a webhook, seen past row level security."""

from typing import Any

import psycopg

WAITING, FINISHED = (False, ""), (True, "")


def bodies_of(db_rows: psycopg.Connection) -> list[tuple[str, bytes]]:
    """(kind, bytes) of every delivery that was stored."""
    return db_rows.execute(
        "SELECT kind, body FROM messaging.webhook_deliveries ORDER BY id"
    ).fetchall()


def deliveries(db_rows: psycopg.Connection) -> list[tuple[bool, str]]:
    """(is processed, error) of every delivery; one that is processed waits for nothing."""
    query = (
        "SELECT processed_at IS NOT NULL AND due_at IS NULL, error FROM"
        " messaging.webhook_deliveries ORDER BY id"
    )
    return db_rows.execute(query).fetchall()


def messages(db_rows: psycopg.Connection, *columns: str) -> list[Any]:
    """What people wrote: the columns (one: its values) of every inbound message, in a fixed
    order.
    """
    what = ", ".join(f"m.{column}" for column in columns or ("external_id", "kind", "text"))
    query = (
        f"SELECT {what} FROM messaging.messages m WHERE direction = 'inbound' ORDER BY"
        " m.external_id, m.channel_id"
    )
    rows = db_rows.execute(query).fetchall()  # type: ignore[call-overload]
    return [value for (value,) in rows] if len(columns) == 1 else rows


def dead_letters(db_rows: psycopg.Connection) -> list[tuple[str, str]]:
    """(cause, reason) of everything that was set aside."""
    return db_rows.execute(
        "SELECT cause, reason FROM messaging.dead_letters ORDER BY delivery_id, position"
    ).fetchall()


def count(db_rows: psycopg.Connection, table: str) -> int:
    row = db_rows.execute(f"SELECT count(*) FROM messaging.{table}").fetchone()  # type: ignore[call-overload]
    return row[0]


def waiting(db_rows) -> list[str]:
    return [
        name
        for (name,) in db_rows.execute(
            "SELECT task_name FROM jobs.procrastinate_jobs WHERE status = 'todo'"
        ).fetchall()
    ]
