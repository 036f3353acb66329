"""A scope: whose rows, as which role, until the end of one transaction; and what the runtime role
cannot give itself.
"""

from contextlib import nullcontext

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from uuid_utils.compat import uuid7

from messaging.models import Contact, WebhookDelivery
from tenants.models import Tenant
from tenants.scope import (
    NoTenantScope,
    auth_scope,
    become_operator,
    current_scope,
    operator_scope,
    router_scope,
    sequencer_scope,
    tenant_scope,
    webhooks_scope,
)
from tests.support import database
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, REPLY, thread_of
from tests.support.raw import TENANT_MODELS, TENANT_TABLES, changed, refusal, rows, snapshot
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

DENIED = "42501"
SCOPES = {
    "tenant": lambda tenant: tenant_scope(tenant.id),
    "operator": lambda tenant: operator_scope(),
    "router": lambda tenant: router_scope(),
    "auth": lambda tenant: auth_scope(),
    "sequencer": lambda tenant: sequencer_scope(),
    "webhooks": lambda tenant: webhooks_scope(),
}
every_scope = pytest.mark.parametrize("scope", SCOPES.values(), ids=SCOPES)


def state() -> list[tuple]:
    """The server process that serves us, and everything a scope sets there."""
    return rows(
        """SELECT pg_backend_pid(), current_user::text, current_setting('role'),
                  coalesce(current_setting('app.tenant_id', true), ''),
                      current_setting('lock_timeout'),
                  current_setting('statement_timeout'),
                      current_setting('idle_in_transaction_session_timeout')"""
    )


def test_each_scope_is_its_role_and_its_tenant(acme):
    found = {}
    for name, scope in SCOPES.items():
        with scope(acme):
            found[name] = state()[0][1:4]
    assert found == {
        "tenant": ("msg_app", "none", str(acme.id)),
        "operator": ("msg_operator", "msg_operator", ""),
        "router": ("msg_router", "msg_router", ""),
        "auth": ("msg_auth", "msg_auth", ""),
        "sequencer": ("msg_sequencer", "msg_sequencer", ""),
        "webhooks": ("msg_webhooks", "msg_webhooks", ""),
    }


@every_scope
def test_nothing_of_a_scope_is_left_for_the_next_transaction_after_success(scope, acme):
    before = state()

    with scope(acme):
        assert state() != before
    assert state() == before
    with transaction.atomic():
        assert state() == before
    with pytest.raises(NoTenantScope):
        current_scope()


@every_scope
def test_nothing_of_a_scope_is_left_after_an_exception(scope, acme):
    before = state()

    with pytest.raises(ZeroDivisionError), scope(acme):
        assert state() != before
        raise ZeroDivisionError
    assert state() == before
    with pytest.raises(NoTenantScope):
        current_scope()


@every_scope
def test_nothing_of_a_scope_is_left_after_a_refused_statement_and_its_error_comes_through(
    scope, acme
):
    before = state()

    with pytest.raises(DatabaseError) as raised, scope(acme):
        assert state() != before
        rows("SELECT 1 / 0")
    assert raised.value.__cause__.sqlstate == "22012"
    assert state() == before
    with pytest.raises(NoTenantScope):
        current_scope()


def test_a_scope_that_failed_has_written_nothing(acme, db_rows):
    with pytest.raises(ZeroDivisionError), tenant_scope(acme.id):
        WebhookDelivery.store("whatsapp", b"posted")
        raise ZeroDivisionError

    assert db_rows.execute("SELECT count(*) FROM messaging.webhook_deliveries").fetchone() == (0,)


@every_scope
@pytest.mark.parametrize("inner", SCOPES.values(), ids=SCOPES)
def test_a_scope_inside_a_scope_is_refused_and_the_outer_one_stays_as_it_was(
    scope, inner, acme, globex
):
    with scope(acme):
        before, scope_before = state(), scope_of()
        with pytest.raises(RuntimeError, match="durable"), inner(globex):
            pytest.fail("a scope was nested")
        assert (state(), scope_of()) == (before, scope_before)


def scope_of() -> object:
    try:
        return current_scope()
    except NoTenantScope:
        return None


@every_scope
def test_a_scope_inside_a_plain_transaction_is_refused(scope, acme):
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"), scope(acme):
        pytest.fail("a scope began inside a transaction that outlives it")


def test_one_tenants_scope_after_anothers_on_the_same_connection_sees_only_its_own(both):
    acme, globex = both
    seen = []
    for tenant in (acme, globex, acme):
        with tenant_scope(tenant.id):
            seen.append(
                rows("SELECT pg_backend_pid(), array_agg(DISTINCT tenant_id) FROM messages")[0]
            )

    assert seen == [(seen[0][0], [tenant.id]) for tenant in (acme, globex, acme)]


LEFT_BEHIND = [
    "SET SESSION role = 'msg_operator'",
    "SET app.tenant_id = '{other}'",
    "SET search_path = pg_temp, messaging, jobs",
    "SET row_security = off",
    "CREATE TEMP TABLE IF NOT EXISTS messages (id int); SET search_path = pg_temp, messaging",
]
WHERE = """SELECT current_user::text, coalesce(current_setting('app.tenant_id', true), ''),
    current_setting('search_path'),
                  current_setting('row_security'), to_regclass('messages')::text"""


@every_scope
@pytest.mark.parametrize("statement", LEFT_BEHIND)
def test_what_a_raw_statement_left_in_the_session_reaches_into_no_scope(statement, scope, both):
    acme, globex = both
    with scope(acme):
        expected = rows(WHERE)
    clean = rows(WHERE)
    changed(statement.format(other=globex.id))
    assert rows(WHERE) != clean
    with scope(acme):
        assert rows(WHERE) == expected
    connection.close()


@every_scope
def test_a_scope_costs_one_statement(scope, acme):
    with CaptureQueriesContext(connection) as queries, scope(acme):
        pass

    assert [query["sql"].split()[0] for query in queries] == ["BEGIN", "SELECT", "COMMIT"]


def test_a_session_that_begins_as_the_operator_is_the_runtime_role_in_a_tenants_scope(
    both, database_name
):
    acme, _ = both
    with psycopg.connect(
        database.runtime_url(database_name), options="-c role=msg_operator"
    ) as begun:
        assert begun.execute("SELECT current_user::text").fetchone() == ("msg_operator",)
    connection.close()
    connection.settings_dict["OPTIONS"]["options"] = "-c role=msg_operator"
    try:
        with tenant_scope(acme.id):
            assert rows(
                "SELECT current_user::text, array_agg(DISTINCT tenant_id) FROM messages"
            ) == [("msg_app", [acme.id])]
    finally:
        connection.settings_dict["OPTIONS"].pop("options")
        connection.close()


def test_only_the_sign_in_scope_turns_into_the_operators(both):
    acme, _ = both
    for scope in (SCOPES["tenant"], SCOPES["operator"], SCOPES["router"]):
        with scope(acme):
            before = state()
            with pytest.raises(RuntimeError):
                become_operator()
            assert state() == before
    with pytest.raises(RuntimeError):
        become_operator()
    outside = state()
    with auth_scope():
        become_operator()
        assert state()[0][1] == "msg_operator"
        assert sorted(Tenant.objects.values_list("slug", flat=True)) == ["acme", "globex"]
    assert state() == outside
    with pytest.raises(NoTenantScope):
        current_scope()


@pytest.mark.parametrize("model", [*TENANT_MODELS, Tenant], ids=lambda model: model._meta.db_table)
def test_managers_refuse_to_answer_without_a_scope_and_in_the_sign_in_scope(model, both):
    attempts = [
        model.objects.all,
        model.objects.count,
        model.objects.first,
        lambda: model.objects.filter(id=uuid7()),
    ]
    attempts += [lambda: model.objects.update(id=uuid7()), lambda: model.objects.create()]

    with operator_scope():
        assert model.objects.count() >= 2
    for scope in (nullcontext, auth_scope):
        with scope():
            for attempt in attempts:
                with pytest.raises(NoTenantScope):
                    attempt()


def test_related_managers_refuse_to_answer_without_a_scope(both):
    with tenant_scope(both[0].id):
        contact = Contact.objects.get()
        assert contact.identities.count() == 2
    with pytest.raises(NoTenantScope):
        contact.identities.count()


def test_the_sign_in_role_sees_no_tenants_data(both):
    refused = dict.fromkeys(
        [*TENANT_TABLES, "tenants", "webhook_deliveries", "dead_letters"], DENIED
    )

    with auth_scope():
        assert {table: refusal(f"SELECT 1 FROM {table}") for table in refused} == refused


def test_the_pipelines_role_deletes_no_tenants_data_and_sees_no_users(both):
    with router_scope():
        assert {table: refusal(f"DELETE FROM {table}") for table in TENANT_TABLES} == dict.fromkeys(
            TENANT_TABLES, DENIED
        )
        assert refusal("UPDATE tenants SET status = 'active'") == DENIED
        assert refusal("UPDATE channels SET credentials = ''") == DENIED
        assert refusal("UPDATE channels SET tenant_id = tenant_id") == DENIED
        assert [
            refusal(f"SELECT 1 FROM {table}")
            for table in ("users", "django_session", "django_admin_log")
        ] == [DENIED] * 3


def test_the_runtime_role_puts_deliveries_in_and_gets_none_out(both, db_rows):
    acme, _ = both
    query = "SELECT count(*) FROM messaging.webhook_deliveries WHERE body = 'posted'"
    returning = "INSERT INTO webhook_deliveries SELECT %s, 'whatsapp', 'posted', now() RETURNING id"
    attempts = [
        "SELECT 1 FROM webhook_deliveries",
        "UPDATE webhook_deliveries SET error = ''",
        "DELETE FROM webhook_deliveries",
    ]

    WebhookDelivery.store("whatsapp", b"posted")
    with tenant_scope(acme.id):
        WebhookDelivery.store("whatsapp", b"posted")
        assert {attempt: refusal(attempt) for attempt in attempts} == dict.fromkeys(
            attempts, DENIED
        )
        assert refusal(returning, uuid7()) == DENIED

    assert db_rows.execute(query).fetchone() == (2,)


FORBIDDEN = [
    *(f"TRUNCATE {table} CASCADE" for table in [*TENANT_TABLES, "tenants", "webhook_deliveries"]),
    *(f"SET ROLE {role}" for role in ("msg_resolver", "msg_owner", "postgres")),
    "SET SESSION AUTHORIZATION postgres",
    "ALTER ROLE msg_app BYPASSRLS",
    "GRANT msg_resolver TO msg_app",
    "GRANT SELECT ON users TO msg_app",
    "ALTER TABLE contacts DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE contacts NO FORCE ROW LEVEL SECURITY",
    "ALTER TABLE contacts OWNER TO msg_app",
    "DROP TABLE contacts",
    "DROP POLICY tenant ON contacts",
    "ALTER POLICY tenant ON contacts USING (true)",
    "CREATE POLICY everything ON contacts USING (true)",
    "ALTER FUNCTION pipeline_ages() RESET search_path",
    "CREATE FUNCTION messaging.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE TABLE messaging.mine (id int)",
    "CREATE TABLE public.mine (id int)",
    "CREATE SCHEMA mine",
    "CREATE VIEW messaging.mine AS SELECT * FROM contacts",
    "SET LOCAL session_replication_role = replica",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_runtime_role_cannot_lift_its_own_limits(statement, acme):
    with tenant_scope(acme.id):
        assert refusal(statement) == DENIED


def test_switching_row_security_off_shows_an_error_and_no_rows(both):
    with tenant_scope(both[0].id):
        changed("SET LOCAL row_security = off")
        assert {
            table: refusal(f"SELECT 1 FROM {table}") for table in TENANT_TABLES
        } == dict.fromkeys(TENANT_TABLES, DENIED)


def test_a_tenants_id_in_a_webhook_changes_nothing_the_channel_decides(
    both, deliver, work, db_rows
):
    acme, globex = both
    others, earlier = snapshot(db_rows, globex), thread_of(acme)
    message = bodies.text("for Acme after all", tenant_id=str(globex.id), tenant="globex")
    value = bodies.value(ACME_NUMBER, messages=(message,)) | {"tenant_id": str(globex.id)}

    deliver(bodies.webhook(bodies.entry(ACME_ACCOUNT, value) | {"tenant_id": str(globex.id)}))
    work()

    assert thread_of(acme) == [
        *earlier,
        ("inbound", "for Acme after all", "received"),
        ("outbound", REPLY, "accepted"),
    ]
    assert snapshot(db_rows, globex) == others
