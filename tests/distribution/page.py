"""docs/distribution.md: its three tables, from the catalogue and the statements (`make
distribution`).
"""

from graphlib import TopologicalSorter

import psycopg

import tests.settings  # noqa: F401  the environment of the tests
from config.development_database import PROJECT
from tests.benchmarks.report import markdown, replace
from tests.distribution import catalogue, rules, statements
from tests.distribution.places import PLACES, Place
from tests.distribution.statements import Verdict
from tests.support import database

PAGE = PROJECT / "docs" / "distribution.md"
NOTHING = "nothing"
CALLS = {
    Place.REFERENCE: "create_reference_table('{}')",
    Place.DISTRIBUTED: "create_distributed_table('{}', 'tenant_id')",
}


def tables_of(connection: psycopg.Connection) -> str:
    """Return a row for each table: where it would lie, and what a move must change."""
    found = catalogue.tables(connection)
    rows = sorted((PLACES[name], name) for name in found)
    return markdown(
        ["table", "lies", "what a move must change"],
        [
            [f"`{name}`", place, "; ".join(rules.changes(found[name], PLACES)) or NOTHING]
            for place, name in rows
        ],
    )


def statements_of(connection: psycopg.Connection) -> str:
    """Return a row for each statement that asks distributed tables."""
    functions = {f"{name}()": text for name, text in catalogue.functions(connection).items()}
    texts = {**statements.files(), **functions}
    verdicts = [statements.verdict(name, text, PLACES) for name, text in texts.items()]
    asking = [each for each in verdicts if each.tables]
    return markdown(
        ["statement", "distributed tables", "as it stands"],
        [[f"`{each.name}`", ", ".join(each.tables), told_of(each)] for each in asking],
    )


def told_of(verdict: Verdict) -> str:
    if verdict.obstacles:
        return f"no: {'; '.join(verdict.obstacles)}"
    return "one shard" if verdict.is_of_one_tenant else "every shard is asked"


def distributed(connection: psycopg.Connection) -> str:
    """Return the statements that distribute the tables: copied ones first, and each behind those
    that it points at.
    """
    found = catalogue.tables(connection)
    pointed_at = {
        name: {key.target for key in found[name].foreign_keys} - {name} for name in sorted(found)
    }
    ordered = list(TopologicalSorter(pointed_at).static_order())
    lines = [
        f"SELECT {call.format(f'messaging.{name}')};"
        for place, call in CALLS.items()
        for name in ordered
        if PLACES[name] == place
    ]
    return "\n".join(["<!-- not run: there is no Citus here -->", "```sql", *lines, "```"])


def parts(connection: psycopg.Connection) -> dict[str, str]:
    """Return what stands between the page's comments, by what the first of each says."""
    return {
        "tables": tables_of(connection),
        "statements": statements_of(connection),
        "distributed": distributed(connection),
    }


def main() -> None:
    server = database.start()
    try:
        with psycopg.connect(database.superuser_url(database.PREPARED)) as connection:
            for name, text in parts(connection).items():
                replace(PAGE, name, f"end of {name}", text)
    finally:
        server.stop()
        database.remove(server)


if __name__ == "__main__":
    main()
