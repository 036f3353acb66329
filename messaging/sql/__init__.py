"""Statements over the message flow: one file each, named for what it does, with a sentence at its top.

All of them take arrays and treat the whole batch at once; every statement that changes rows locks them in id order first.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tenants import statements


def run(name: str, **parameters: Any) -> list[Mapping[str, Any]]:
    """Run `name`.sql; the rows it returns, as mappings."""
    return statements.run(Path(__file__).parent / f"{name}.sql", parameters)
