"""What PostgreSQL's own catalogue says of the prepared database, table by table: nothing is
forgotten, nothing is too much.
"""

import io

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models
from uuid_utils.compat import uuid7

from tenants.database.grants import listed_grants
from tenants.isolation import PlatformRLS, TenantForeignKey
from tests.support.raw import TENANT_MODELS, TENANT_TABLES
from tests.tenants.grants import PRIVILEGES, listed

OUR_MODELS = [model for model in apps.get_models() if hasattr(model._meta.app_config, "grants")]
FORCED_MODELS = [
    model
    for model in OUR_MODELS
    if any(isinstance(rule, PlatformRLS) for rule in model._meta.constraints)
]
FORCED_TABLES = sorted(model._meta.db_table for model in FORCED_MODELS)
MINE = (
    "(({} = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS"
    ' "nullif")))'
)
NO_TABLES = ("EXECUTE", "USAGE")  # what is granted of functions and of sequences
OUTSIDERS = ("anon", "authenticated")
DENIED = "42501"


def test_the_privileges_in_the_database_are_the_grants_lists_and_nothing_else(superuser):
    found = superuser.execute(PRIVILEGES).fetchall()

    assert {row[:4] for row in found} == listed()
    assert [row for row in found if row[4]] == []


def test_the_standard_views_of_privileges_say_the_same(superuser):
    query = """SELECT table_name, grantee, privilege_type FROM information_schema.table_privileges
               WHERE table_schema = 'messaging' AND grantee <> 'msg_owner'"""
    others = {name for name, _, privileges in listed_grants() if privileges in NO_TABLES}
    tables = {grant[:3] for grant in listed() if grant[3] is None and grant[0] not in others}

    assert set(superuser.execute(query).fetchall()) == tables


def test_every_relation_is_in_a_grants_list_or_is_an_index_or_the_sequence_of_one(superuser):
    query = (
        "SELECT relkind::text, relname::text FROM pg_class WHERE relnamespace ="
        " 'messaging'::regnamespace"
    )
    kinds: dict[str, set[str]] = {}
    for kind, name in superuser.execute(query).fetchall():
        kinds.setdefault(kind, set()).add(name)
    others = {name for name, _, privileges in listed_grants() if privileges in NO_TABLES}

    assert kinds["r"] == {name for name, _, _ in listed_grants()} - others
    # no view and no materialized view: they would see past the policies
    assert set(kinds) == {"r", "i", "S"}
    assert {name for name in kinds["S"] if not name.endswith("_id_seq")} == {"events_number_seq"}


def test_only_the_roles_of_the_list_may_use_the_schema_and_only_the_owner_creates_in_it(superuser):
    query = """SELECT coalesce(r.rolname::text, 'PUBLIC'), privilege_type
               FROM pg_namespace n, aclexplode(nspacl) LEFT JOIN pg_roles r
                   ON r.oid = grantee WHERE nspname = 'messaging'"""
    users = (
        "msg_app",
        "msg_operator",
        "msg_router",
        "msg_auth",
        "msg_resolver",
        "msg_jobs",
        "msg_sequencer",
        "msg_webhooks",
        "msg_owner",
    )

    assert set(superuser.execute(query).fetchall()) == {
        *((role, "USAGE") for role in users),
        ("msg_owner", "CREATE"),
    }


def test_the_schema_of_background_tasks_is_open_to_who_puts_them_in_and_who_does_them_alone(
    superuser,
):
    query = """SELECT coalesce(r.rolname::text, 'PUBLIC'), privilege_type
               FROM pg_namespace n, aclexplode(nspacl) LEFT JOIN pg_roles r
                   ON r.oid = grantee WHERE nspname = 'jobs'"""
    putting_in = ("msg_router", "msg_operator", "msg_webhooks", "msg_resolver")
    users = ("msg_jobs", "msg_owner", *putting_in)
    of_tables = """SELECT DISTINCT grantee, table_name, privilege_type
        FROM information_schema.table_privileges
                   WHERE table_schema = 'jobs' AND grantee NOT IN ('msg_owner', 'msg_jobs')"""
    jobs, events = "procrastinate_jobs", "procrastinate_events"
    deferring = {(role, table, "INSERT") for role in putting_in for table in (jobs, events)}
    of_functions = """SELECT DISTINCT grantee::text, routine_name::text
        FROM information_schema.routine_privileges
                      WHERE routine_schema = 'jobs' AND grantee NOT IN ('msg_owner', 'msg_jobs')"""

    assert set(superuser.execute(query).fetchall()) == {
        *((role, "USAGE") for role in users),
        ("msg_owner", "CREATE"),
    }
    reading = {("msg_operator", table, "SELECT") for table in (jobs, events)}
    assert set(superuser.execute(of_tables).fetchall()) == deferring | reading
    defers = {(role, "procrastinate_defer_jobs_v1") for role in putting_in}
    assert set(superuser.execute(of_functions).fetchall()) == defers


def test_a_rule_that_has_changed_is_another_rule_and_so_a_migration():
    rule = TenantForeignKey(name="of_the_tenant", field="channel")

    assert rule == TenantForeignKey(name="of_the_tenant", field="channel")
    assert rule != TenantForeignKey(name="of_the_tenant", field="message")
    assert rule != models.CheckConstraint(name="of_the_tenant", condition=models.Q(channel=None))


def test_every_table_that_tells_tenants_apart_has_row_security_forced(superuser):
    query = """SELECT c.relname::text, c.relrowsecurity AND c.relforcerowsecurity FROM pg_class c
               WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'messaging'::regnamespace
               AND (c.relname = ANY(%s) OR EXISTS (SELECT FROM pg_attribute a
                   WHERE a.attrelid = c.oid
                                                   AND a.attname = 'tenant_id'
                                                       AND NOT a.attisdropped))"""
    found = superuser.execute(query, [FORCED_TABLES]).fetchall()

    assert sorted(found) == [(table, True) for table in FORCED_TABLES]
    assert {*TENANT_TABLES, "tenants", "webhook_deliveries", "dead_letters"} - set(
        FORCED_TABLES
    ) == set()


def expected_policies(table: str) -> set[tuple]:
    """(name, command, roles, USING, WITH CHECK) of each policy of a table."""
    if table == "audit_entries":
        is_old = "(at < (now() - '90 days'::interval))"
        return {
            ("reads", "SELECT", "msg_operator", "true", None),
            ("adds", "INSERT", "msg_auth,msg_operator", None, "true"),
            ("sees_what_is_old", "SELECT", "msg_resolver", is_old, None),
            ("deletes_what_is_old", "DELETE", "msg_resolver", is_old, None),
        }
    found: set[tuple] = {
        (role, "ALL", role, "true", "true") for role in ("msg_operator", "msg_router")
    }
    if table in TENANT_TABLES or table == "tenants":
        mine = MINE.format("id" if table == "tenants" else "tenant_id")[1:-1]
        found.add(("tenant", "ALL", "public", mine, mine))
    if table == "webhook_deliveries":
        found.add(("drop_box", "INSERT", "public", None, "true"))
    if table in {
        "messages",
        "webhook_deliveries",
        "worker_heartbeats",
        "channel_paces",
        "events",
        "memberships",
        "tenants",
        "api_keys",
        "connect_links",
    }:
        found.add(("look_up", "SELECT", "msg_resolver", "true", None))
    if table == "channels":
        found.add(("look_up_tests", "SELECT", "msg_resolver", "is_test", None))
    if table == "api_keys":
        found.add(("count_use", "UPDATE", "msg_resolver", "true", None))
    if table == "events":
        found.add(("sees_all", "SELECT", "msg_sequencer", "true", None))
        found.add(("gives_positions", "UPDATE", "msg_sequencer", "true", "true"))
        found.add(("delivers", "SELECT", "msg_webhooks", "true", None))
    if table in {"webhook_endpoints", "webhook_set_aside", "webhook_attempts"}:
        found.add(("msg_webhooks", "ALL", "msg_webhooks", "true", "true"))
    return found


def test_every_policy_is_the_one_that_is_meant_for_reading_and_for_writing(superuser):
    query = """SELECT tablename::text, policyname::text, cmd, array_to_string(roles, ','), qual,
        with_check
               FROM pg_policies WHERE schemaname = 'messaging' AND permissive = 'PERMISSIVE'"""
    found: dict[str, set[tuple]] = {}
    for table, *policy in superuser.execute(query).fetchall():
        found.setdefault(table, set()).add(tuple(policy))

    assert found == {table: expected_policies(table) for table in FORCED_TABLES}


def test_no_event_of_the_log_is_inserted_with_a_position_whoever_inserts_it(superuser):
    query = """SELECT tablename::text, policyname::text, cmd, array_to_string(roles, ','), qual,
        with_check
               FROM pg_policies WHERE schemaname = 'messaging' AND permissive = 'RESTRICTIVE'"""

    assert superuser.execute(query).fetchall() == [
        ("events", "begins_without_position", "INSERT", "public", None, '("position" IS NULL)')
    ]


def test_the_runtime_role_owns_nothing_and_one_owner_owns_the_tables(superuser):
    owned = """SELECT d.classid::regclass::text FROM pg_shdepend d JOIN pg_roles r
        ON r.oid = d.refobjid
               WHERE d.refclassid = 'pg_authid'::regclass AND d.deptype = 'o' AND r.rolname = %s
               AND d.dbid IN (0, (SELECT oid FROM pg_database
                   WHERE datname = current_database()))"""
    owners = (
        "SELECT DISTINCT relowner::regrole::text FROM pg_class WHERE relnamespace ="
        " 'messaging'::regnamespace"
    )

    assert superuser.execute(owned, ["msg_owner"]).fetchone() is not None
    assert superuser.execute(owned, ["msg_app"]).fetchall() == []
    assert superuser.execute(owners).fetchall() == [("msg_owner",)]


def test_each_role_has_its_attributes_and_no_more(superuser):
    nothing = (False,) * 5
    helpers = (
        "msg_operator",
        "msg_router",
        "msg_auth",
        "msg_resolver",
        "msg_jobs",
        "msg_sequencer",
        "msg_webhooks",
    )
    query = """SELECT rolname::text, rolcanlogin, rolinherit, rolsuper, rolbypassrls,
        rolcreaterole, rolcreatedb, rolreplication
               FROM pg_roles WHERE rolname = ANY(%s)"""
    expected = dict.fromkeys(helpers, (False, True, *nothing))

    found = {
        name: attributes
        for name, *attributes in superuser.execute(query, [["msg_app", *helpers]]).fetchall()
    }

    assert {name: tuple(attributes) for name, attributes in found.items()} == expected | {
        "msg_app": (True, False, *nothing)
    }


def test_each_role_may_become_the_roles_it_needs_and_no_others(superuser):
    query = (
        "SELECT rolname::text FROM pg_roles WHERE pg_has_role(%s, oid, 'MEMBER') AND rolname <> %s"
        " ORDER BY 1"
    )
    becomes = {
        role: [name for (name,) in superuser.execute(query, [role, role]).fetchall()]
        for role in (
            "msg_app",
            "msg_operator",
            "msg_router",
            "msg_auth",
            "msg_resolver",
            "msg_jobs",
            "msg_sequencer",
            "msg_webhooks",
        )
    }

    assert becomes == {
        "msg_app": [
            "msg_auth",
            "msg_jobs",
            "msg_operator",
            "msg_router",
            "msg_sequencer",
            "msg_webhooks",
        ],
        "msg_operator": ["msg_auth"],
        "msg_router": [],
        "msg_auth": [],
        "msg_resolver": [],
        "msg_jobs": [],
        "msg_sequencer": [],
        "msg_webhooks": [],
    }


def test_every_function_runs_as_the_resolver_with_a_pinned_search_path(superuser):
    query = """SELECT proname::text, prosecdef, proowner::regrole::text, proconfig FROM pg_proc
               WHERE pronamespace = 'messaging'::regnamespace"""
    functions = sorted({name for name, _, privileges in listed_grants() if privileges == "EXECUTE"})
    queues = ["search_path=pg_catalog, jobs, pg_temp"]  # the queue's own functions need theirs
    paths = dict.fromkeys(["defer_for_tenant", "defer_password_reset"], queues)
    pinned = ["search_path=pg_catalog, pg_temp"]

    assert sorted(superuser.execute(query).fetchall()) == [
        (name, True, "msg_resolver", paths.get(name, pinned)) for name in functions
    ]


def test_foreign_keys_between_tenants_rows_are_composite_and_checked_at_once(superuser):
    query = """SELECT conname::text, conrelid::regclass::text, condeferrable,
        pg_get_constraintdef(oid) FROM pg_constraint
               WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)
                   AND confrelid::regclass::text = ANY(%s)"""
    qualified = [f"messaging.{table}" for table in TENANT_TABLES]
    expected = []
    for model in TENANT_MODELS:
        for rule in model._meta.constraints:
            if isinstance(rule, TenantForeignKey):
                field = model._meta.get_field(rule.field)
                target = f"messaging.{field.related_model._meta.db_table}"
                definition = (
                    f"FOREIGN KEY (tenant_id, {field.column}) REFERENCES {target}(tenant_id, id)"
                )
                expected.append((rule.name, f"messaging.{model._meta.db_table}", False, definition))

    assert sorted(superuser.execute(query, [qualified, qualified]).fetchall()) == sorted(expected)


@pytest.mark.parametrize("model", OUR_MODELS, ids=lambda model: model._meta.db_table)
def test_every_id_is_a_uuid_of_version_7(model, superuser):
    query = """SELECT a.attname::text, format_type(a.atttypid, a.atttypmod) FROM pg_index i
               JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)
               WHERE i.indisprimary AND i.indrelid = %s::regclass"""

    assert superuser.execute(query, [f"messaging.{model._meta.db_table}"]).fetchall() == [
        ("id", "uuid")
    ]
    assert isinstance(model._meta.pk, models.UUIDField)
    assert (model().pk.version, uuid7().version) == (7, 7)


def test_no_migration_is_missing(db_rows):
    output = io.StringIO()

    call_command("makemigrations", check=True, dry_run=True, stdout=output)

    assert output.getvalue() == "No changes detected\n"
