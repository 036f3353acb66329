"""Apply the migrations beside the traffic: one that does not get its locks soon gives way, and is
tried again.
"""

import sys
import time

from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from psycopg.errors import DeadlockDetected, LockNotAvailable

from tenants.database.grants import QUEUE, SCHEMA
from tenants.database.owner_statements import execute

# Whoever wants a table waits behind a migration that waits for it. Longer than PostgreSQL's
# deadlock_timeout of 1 s, after which an autovacuum makes room; shorter than the 2 s after which a
# webhook behind it would give up (role_settings.py).
LOCK_TIMEOUT = "1500ms"
IDLE_TIMEOUT = "30s"  # a release step that is suspended or cut off does not keep its locks
PAUSE_SECONDS = 1.0  # those who waited behind it go first


def migrate(patience: float) -> None:
    """Apply Procrastinate's migrations in a schema of its own, then ours; both are recorded in
    ours.

    Raises CommandError where other sessions kept a table for `patience` seconds. What was applied
    until then stays, and no migration is left half done but one that is not atomic, which begins
    anew.
    """
    execute(f"SET search_path = {SCHEMA}")
    MigrationRecorder(connection).ensure_schema()
    execute(f"SET idle_in_transaction_session_timeout = '{IDLE_TIMEOUT}'")
    end = time.monotonic() + patience
    execute(f"SET search_path = {QUEUE}, {SCHEMA}")
    apply_until(end, "procrastinate")
    execute(f"SET search_path = {SCHEMA}, {QUEUE}")
    apply_until(end)


def apply_until(end: float, *app: str) -> None:
    while not apply(*app):
        if time.monotonic() >= end:
            raise CommandError(
                f"The migration {next_migration()} did not get a table that other sessions keep."
                " What was applied before it stays. See who keeps it (docs/deployment.md, Without"
                " downtime), then run prepare_database again."
            )
        sys.stderr.write(f"The migration {next_migration()} gives way and is tried again.\n")
        sys.stderr.flush()
        time.sleep(PAUSE_SECONDS)


def apply(*app: str) -> bool:
    """Whether all migrations could get their locks."""
    execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")  # a migration may have ended with another
    try:
        call_command("migrate", *app, interactive=False, verbosity=0, skip_checks=True)
    except OperationalError as error:
        if not isinstance(error.__cause__, LockNotAvailable | DeadlockDetected):
            raise
        return False
    return True


def next_migration() -> str:
    """The first migration that is not applied; after the last one, Django's own last step."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return str(plan[0][0]) if plan else "post_migrate"
