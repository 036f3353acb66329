"""Migrations that the last release does not have run beside its processes, under traffic. What one
of them does all the same is written down here with the reason why it may.
"""

from pathlib import Path

from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from config.development_database import PROJECT
from tests import releases
from tests.support import migration_rules

EXPLAINED: dict[str, dict[str, str]] = {}


def new_migrations(executor: MigrationExecutor) -> list[tuple[str, str]]:
    ours = {
        each.label: each.name
        for each in apps.get_app_configs()
        if Path(each.path).parent == PROJECT
    }
    released = releases.released_migrations()
    return [
        (label, name)
        for label, name in sorted(executor.loader.graph.nodes)
        if label in ours and (ours[label], name) not in released
    ]


def test_new_migrations_let_the_last_release_and_its_traffic_go_on(db_rows):
    executor = MigrationExecutor(connection)
    found = {}
    for key in new_migrations(executor):
        sql = executor.loader.collect_sql([(executor.loader.graph.nodes[key], False)])
        for st in migration_rules.statements(sql): print(key, st[:150])
        if faults := migration_rules.faults(sql):
            found[".".join(key)] = faults
    assert found == {name: set(reasons) for name, reasons in EXPLAINED.items()}
