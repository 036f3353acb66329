"""Every value of every table, as whoever has stolen the database would read it: the catalogue says
which tables and columns there are.
"""

import psycopg

TABLES = """
    SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
    WHERE schemaname IN ('messaging', 'jobs') ORDER BY 1
"""


def tables(db_rows: psycopg.Connection) -> list[str]:
    return [table for (table,) in db_rows.execute(TABLES).fetchall()]


def dump(db_rows: psycopg.Connection) -> dict[str, list[str]]:
    """Return the rows of each table as texts, what is stored as bytes decoded."""
    return {
        table: sorted(
            " | ".join(map(readable, row))
            for row in db_rows.execute(f"SELECT * FROM {table}").fetchall()
        )
        for table in tables(db_rows)
    }


def readable(value: object) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def holding(rows: dict[str, list[str]], *words: str) -> dict[str, list[str]]:
    """Return which of these words stand in which table."""
    found = {
        table: [word for word in words if any(word in row for row in texts)]
        for table, texts in rows.items()
    }
    return {table: words for table, words in found.items() if words}
