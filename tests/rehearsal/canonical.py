"""A database in a form that two runs can be compared in: without ids, without the times of the run,
in no order of its own.

A row is told by what it says and by the rows that it names, a few steps far. Times of the run
become `<now>`.
"""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

STEPS = 4
RUN = timedelta(days=30)  # what is so near to the run, before or after, is of the run
UNLIKE = {"credentials", "fingerprint"}  # sealed by chance, made of times
LEFT_OUT = {
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "channel_paces",
    "worker_heartbeats",
}
JOBS = "SELECT id, task_name, status, args FROM jobs.procrastinate_jobs"
IN_TEXT = re.compile(
    r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|\b1[78]\d{8}\b|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)?"
)
Rows = dict[str, list[dict[str, Any]]]


def dump(connection: psycopg.Connection) -> dict[str, list[str]]:
    """{table: its rows as sorted lines of JSON}."""
    told = Told(rows_of(connection))
    for _ in range(STEPS):
        told.look_further()
    return {table: sorted(map(told.line, rows)) for table, rows in told.rows.items()}


def rows_of(connection: psycopg.Connection) -> Rows:
    with connection.cursor(row_factory=dict_row) as cursor:
        tables = cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'messaging' ORDER BY 1"
        ).fetchall()
        names = [each["tablename"] for each in tables if each["tablename"] not in LEFT_OUT]
        rows = {
            name: cursor.execute(f'SELECT * FROM messaging."{name}"').fetchall() for name in names
        }  # type: ignore[call-overload]
        rows["jobs"] = cursor.execute(JOBS).fetchall()
    place_in_conversation(rows["messages"])
    for event in rows["events"]:  # where it stands hangs on what was done beside it
        del event["number"], event["position"]
    return rows


def place_in_conversation(messages: list[dict[str, Any]]) -> None:
    """Which of its conversation each is. The places of old messages hold some bits of chance, and
    their times say as much.
    """
    conversations = defaultdict(list)
    for message in messages:
        if message["is_history"]:
            message["seq"] = None
        else:
            conversations[message["conversation_id"]].append(message)
    for of_one in conversations.values():
        for place, message in enumerate(sorted(of_one, key=lambda each: each["seq"])):
            message["seq"] = place


class Told:
    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.now = datetime.now(UTC)
        self.names = {row["id"]: table for table, row in self.each() if "id" in row}

    def each(self) -> Iterator[tuple[str, dict[str, Any]]]:
        return ((table, row) for table, rows in self.rows.items() for row in rows)

    def look_further(self) -> None:
        """Name each row by what it says, with the rows it names by their former names."""
        self.names = {
            row["id"]: f"{table} {digest(self.line(row))}"
            for table, row in self.each()
            if "id" in row
        }

    def line(self, row: dict[str, Any]) -> str:
        said = {
            key: self.word(value) for key, value in row.items() if key != "id" and key not in UNLIKE
        }
        return json.dumps(said, sort_keys=True, ensure_ascii=False)

    def word(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {self.text(key): self.word(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self.word(each) for each in value]
        if isinstance(value, UUID):
            return self.names.get(value, "<id>")
        if isinstance(value, datetime):
            return (
                "<now>"
                if abs(value - self.now) < RUN
                else "<never>"
                if value.year == 9999
                else value.isoformat()
            )
        if isinstance(value, bytes):
            return self.text(value.decode(errors="replace"))
        return value if value is None or isinstance(value, bool) else self.text(str(value))

    def text(self, text: str) -> str:
        return IN_TEXT.sub(self.replaced, text)

    def replaced(self, found: re.Match[str]) -> str:
        text = found[0]
        if text[8:9] == "-":
            return self.names.get(UUID(text), "<id>")
        if text.isdigit():
            return "<now>" if abs(int(text) - self.now.timestamp()) < RUN.total_seconds() else text
        return self.word(
            datetime.fromisoformat(text if text[-1] == "Z" or "+" in text else f"{text}Z")
        )


def digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:12]
