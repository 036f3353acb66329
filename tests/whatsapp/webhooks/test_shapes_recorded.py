"""Whatever Meta sends, through the real address, signature and worker: each item is recorded once,
or set aside.
"""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels_app.events import (
    ChannelUpdate,
    HistoryMessage,
    InboundMessage,
    MessageEvent,
    StandbyMessage,
    StatusUpdate,
    ThreadNotice,
)
from tests.support import database
from tests.support.cast import create_tenant
from tests.support.whatsapp.channel import connect
from tests.support.whatsapp.shapes import WHERE, Shape, shapes
from whatsapp.webhooks.parser import parse

pytestmark = pytest.mark.whatsapp

FEW = settings(
    max_examples=6,
    deadline=None,
    database=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.function_scoped_fixture,
        HealthCheck.data_too_large,
    ],
)
MESSAGES = """
    SELECT c.external_id, m.external_id, m.direction FROM messaging.messages m
        JOIN messaging.channels c ON c.id = m.channel_id
    WHERE m.delivery_id IS NOT NULL
"""
STATUSES = """
    SELECT c.external_id, s.external_id, s.status FROM messaging.message_statuses s
    JOIN messaging.channels c ON c.id = s.channel_id
"""
SET_ASIDE = """
    SELECT d.ordinal, l.position, l.cause, l.reason <> '' FROM messaging.dead_letters l
    JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS ordinal
        FROM messaging.webhook_deliveries) d ON d.id = l.delivery_id
"""
NOTICES = "SELECT kind, account_id FROM messaging.channel_events"
UNFINISHED = "SELECT count(*) FROM messaging.webhook_deliveries WHERE processed_at IS NULL"


def went_in(said: list[Shape], *kinds: type) -> list[Any]:
    return [each.event for shape in said for each in shape.said if isinstance(each.event, kinds)]


def direction(event: MessageEvent) -> str:
    is_theirs = isinstance(event, InboundMessage | ThreadNotice) or (
        isinstance(event, HistoryMessage | StandbyMessage) and not event.is_outbound
    )
    return "inbound" if is_theirs else "outbound"


def first_of_each(events: list[MessageEvent]) -> dict[tuple[str, str], str]:
    """What is said a second time under the same id changes nothing."""
    return {
        (each.channel_external_id, each.external_id): direction(each) for each in reversed(events)
    }


def listed(said: list[Shape]) -> list[tuple[str, str]]:
    """What is news of a channel: an error of a number once a day, a field of tomorrow once for each
    thing that it says.
    """
    events = [
        (each.event, each.item)
        for shape in said
        for each in shape.said
        if isinstance(each.event, ChannelUpdate)
    ]
    told = {
        (event.kind, event.account_id, event.channel_external_id, json.dumps(item, sort_keys=True))
        for event, item in events
        if event.kind in ("errors", "tomorrow")
    }
    return sorted((kind, account) for kind, account, _, _ in told)


def set_aside(shape: Shape) -> list[int]:
    """The places of what is refused; of parts that hold nothing, the first of each reason stands
    for all of them.
    """
    refused = [
        (position, event)
        for position, (each, event) in enumerate(zip(shape.said, parse(shape.body), strict=True))
        if each.event is None
    ]
    firsts = {event.reason: position for position, event in reversed(refused) if event.is_empty}
    return [
        position
        for position, event in refused
        if not event.is_empty or firsts[event.reason] == position
    ]


@FEW
@given(st.lists(shapes(), min_size=8, max_size=16))
def test_what_goes_in_is_recorded_once_or_set_aside_in_its_place(
    deliver, work, graph, db_rows, said
):
    database.empty(db_rows)
    for where, slug in zip(WHERE, ("acme", "globex"), strict=True):
        connect(create_tenant(slug, slug), where.number, where.account, "token")
    answers = {deliver(shape.body).status_code for shape in said}
    work()

    assert (answers, db_rows.execute(UNFINISHED).fetchone()) == ({200}, (0,))
    recorded = {(number, wamid): way for number, wamid, way in db_rows.execute(MESSAGES).fetchall()}
    assert recorded == first_of_each(went_in(said, MessageEvent))
    assert set(db_rows.execute(STATUSES).fetchall()) == {
        (each.channel_external_id, each.external_id, each.status)
        for each in went_in(said, StatusUpdate)
    }
    refused = [
        (number, position) for number, shape in enumerate(said) for position in set_aside(shape)
    ]
    assert sorted(db_rows.execute(SET_ASIDE).fetchall()) == [
        (*place, "rejected", True) for place in refused
    ]
    assert sorted(db_rows.execute(NOTICES).fetchall()) == listed(said)
