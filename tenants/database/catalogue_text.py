"""The statements that make again what PostgreSQL's catalogue holds of our schemas, in an order in
which they can run.

Names are written with their schemas, whatever the search path is, and the text is the same on every
version of PostgreSQL that made the catalogue.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tenants.database import statements
from tenants.database.grants import QUEUE, SCHEMA
from tenants.database.role_settings import RESOLVER

FOLDER = Path(__file__).parent / "catalogue"
# How PostgreSQL tells of `column IN ('a', 'b')`. Read again, it would tell of it otherwise.
LIST = re.compile(r"\((\w+)\)::text = ANY \(\(ARRAY\[([^]]*)\]\)::text\[\]\)")


def found(name: str, **parameters: Any) -> list[Mapping[str, Any]]:
    """Run a query of the folder `catalogue` on our schemas. Returns its rows as mappings."""
    return statements.run(FOLDER / f"{name}.sql", {"schemas": [SCHEMA, QUEUE], **parameters})


def plain(text: str) -> str:
    """Return the text with its lists of words as people write them."""
    return LIST.sub(
        lambda list_: f"{list_[1]} IN ({list_[2].replace('::character varying', '')})", text
    )


def types() -> Iterator[str]:
    for row in found("types"):
        yield row["statement"]


def tables() -> Iterator[str]:
    """Yield each table with its indexes, its policies and row level security."""
    belonging = defaultdict(list)
    for row in found("indexes"):
        belonging[row["name"]].append(plain(row["statement"]))
    policies = defaultdict(list)
    for row in found("policies"):
        policies[row["name"]].append(row["statement"])
    for table in found("tables"):
        name, lines = table["name"], ",\n    ".join(map(plain, table["lines"]))
        storage = f" WITH ({table['storage']})" if table["storage"] else ""
        yield "\n".join(
            [
                f"CREATE TABLE {name} (\n    {lines}\n){storage};",
                *belonging[name],
                *protection(table),
                *policies[name],
            ]
        )


def protection(table: Mapping[str, Any]) -> Iterator[str]:
    for wanted, words in (("is_protected", "ENABLE"), ("is_forced", "FORCE")):
        if table[wanted]:
            yield f"ALTER TABLE {table['name']} {words} ROW LEVEL SECURITY;"


def foreign_keys() -> Iterator[str]:
    for row in found("foreign_keys"):
        yield row["statement"]


def functions() -> Iterator[str]:
    for row in found("functions"):
        yield plain(row["statement"])


def owners() -> Iterator[str]:
    """Yield how functions come to their owner, who for that moment may create in the schema."""
    yield f"GRANT CREATE ON SCHEMA {SCHEMA} TO {RESOLVER};"
    for row in found("functions"):
        if row["owner"]:
            yield f"ALTER FUNCTION {row['name']} OWNER TO {row['owner']};"
    yield f"REVOKE CREATE ON SCHEMA {SCHEMA} FROM {RESOLVER};"


def triggers() -> Iterator[str]:
    for row in found("triggers"):
        yield row["statement"]


def grants(runtime_role: str) -> Iterator[str]:
    for row in found("grants", runtime=runtime_role):
        yield row["statement"]


def rows() -> Iterator[str]:
    for row in found("rows"):
        yield row["statement"]
