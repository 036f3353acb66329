"""What the application's own connection can do to other tenants with any SQL short of changing its
scope: nothing.
"""

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone
from uuid_utils.compat import uuid7

from channels_app.models import Channel, ChannelMove
from messaging.models import Contact, Message
from messaging.monitoring import alerts
from tenants import audit
from tenants.isolation import TenantForeignKey
from tenants.models import Tenant, TenantModel, User
from tenants.scope import auth_scope, operator_scope, router_scope, tenant_scope
from tests.support.cast import ACME_ACCOUNT
from tests.support.raw import (
    TENANT_MODELS,
    TENANT_TABLES,
    changed,
    counts,
    insertion,
    refusal,
    rows,
    snapshot,
)
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

DENIED, DOUBLE, DANGLING = "42501", "23505", "23503"
# who works for a tenant: no business of the pipeline's
# of no use to the pipeline
OF_PEOPLE = [
    "api_keys",
    "connect_links",
    "erasures",
    "idempotency_keys",
    "invitations",
    "memberships",
    "message_settlements",
    "whatsapp_signups",
]
OF_WEBHOOKS = ["webhook_set_aside", "webhook_attempts", "webhook_endpoints"]
# what a tenant's own scope does not reach: a request could make itself another key
OUT_OF_REACH = ["api_keys"]
REACHED_TABLES = [table for table in TENANT_TABLES if table not in OUT_OF_REACH]
# what it reads and adds to, and changes in a column or two at most
NARROW = ["connect_links", "erasures"]
REACHED_MODELS = [model for model in TENANT_MODELS if model._meta.db_table in REACHED_TABLES]
LOG = "events"  # what was appended stays as it is
CHANGEABLE = [table for table in REACHED_TABLES if table not in (LOG, *NARROW)]
PLATFORM_TABLES = [
    "alerts",
    "audit_entries",
    "channel_moves",
    "dead_letters",
    "django_session",
    "users",
    "worker_heartbeats",
    "webhook_deliveries",
]
CLOSED_TABLES = [
    *OUT_OF_REACH,
    *PLATFORM_TABLES,
    "django_admin_log",
    "auth_group",
    "auth_permission",
    "users_groups",
    "users_user_permissions",
    "password_resets",
]
CHILDREN_FIRST = [
    *[
        "message_statuses",
        "message_attempts",
        "message_resends",
        "message_settlements",
        "deferred_replies",
        "messages",
        "media_uploads",
        "media",
        "conversation_owner_changes",
        "thread_orders",
        "conversations",
    ],
    "idempotency_keys",
    *["contact_changes", "contact_identities", "contacts"],
    *[
        "erased_messages",
        "channel_probes",
        "channel_paces",
        "channel_events",
        "message_templates",
        "reply_choices",
        "channels",
        "invitations",
        "memberships",
        "whatsapp_signups",
    ],
    *OF_WEBHOOKS,
]


def seen() -> dict[str, int | None]:
    """How many rows of each table; None: it may not be read."""
    return {
        table: (
            None
            if refusal(f"SELECT 1 FROM {table}")
            else rows(f"SELECT count(*) FROM {table}")[0][0]
        )
        for table in TENANT_TABLES
    }


def test_the_application_is_the_runtime_role_and_bound_by_row_security(both):
    who = rows("SELECT session_user::text, current_user::text, current_setting('is_superuser')")

    assert who == [("msg_app", "msg_app", "off")]
    active = rows(
        "SELECT t, row_security_active(t) FROM unnest(%s::text[]) t", [*REACHED_TABLES, "tenants"]
    )
    assert [table for table, is_active in active if not is_active] == []


def test_without_a_scope_there_are_no_rows_and_nothing_to_change_and_no_error(both, db_rows):
    acme, globex = both
    before = snapshot(db_rows, acme), snapshot(db_rows, globex)

    assert seen() == dict.fromkeys(REACHED_TABLES, 0) | dict.fromkeys(OUT_OF_REACH)
    for statement in ("UPDATE {} SET id = id", "DELETE FROM {}"):
        done = {table: changed(statement.format(table)) for table in CHANGEABLE}
        assert done == dict.fromkeys(CHANGEABLE, 0)
        refused = {table: refusal(statement.format(table)) for table in NARROW}
        assert refused == dict.fromkeys(NARROW, DENIED)
    assert rows("SELECT slug FROM tenants") == []
    for model in REACHED_MODELS:
        assert list(model._base_manager.all()) == []
        assert insertion(model, before[0][model._meta.db_table][0] | {"id": str(uuid7())}) == DENIED
    assert (snapshot(db_rows, acme), snapshot(db_rows, globex)) == before


def test_a_tenant_reads_its_own_rows_and_no_others_however_it_asks(both, db_rows):
    acme, globex = both
    own, others = snapshot(db_rows, acme), snapshot(db_rows, globex)

    with tenant_scope(acme.id):
        assert seen() == counts(own) | dict.fromkeys(OUT_OF_REACH)
        for model in REACHED_MODELS:
            table = model._meta.db_table
            ids = [row["id"] for row in own[table]]
            asked = rows(
                f"SELECT id FROM {table} WHERE tenant_id = %s OR true ORDER BY id", globex.id
            )
            raw = model._base_manager.raw(
                f"SELECT * FROM {table} WHERE tenant_id = %s OR 1 = 1 ORDER BY id", [globex.id]
            )
            assert [str(each) for (each,) in asked] == ids
            assert [str(row.id) for row in raw] == ids
            assert [str(row.id) for row in model._base_manager.order_by("id")] == ids
            assert [str(row.id) for row in model.objects.order_by("id")] == ids
            assert (
                list(model._base_manager.filter(id__in=[row["id"] for row in others[table]])) == []
            )
            assert list(model.objects.filter(tenant_id=globex.id)) == []


def test_a_tenant_copies_out_its_own_rows_only(both, db_rows):
    acme, _ = both
    names = [row["name"] for row in snapshot(db_rows, acme)["contacts"]]

    with (
        tenant_scope(acme.id),
        connection.connection.cursor().copy("COPY contacts (name) TO STDOUT") as copied,
    ):
        lines = b"".join(copied).decode().splitlines()

    assert lines == names


def test_a_tenant_joins_across_tables_without_meeting_another_tenant(both):
    acme, _ = both
    query = """SELECT DISTINCT t.slug FROM message_statuses s JOIN messages m ON true
        JOIN conversations c ON true
               JOIN channels ON true JOIN contact_identities i ON true JOIN contacts k ON true
                   JOIN tenants t ON true"""

    with tenant_scope(acme.id):
        assert rows(query) == [("acme",)]


def test_a_tenant_cannot_learn_of_other_tenants_rows_from_the_planners_statistics(both, db_rows):
    acme, _ = both
    db_rows.execute("ANALYZE messaging.contact_identities")
    assert db_rows.execute(
        "SELECT count(*) > 0 FROM pg_stats WHERE tablename = 'contact_identities'"
    ).fetchone() == (True,)

    with tenant_scope(acme.id):
        assert rows("SELECT tablename FROM pg_stats WHERE tablename = 'contact_identities'") == []


def test_a_tenant_changes_its_own_rows_and_no_others(both, db_rows):
    acme, globex = both
    own, others = snapshot(db_rows, acme), snapshot(db_rows, globex)

    with tenant_scope(acme.id):
        targeted = {
            table: changed(f"UPDATE {table} SET id = id WHERE tenant_id = %s", globex.id)
            for table in CHANGEABLE
        }
        everything = {
            table: changed(f"UPDATE {table} SET id = id WHERE tenant_id = %s OR true", globex.id)
            for table in CHANGEABLE
        }
        renamed = (
            Contact._base_manager.update(name="Renamed"),
            Channel._base_manager.update(name="Renamed"),
        )

    assert targeted == dict.fromkeys(CHANGEABLE, 0)
    assert everything == {table: len(own[table]) for table in CHANGEABLE}
    assert renamed == (len(own["contacts"]), len(own["channels"]))
    assert snapshot(db_rows, globex) == others


def test_a_tenant_changes_and_deletes_nothing_of_what_was_logged(both):
    acme, _ = both
    attempts = [
        f"UPDATE {LOG} SET id = id",
        f"UPDATE {LOG} SET position = 1",
        f"DELETE FROM {LOG}",
        f"TRUNCATE {LOG}",
    ]

    with tenant_scope(acme.id):
        assert {attempt: refusal(attempt) for attempt in attempts} == dict.fromkeys(
            attempts, DENIED
        )


def test_a_tenant_that_deletes_all_it_can_reach_deletes_its_own_rows(both, db_rows):
    acme, globex = both
    others = snapshot(db_rows, globex)
    logged = len(snapshot(db_rows, acme)[LOG])
    assert sorted(CHILDREN_FIRST) == CHANGEABLE

    with tenant_scope(acme.id):
        for table in CHILDREN_FIRST:
            changed(f"DELETE FROM {table} WHERE tenant_id = %s OR true", globex.id)

    left = counts(snapshot(db_rows, acme))
    kept = dict.fromkeys(CHANGEABLE, 0) | {LOG: logged}
    assert {table: left[table] for table in kept} == kept
    assert snapshot(db_rows, globex) == others


@pytest.mark.parametrize("model", REACHED_MODELS, ids=lambda model: model._meta.db_table)
def test_a_tenant_inserts_no_row_for_another_tenant_and_moves_none(model, both, db_rows):
    acme, globex = both
    table = model._meta.db_table
    mine, theirs = snapshot(db_rows, acme)[table][0], snapshot(db_rows, globex)[table][0]

    with tenant_scope(acme.id):
        # its own row would be taken, were it not there already
        assert insertion(model, mine) == DOUBLE
        assert insertion(model, theirs) == DENIED
        assert insertion(model, theirs | {"id": str(uuid7())}) == DENIED
        assert insertion(model, mine | {"id": str(uuid7()), "tenant_id": str(globex.id)}) == DENIED
        if table == LOG:  # none of it can be moved at all
            return
        staying = refusal(f"UPDATE {table} SET tenant_id = %s", acme.id)
        assert staying == (DENIED if table in NARROW else None)
        assert refusal(f"UPDATE {table} SET tenant_id = %s", globex.id) == DENIED
        taking = f"UPDATE {table} SET tenant_id = %s WHERE id = %s"
        if table in NARROW:
            assert refusal(taking, acme.id, theirs["id"]) == DENIED
        else:
            assert changed(taking, acme.id, theirs["id"]) == 0


def test_a_tenant_notes_that_its_links_were_opened_and_changes_nothing_else_of_them(both, db_rows):
    acme, globex = both
    others = snapshot(db_rows, globex)

    with tenant_scope(acme.id):
        assert changed("UPDATE connect_links SET opened_at = now()") == 1
        for column in ("tenant_id", "return_url", "expires_at", "used_at", "channel_id", "kind"):
            statement = f"UPDATE connect_links SET {column} = {column}"
            assert (column, refusal(statement)) == (column, DENIED)
    assert snapshot(db_rows, globex) == others


def test_a_tenant_cannot_overwrite_another_tenants_row_by_its_id(both, db_rows):
    acme, globex = both
    others = snapshot(db_rows, globex)
    contact_id = others["contacts"][0]["id"]
    upsert = """INSERT INTO contacts (id, tenant_id, name, created_at) VALUES (%s, %s, 'stolen',
        now())
                ON CONFLICT (id) DO UPDATE SET name = 'stolen', tenant_id = excluded.tenant_id"""

    with tenant_scope(acme.id):
        assert refusal(upsert, uuid7(), acme.id) is None
        assert refusal(upsert, contact_id, acme.id) == DENIED
    assert snapshot(db_rows, globex) == others


def references() -> list:
    rules = [(model, rule) for model in REACHED_MODELS for rule in model._meta.constraints]
    return [
        pytest.param(model, rule, id=rule.name)
        for model, rule in rules
        if isinstance(rule, TenantForeignKey)
    ]


@pytest.mark.parametrize(("model", "rule"), references())
def test_a_row_cannot_reference_another_tenants_row(model, rule, both, db_rows):
    acme, globex = both
    own, others = snapshot(db_rows, acme), snapshot(db_rows, globex)
    field = model._meta.get_field(rule.field)
    target = field.related_model._meta.db_table
    statement = f'UPDATE {model._meta.db_table} SET "{field.column}" = %s WHERE id = %s'
    row = own[model._meta.db_table][-1]

    with tenant_scope(acme.id):
        assert refusal(statement, row[field.column], row["id"]) is None
        assert refusal(statement, others[target][0]["id"], row["id"]) == DANGLING
    with operator_scope():  # the rule is the table's: it does not depend on who asks
        assert refusal(statement, others[target][0]["id"], row["id"]) == DANGLING


def test_every_reference_between_tenants_rows_has_such_a_rule():
    links = {
        (model, field.name)
        for model in REACHED_MODELS
        for field in model._meta.concrete_fields
        if field.related_model and issubclass(field.related_model, TenantModel)
    }
    assert (Message, "conversation") in links
    assert {(rule.values[0], rule.values[1].field) for rule in references()} == links


def test_a_tenant_sees_itself_among_the_tenants_and_changes_nothing_there(both):
    acme, globex = both

    with tenant_scope(acme.id):
        assert rows("SELECT slug FROM tenants WHERE id = %s OR true", globex.id) == [("acme",)]
        assert [tenant.slug for tenant in Tenant._base_manager.all()] == ["acme"]
        assert [tenant.slug for tenant in Tenant.objects.filter(id__in=[acme.id, globex.id])] == [
            "acme"
        ]
        assert refusal("UPDATE tenants SET status = 'active'") == DENIED
        assert refusal("DELETE FROM tenants") == DENIED
        assert refusal("INSERT INTO tenants (id, slug) VALUES (%s, 'third')", uuid7()) == DENIED


def test_operator_and_pipeline_see_every_tenant_but_the_pipeline_no_people_and_no_log(
    both, db_rows
):
    acme, globex = both
    every = {
        table: len(snapshot(db_rows, acme)[table]) + len(snapshot(db_rows, globex)[table])
        for table in TENANT_TABLES
    }

    with operator_scope():
        assert seen() == every
        assert rows("SELECT slug FROM tenants ORDER BY slug") == [("acme",), ("globex",)]
    with router_scope():
        assert seen() == every | dict.fromkeys([*OF_PEOPLE, *OF_WEBHOOKS, LOG])
        assert rows("SELECT slug FROM tenants ORDER BY slug") == [("acme",), ("globex",)]


@pytest.fixture
def platform_rows(both, deliver, work, db_rows):
    """Rows of the platform's own: an unroutable delivery, a worker's sign of life, a user, their
    session and that they signed in, a moved number, and an alert that no jobs process runs.
    """
    deliver(
        bodies.webhook(
            bodies.entry(ACME_ACCOUNT, bodies.value("499", messages=(bodies.text("to nobody"),)))
        )
    )
    work()
    with auth_scope():
        root = User.objects.create_superuser("root", password="a-password-of-the-tests")
        audit.record(root, audit.Action.SIGN_IN)
        Session.objects.create(session_key="0" * 32, session_data="", expire_date=timezone.now())
    with operator_scope():
        ids = {
            name: uuid7()
            for name in ("from_tenant_id", "from_channel_id", "to_tenant_id", "by_user_id")
        }
        ChannelMove.objects.create(kind="whatsapp", external_id="499", **ids)
    alerts.watch()
    filled = {
        table: db_rows.execute(f"SELECT count(*) > 0 FROM messaging.{table}").fetchone()[0]
        for table in PLATFORM_TABLES
    }
    assert filled == dict.fromkeys(PLATFORM_TABLES, True)
    return both


@pytest.mark.parametrize("table", CLOSED_TABLES)
def test_the_runtime_role_can_do_nothing_with_the_platforms_own_tables(table, platform_rows):
    acme, _ = platform_rows
    key = "session_key" if table == "django_session" else "id"
    attempts = [
        f"SELECT 1 FROM {table}",
        f"UPDATE {table} SET {key} = {key}",
        f"DELETE FROM {table}",
    ]
    if table != "webhook_deliveries":
        attempts.append(f"INSERT INTO {table} DEFAULT VALUES")

    without_scope = {attempt: refusal(attempt) for attempt in attempts}
    with tenant_scope(acme.id):
        within_scope = {attempt: refusal(attempt) for attempt in attempts}

    assert without_scope == within_scope == dict.fromkeys(attempts, DENIED)
