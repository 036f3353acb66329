"""How PostgreSQL executes each statement: which pages it touches, and what it reads whole."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection

from messaging import sql
from tests.support.rows_read import LIST

PLANNED = re.compile(r"\s*(--.*\n)*\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b")
LARGE = 100
FOLDER = Path(sql.__file__).parent
TARGET = re.compile(r"(INSERT INTO|UPDATE|DELETE FROM|FROM) \"?(\w+)")
SCOPE = "SELECT set_config("  # no table is read


@dataclass
class Plan:
    """All executions of a statement together. `pages`: touched, of tables and indexes. `indexes`:
    by which rows were found. `whole`: tables of more than a hundred rows that were read whole.
    """

    pages: int = 0
    indexes: set[str] = field(default_factory=set)
    whole: set[str] = field(default_factory=set)

    def add(self, node: dict[str, Any]) -> None:
        if index := node.get("Index Name"):
            self.indexes.add(index)
        rows = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
        if node["Node Type"] == "Seq Scan" and rows > LARGE:
            self.whole.add(node["Relation Name"])
        for child in node.get("Plans", []):
            self.add(child)


@contextmanager
def explained() -> Iterator[dict[str, Plan]]:
    """Explain each statement of the block, by its text, before it is executed."""
    found: dict[str, Plan] = {}

    def explain(execute: Callable, sql: str, params: Any, many: bool, context: Any) -> Any:
        if connection.in_atomic_block and PLANNED.match(sql) and SCOPE not in sql:
            told = plan_of(sql, params)
            plan = found.setdefault(LIST.sub("%s", sql), Plan())
            plan.pages += told["Shared Hit Blocks"] + told["Shared Read Blocks"]
            plan.add(told)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        yield found


def plan_of(sql: str, params: Any) -> dict[str, Any]:
    """Execute the statement, undo it, and return how it was executed."""
    with connection.connection.cursor() as cursor:
        cursor.execute("SAVEPOINT explained")
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", params)
        ((told,),) = cursor.fetchall()
        cursor.execute("ROLLBACK TO SAVEPOINT explained")
    plans = json.loads(told) if isinstance(told, str) else told
    return plans[0]["Plan"]


def name_of(statement: str) -> str:
    """Return the file that a statement is in, or its verb and table."""
    for file in FOLDER.rglob("*.sql"):
        if statement.startswith(file.read_text()[:200].split("%(")[0]):
            return f"`{file.relative_to(FOLDER)}`"
    target = TARGET.search(statement)
    return f"{target[1]} {target[2]}" if target else statement[:40]
