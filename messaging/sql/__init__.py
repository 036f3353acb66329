"""The few statements Django cannot say: one file each, named for what it does, with a sentence at its top.

All of them take arrays and treat the whole batch at once; every statement that changes rows locks them in id order first.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection


@cache
def text_of(name: str) -> str:
    return (Path(__file__).parent / f"{name}.sql").read_text()


def run(name: str, **parameters: Any) -> list[Mapping[str, Any]]:
    """Run `name`.sql; the rows it returns, as mappings."""
    with connection.cursor() as cursor:
        cursor.execute(text_of(name), parameters)
        if cursor.description is None:
            return []
        columns = [column.name for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
