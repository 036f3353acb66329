"""What a migration may not do beside the traffic and the last release's processes.

The rules of django-migration-linter, which tell what the last release would not survive and some
of what holds up everybody, and ours for what it does not know: PostgreSQL's checks of old rows,
tables that are written anew, rows that are changed, and indexes that were left half made.
"""

import re
from collections.abc import Iterable

from django_migration_linter.sql_analyser import PostgresqlAnalyser
from django_migration_linter.sql_analyser.base import Check, CheckMode, CheckType

from tenants.database.migrating import LOCK_TIMEOUT

BODY = re.compile(r"\$(\w*)\$.*?\$\1\$", re.DOTALL)
COMMENT = re.compile(r"^--.*$", re.MULTILINE)
MADE = re.compile(r"CREATE TABLE (\S+)")
ALTERED = re.compile(r"ALTER TABLE (\S+)")
CHECKS_ROWS = re.compile(r"ALTER TABLE (\S+) ADD CONSTRAINT .*\b(CHECK|FOREIGN KEY|EXCLUDE)\b")
VOLATILE = re.compile(r"ADD COLUMN .*\b(DEFAULT (?!now\()\w+\(|GENERATED|SERIAL)", re.IGNORECASE)
BUILT = re.compile(r"CREATE (?:UNIQUE )?INDEX CONCURRENTLY (?:IF NOT EXISTS )?(\S+)")
DROPPED = re.compile(r"DROP INDEX CONCURRENTLY IF EXISTS (?:\w+\.)?(\S+)")
WRITES = re.compile(r"(UPDATE|DELETE|INSERT|TRUNCATE|LOCK|CLUSTER|VACUUM)\b")
NO_TIMEOUT, TIMEOUT = "SET lock_timeout = 0", f"SET lock_timeout = '{LOCK_TIMEOUT}'"


def made_here(sql: list[str]) -> set[str]:
    return {found[1].strip('"') for each in sql if (found := MADE.match(each))}


def is_of_old_table(each: str, sql: list[str]) -> bool:
    altered = ALTERED.match(each)
    return altered is not None and altered[1].strip('"') not in made_here(sql)


def checks_old_rows(sql: list[str], **_: object) -> bool:
    return any(
        CHECKS_ROWS.match(each) and "NOT VALID" not in each and is_of_old_table(each, sql)
        for each in sql
    )


def checks_rows_under_a_lock(sql: list[str], **_: object) -> bool:
    """VALIDATE reads the whole table, and the locks of the same transaction last as long."""
    alters = [each for each in sql if each.startswith("ALTER TABLE")]
    validated = [each for each in alters if "VALIDATE CONSTRAINT" in each]
    return bool(validated) and sql[0].startswith("BEGIN") and validated != alters


def writes_a_table_anew(sql: list[str], **_: object) -> bool:
    return any(VOLATILE.search(each) and is_of_old_table(each, sql) for each in sql)


def keeps_half_made_indexes(sql: list[str], **_: object) -> bool:
    """A build that was interrupted leaves an index that is kept up and never used."""
    built = [found[1].strip('"') for each in sql if (found := BUILT.match(each))]
    dropped = [found[1].strip('"') for each in sql if (found := DROPPED.match(each))]
    return built != [name for name in dropped if name in built]


def builds_in_a_hurry(sql: list[str], **_: object) -> bool:
    """A build beside the traffic waits for every transaction that began before it."""
    return any(BUILT.match(each) for each in sql) and NO_TIMEOUT not in sql


def forgets_the_timeout(sql: list[str], **_: object) -> bool:
    """What comes after it in the same step would keep everybody waiting."""
    set_to = [each for each in sql if each.startswith("SET lock_timeout")]
    return bool(set_to) and set_to[-1] != TIMEOUT


def rule(code: str, fn: object, mode: CheckMode = CheckMode.TRANSACTION) -> Check:
    return Check(code=code, fn=fn, message=code, mode=mode, type=CheckType.ERROR)  # type: ignore[arg-type]


class Analyser(PostgresqlAnalyser):
    migration_checks = [
        *PostgresqlAnalyser.migration_checks,
        rule("CHECKS_OLD_ROWS", checks_old_rows),
        rule("CHECKS_ROWS_UNDER_A_LOCK", checks_rows_under_a_lock),
        rule("WRITES_A_TABLE_ANEW", writes_a_table_anew),
        rule("KEEPS_HALF_MADE_INDEXES", keeps_half_made_indexes),
        rule("BUILDS_IN_A_HURRY", builds_in_a_hurry),
        rule("FORGETS_THE_TIMEOUT", forgets_the_timeout),
        rule("WRITES_ROWS", lambda sql, **_: WRITES.match(sql), CheckMode.ONE_LINER),
        rule("NO_SQL", lambda sql, **_: sql == "NO SQL", CheckMode.ONE_LINER),
    ]


def statements(collected: Iterable[str]) -> list[str]:
    """Each statement of what `sqlmigrate` prints, in a line, without what functions do inside."""
    text = "\n".join(collected).replace("-- THIS OPERATION CANNOT BE WRITTEN AS SQL", "NO SQL;")
    bare = BODY.sub("''", COMMENT.sub("", text))
    return [" ".join(each.split()) for each in bare.split(";") if each.strip()]


def faults(collected: Iterable[str]) -> set[str]:
    """The codes of the rules that a migration breaks, from what `sqlmigrate` prints of it."""
    analyser = Analyser([])
    analyser.analyse(statements(collected))
    return {issue.code for issue in [*analyser.errors, *analyser.warnings]}
