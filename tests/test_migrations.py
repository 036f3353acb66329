"""Migrations that the last release does not have run beside its processes, under traffic. What one
of them does all the same is written down here with the reason why it may.
"""

from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from config.development_database import PROJECT
from tests import releases
from tests.support import migration_rules
from tests.support.migration_rules import NO_TIMEOUT, TIMEOUT

FEW_CHANNELS = "channels has a row for each number: it is checked in milliseconds"
FEW_MOVES = "channel_moves has a row for each number that changed hands"
FEW_SIGNUPS = "whatsapp_signups has a row for each time somebody connected a number"
FEW_KEYS = "api_keys has some rows for each tenant: it is checked in milliseconds"
FEW_TENANTS = "tenants has a row for each business: it is checked in milliseconds"
HALF_MADE = "dropped where it is not valid: a valid one may be the only one that holds"
EXPLAINED = {
    "channels.0006_channel_events": {
        "WRITES_ROWS": "permissions alone, of which there are a few hundred, by keys"
    },
    "channels.0009_test_channels": {"CHECKS_OLD_ROWS": FEW_CHANNELS},
    "channels.0010_moves_by_links": {"CHECKS_OLD_ROWS": FEW_MOVES},
    "messaging.0033_messages_by_external_id": {"KEEPS_HALF_MADE_INDEXES": HALF_MADE},
    "messaging.0039_merged_conversations": {
        "NO_SQL": "changes rows that nobody uses, found by their index, a portion a transaction"
    },
    "tenants.0014_privacy_scopes": {"CHECKS_OLD_ROWS": FEW_KEYS},
    "tenants.0016_retention": {"CHECKS_OLD_ROWS": FEW_TENANTS},
    "whatsapp.0003_signups_by_links": {"CHECKS_OLD_ROWS": FEW_SIGNUPS},
}


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
    labels = {config.label for config in apps.get_app_configs()}
    found = {}
    for key in new_migrations(executor):
        sql = executor.loader.collect_sql([(executor.loader.graph.nodes[key], False)])
        if faults := migration_rules.faults(sql):
            found[".".join(key)] = faults
    assert found == {
        name: set(reasons)
        for name, reasons in EXPLAINED.items()
        if name.split(".")[0] in labels  # a channel's folder may be deleted
    }


ADD = 'ALTER TABLE "messages" ADD '
BUILD = 'CREATE INDEX CONCURRENTLY "by_age" ON "messages" ("id")'
MAKE_ROOM = "DROP INDEX CONCURRENTLY IF EXISTS by_age"


@pytest.mark.parametrize(
    ("code", "sql"),
    [
        ("RENAME_TABLE", ['ALTER TABLE "messages" RENAME TO "texts"']),
        ("RENAME_COLUMN", ['ALTER TABLE "messages" RENAME COLUMN "error" TO "fault"']),
        ("DROP_COLUMN", ['ALTER TABLE "messages" DROP COLUMN "error"']),
        ("DROP_TABLE", ['DROP TABLE "messages"']),
        ("ALTER_COLUMN", ['ALTER TABLE "messages" ALTER COLUMN "error" TYPE text']),
        ("NOT_NULL", ['ALTER TABLE "messages" ALTER COLUMN "error" SET NOT NULL']),
        ("NOT_NULL", [ADD + 'COLUMN "word" text NOT NULL']),
        ("ADD_UNIQUE", [ADD + 'CONSTRAINT "once" UNIQUE ("id")']),
        ("CREATE_INDEX", ['CREATE INDEX "by_age" ON "messages" ("id")']),
        ("DROP_INDEX", ['DROP INDEX "by_age"']),
        ("CHECKS_OLD_ROWS", [ADD + 'CONSTRAINT "known" CHECK ("id" IS NULL)']),
        (
            "CHECKS_OLD_ROWS",
            [ADD + 'CONSTRAINT "its" FOREIGN KEY ("id") REFERENCES "tenants" ("id")'],
        ),
        (
            "CHECKS_ROWS_UNDER_A_LOCK",
            [
                "BEGIN",
                ADD + 'CONSTRAINT "known" CHECK ("id" IS NULL) NOT VALID',
                'ALTER TABLE "messages" VALIDATE CONSTRAINT "known"',
            ],
        ),
        ("WRITES_A_TABLE_ANEW", [ADD + 'COLUMN "word" uuid DEFAULT gen_random_uuid()']),
        ("WRITES_A_TABLE_ANEW", [ADD + 'COLUMN "number" bigint GENERATED ALWAYS AS IDENTITY']),
        ("KEEPS_HALF_MADE_INDEXES", [NO_TIMEOUT, BUILD, TIMEOUT]),
        ("BUILDS_IN_A_HURRY", [MAKE_ROOM, BUILD]),
        ("FORGETS_THE_TIMEOUT", [NO_TIMEOUT, MAKE_ROOM, BUILD]),
        ("FORGETS_THE_TIMEOUT", [NO_TIMEOUT, MAKE_ROOM, BUILD, "SET lock_timeout = '5s'"]),
        ("WRITES_ROWS", ["UPDATE messages SET error = ''"]),
        ("NO_SQL", ["-- THIS OPERATION CANNOT BE WRITTEN AS SQL"]),
    ],
)
def test_a_migration_that_would_hold_up_or_break_the_last_release_is_found(code, sql):
    printed = [line if line.startswith("--") else f"{line};" for line in sql]
    assert migration_rules.faults(printed) == {code}


@pytest.mark.parametrize(
    "sql",
    [
        [ADD + "COLUMN \"word\" text DEFAULT '' NOT NULL"],
        [ADD + 'COLUMN "at" timestamptz DEFAULT now() NOT NULL'],
        [ADD + 'CONSTRAINT "known" CHECK ("id" IS NULL) NOT VALID'],
        [NO_TIMEOUT, MAKE_ROOM, BUILD, TIMEOUT],
        ['CREATE TABLE "labels" ("id" uuid NOT NULL)', 'CREATE INDEX "i" ON "labels" ("id")'],
    ],
)
def test_a_migration_that_nobody_notices_is_let_through(sql):
    assert migration_rules.faults([f"{line};" for line in sql]) == set()


def test_the_code_of_the_last_release_is_kept_and_of_no_other():
    kept = sorted(path.name for path in Path(releases.__file__).parent.glob("*.tar.xz"))
    assert kept == [f"{releases.last_version()}.tar.xz"]
