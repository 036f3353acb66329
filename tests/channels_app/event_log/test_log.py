"""The event log: written with what it tells, read by position, each tenant's its own."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from channels_app import event_log
from channels_app.event_log import EventType, LoggedEvent
from channels_app.event_log.sequencer import give_positions
from tenants.scope import NoTenantScope, operator_scope, router_scope, tenant_scope
from tests.support.logged import append, event, logged, names_of, read_on


def read(scope, position=0, tenant_id=None, at_most=100):
    with scope:
        return event_log.read_after(position, tenant_id, at_most)


def test_what_was_appended_is_read_as_it_was_written(acme):
    subject, stream, at = uuid4(), uuid4(), datetime(2026, 3, 4, 5, 6, 7, 89, tzinfo=UTC)
    append(
        LoggedEvent(
            tenant_id=acme.id,
            type=EventType.CONTACT_CHANGED,
            subject_id=subject,
            stream_id=stream,
            data={"fields": ["name"]},
            occurred_at=at,
        )
    )
    give_positions(10)

    (found,) = read(tenant_scope(acme.id))
    assert (found.type, found.subject_id, found.stream_id, found.data, found.occurred_at) == (
        "contact.changed",
        subject,
        stream,
        {"fields": ["name"]},
        at,
    )


def test_a_batch_is_one_statement_and_keeps_its_order(acme, globex):
    events = [event((acme, globex)[index % 2], name=str(index)) for index in range(200)]
    with router_scope(), CaptureQueriesContext(connection) as statements:
        event_log.append(events)
    give_positions(1000)

    assert len(statements) == 1
    assert names_of(read_on()) == [str(index) for index in range(200)]


def test_no_events_are_no_statement(db_rows, django_assert_num_queries):
    with router_scope(), django_assert_num_queries(0):
        event_log.append([])


def test_an_event_is_rolled_back_with_what_it_tells(acme, db_rows):
    with pytest.raises(ZeroDivisionError), router_scope():
        event_log.append([event(acme)])
        raise ZeroDivisionError

    assert (logged(db_rows, acme), give_positions(10)) == ([], 0)


def test_what_has_no_position_yet_is_read_by_nobody(acme):
    append(event(acme))

    assert read(tenant_scope(acme.id)) == read_on() == []


def test_a_reader_goes_on_after_the_last_event_that_it_has_read(acme):
    append(*(event(acme, name=name) for name in "abcde"))
    give_positions(10)

    first = read(tenant_scope(acme.id), at_most=2)
    second = read(tenant_scope(acme.id), first[-1].position, at_most=2)
    third = read(tenant_scope(acme.id), second[-1].position, at_most=2)

    assert [names_of(each) for each in (first, second, third)] == [["a", "b"], ["c", "d"], ["e"]]


def test_a_tenant_reads_its_own_events_alone(acme, globex):
    append(event(acme, name="acme's"), event(globex, name="globex's"))
    give_positions(10)

    for tenant_id in (None, acme.id, globex.id):
        assert "globex's" not in names_of(read(tenant_scope(acme.id), tenant_id=tenant_id))
    assert names_of(read(tenant_scope(acme.id))) == ["acme's"]
    assert names_of(read_on()) == ["acme's", "globex's"]
    assert names_of(read(operator_scope(), tenant_id=globex.id)) == ["globex's"]


def test_the_newest_position_is_that_of_the_newest_event_that_the_scope_sees(acme, globex):
    with operator_scope():
        assert event_log.newest_position() == 0
    append(event(acme), event(globex), event(globex))
    give_positions(2)
    first, second = read_on()

    with operator_scope():
        assert event_log.newest_position() == second.position
    with tenant_scope(acme.id):
        assert event_log.newest_position() == first.position


def test_an_event_for_another_tenant_is_refused(acme, globex, db_rows):
    with pytest.raises(DatabaseError) as refused, tenant_scope(acme.id):
        event_log.append([event(acme), event(globex)])

    assert refused.value.__cause__.sqlstate == "42501"
    assert logged(db_rows, acme) == logged(db_rows, globex) == []


def test_nothing_is_appended_or_read_without_a_scope(acme, db_rows):
    with pytest.raises(NoTenantScope):
        event_log.append([event(acme)])
    with pytest.raises(NoTenantScope):
        event_log.read_after(0, acme.id, 10)


def test_an_event_of_an_unknown_type_is_refused(acme):
    strange = event(acme)
    strange.type = "message.sung"

    with pytest.raises(DatabaseError) as refused:
        append(strange)
    assert refused.value.__cause__.diag.constraint_name == "event_type_known"


@pytest.mark.parametrize("scope", [router_scope, operator_scope])
def test_nobody_appends_an_event_that_has_a_position(acme, scope):
    early = event(acme)
    early.position = 7

    with pytest.raises(DatabaseError) as refused, scope():
        event_log.append([early])
    assert refused.value.__cause__.sqlstate == "42501"
