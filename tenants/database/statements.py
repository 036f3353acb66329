"""SQL statements that Django cannot express: an app keeps each in a file of its own and runs it by
its name.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connections

from tenants.scope import database_in_use


@cache
def text_of(path: Path) -> str:
    return path.read_text()


def run(path: Path, parameters: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Run the file with these parameters. Returns its rows as mappings."""
    with connections[database_in_use()].cursor() as cursor:
        cursor.execute(text_of(path), parameters)
        if cursor.description is None:
            return []
        columns = [column.name for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
