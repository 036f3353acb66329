"""Rows that are inserted as one JSON document are stored as `bulk_create` stores them."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction
from django.db.models.expressions import DatabaseDefault

from channels_app.models import LoggedEvent
from messaging.models import Contact, ContactIdentity, Conversation, Media, Message, MessageStatus
from tenants.database import insertion
from tenants.scope import NoTenantScope, operator_scope, router_scope, tenant_scope

pytestmark = pytest.mark.whatsapp

STRANGE = 'A "quoted" \\ backslash, a\nline, {braces}, a \u2028 separator, 💚 and \ufffd'
ELSEWHERE = datetime(2026, 3, 4, 23, 59, 59, 123456, tzinfo=timezone(-timedelta(hours=7)))
RAW = {"": [None, True, 1e-7, 12345678901234567890, STRANGE, {"nested": []}], "null": None}


def filled(model, **given):
    """A row with something unusual in every column that may hold it."""
    kinds = {
        "JSONField": RAW,
        "TextField": STRANGE,
        "CharField": "'\"\\💚",
        "DateTimeField": ELSEWHERE,
    }
    return {
        field.attname: kinds[field.get_internal_type()]
        for field in insertion.stored_fields(model)
        if field.get_internal_type() in kinds and not field.choices
    } | given


@pytest.fixture
def conversation(acme, acme_whatsapp):
    with operator_scope():
        contact = Contact.objects.create(tenant=acme)
        return Conversation.objects.create(tenant=acme, channel=acme_whatsapp, contact=contact)


def examples(conversation):
    """Rows of every model that is inserted so, twice the same but for ids that must differ."""
    own = {"tenant_id": conversation.tenant_id}
    written = own | {"created_at": ELSEWHERE}
    place = written | {"channel_id": conversation.channel_id, "conversation_id": conversation.id}
    waiting = {"direction": "outbound", "status": "queued"}
    full = filled(Message, **place, **waiting, lease=UUID(int=7), attempts=3, is_marketing=True)
    return {
        "message": [
            Message(**place, **waiting, seq=n, due_at=ELSEWHERE, **more)
            for n, more in ((101, {}), (102, {"raw": [], "text": ""}))
        ]
        + [Message(**full | {"seq": 103, "external_id": "wamid.1"})],
        "contact": [Contact(**written), Contact(**filled(Contact, **own))],
        "identity": [
            ContactIdentity(**own, contact_id=conversation.contact_id, kind="wa_id", value="1"),
            ContactIdentity(
                **own,
                contact_id=conversation.contact_id,
                kind="bsuid",
                value=STRANGE,
                is_active=False,
            ),
        ],
        "conversation": [
            Conversation(
                **filled(
                    Conversation,
                    **own,
                    channel_id=conversation.channel_id,
                    contact_id=conversation.contact_id,
                    group_external_id=STRANGE,
                    last_seq=2**62,
                    owner="us",
                    owner_told_by="passed",
                    waiting_because="strategy",
                )
            )
        ],
        "status": [
            MessageStatus(
                **filled(MessageStatus, **own, channel_id=conversation.channel_id, attempt=None)
            )
        ],
    }


NAMES = ["message", "contact", "identity", "conversation", "status"]


def bulk_create(rows):
    type(rows[0]).objects.bulk_create(rows)


def stored(db_rows, table):
    query = f"SELECT to_jsonb(t) - 'id' FROM messaging.{table} t ORDER BY id"
    return [row for (row,) in db_rows.execute(query)]


@pytest.mark.parametrize("name", NAMES)
def test_rows_are_stored_as_bulk_create_stores_them(name, conversation, db_rows):
    found = []
    for store in (bulk_create, insertion.insert, insertion.insert_new):
        rows = examples(conversation)[name]
        table = rows[0]._meta.db_table
        before = len(stored(db_rows, table))
        with router_scope():
            store(rows)
        found.append(stored(db_rows, table)[before:])
        db_rows.execute(f"DELETE FROM messaging.{table} WHERE id = ANY(%s)", [[r.id for r in rows]])

    created, inserted, inserted_new = found
    assert len(created) == len(examples(conversation)[name])
    assert inserted == created
    assert inserted_new == created


def test_every_column_of_the_model_is_inserted(db_rows):
    for model in (Message, Contact, ContactIdentity, Conversation, MessageStatus, LoggedEvent):
        columns = {
            column
            for (column,) in db_rows.execute(
                "SELECT column_name FROM information_schema.columns"
                " WHERE table_schema = 'messaging' AND table_name = %s AND is_generated = 'NEVER'"
                " AND is_identity = 'NO'",
                [model._meta.db_table],
            )
        }
        assert {field.column for field in insertion.stored_fields(model)} == columns


def test_the_database_computes_what_is_given_as_an_expression(acme, db_rows):
    contact = Contact(tenant_id=acme.id, created_at=ELSEWHERE)
    with router_scope():
        insertion.insert([contact], name="upper('ada')", created_at="now() - interval '1 day'")

    ((name, is_by_the_database),) = db_rows.execute(
        "SELECT name, created_at BETWEEN now() - interval '1 day 1 minute' AND now() - interval"
        " '23 hours' FROM messaging.contacts"
    )
    assert (name, is_by_the_database) == ("ADA", True)


def test_rows_that_are_there_already_are_left_by_insert_new_and_refused_by_insert(
    conversation, db_rows
):
    known = examples(conversation)["identity"]
    new = ContactIdentity(
        tenant_id=conversation.tenant_id,
        contact_id=conversation.contact_id,
        kind="phone",
        value="2",
    )
    with router_scope():
        insertion.insert(known)
        before = ContactIdentity.objects.count()
        with pytest.raises(DatabaseError) as refused, transaction.atomic():
            insertion.insert([*examples(conversation)["identity"], new])
        insertion.insert_new([*examples(conversation)["identity"], new])
        assert ContactIdentity.objects.count() == before + 1
    assert refused.value.__cause__.sqlstate == "23505"


def test_a_row_of_another_tenant_is_refused(acme, globex, db_rows):
    for store in (insertion.insert, insertion.insert_new):
        with pytest.raises(DatabaseError) as refused, tenant_scope(acme.id):
            store([Contact(tenant_id=acme.id), Contact(tenant_id=globex.id)])
        assert refused.value.__cause__.sqlstate == "42501"
    assert stored(db_rows, "contacts") == []


def test_nothing_is_inserted_without_a_scope(acme, db_rows):
    for store in (insertion.insert, insertion.insert_new):
        with pytest.raises(NoTenantScope):
            store([Contact(tenant_id=acme.id)])
    assert stored(db_rows, "contacts") == []


def test_no_rows_are_no_statement(django_assert_num_queries, db_rows):
    with router_scope(), django_assert_num_queries(0):
        insertion.insert([])
        insertion.insert_new(iter(()))


@pytest.mark.parametrize(
    "row",
    [
        Media(kind="image"),  # its file is a FieldFile
        Contact(name=DatabaseDefault("x", None)),
        Contact(created_at=datetime(2026, 1, 1, tzinfo=UTC).date()),
    ],
)
def test_a_value_that_json_cannot_carry_is_refused_before_the_database_is_asked(
    acme, row, django_assert_num_queries, db_rows
):
    row.tenant_id = acme.id
    with router_scope(), django_assert_num_queries(0), pytest.raises(TypeError, match="as JSON"):
        insertion.insert([row])
