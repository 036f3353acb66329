"""Statements over the message flow: one file each in the folder of what it is about, with a
sentence at its top.

All of them take arrays and treat the whole batch at once; every statement that changes rows locks
them in id order first. Rows are looked up one by one, each by its own index, whatever the planner
believes to wait (docs/decisions/statements-of-the-flow-have-one-plan.md). The statements that
insert received rows are made by tenants/database/insertion.py.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tenants.database import statements


def run(name: str, **parameters: Any) -> list[Mapping[str, Any]]:
    """Run the statement `name`, a folder and a file ("messages/lease_messages"). Returns its rows
    as mappings.
    """
    return statements.run(Path(__file__).parent / f"{name}.sql", parameters)
