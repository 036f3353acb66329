"""Commits in any order, failures, lost leases, 410s and replays: walks at random through the real
code, each step compared with a model of what the subscribers have seen.

CHAOS=long takes many more and longer walks.
"""

import itertools
import os
import sys
from collections.abc import Callable
from contextlib import suppress

import psycopg
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from uuid_utils.compat import uuid7

from channels_app.event_log.sequencer import give_positions
from messaging.models import webhook_endpoint
from messaging.outgoing_webhooks import again, endpoints, recording, retry, turns
from messaging.outgoing_webhooks.addresses import CheckedAddress
from tenants.scope import tenant_scope
from tests.messaging.outgoing_webhooks.by_hand import leased
from tests.messaging.outgoing_webhooks.happening import stream
from tests.messaging.outgoing_webhooks.walk import ANSWERS, Process, Told
from tests.support import database
from tests.support.cast import create_tenant

IS_LONG = os.environ.get("CHAOS") == "long"
WALKS = settings(
    max_examples=300 if IS_LONG else 12,
    stateful_step_count=80 if IS_LONG else 40,
    derandomize=not IS_LONG,
    deadline=None,
    print_blob=True,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
    phases=[
        phase
        for phase in Phase
        if phase is not Phase.explain and (IS_LONG or phase is not Phase.shrink)
    ],
)
MOST_SET_ASIDE = 4
SCHEDULE = (5, 60)  # three tries
LONG = 100_000
ADDRESS = CheckedAddress("https://x.example/")
TYPES = ("message.received", "message.status")
LOG = """
    INSERT INTO messaging.events (id, tenant_id, type, subject_id, stream_id, data, occurred_at)
    VALUES (%s, %s, %s, %s, %s, '{}', now())
"""

words = st.sampled_from("abc")
# of the next requests, in turn
answers = st.lists(
    st.sampled_from(["well", "well", "well", "fails", *ANSWERS]), min_size=6, max_size=6
)
mostly = st.sampled_from([True, True, True, False])
some = st.integers(0, 20)


class Deliveries(RuleBasedStateMachine):
    """Two endpoints of Acme's, one of which wants one type alone. A process that stalls leaves what
    it has sent unrecorded in a list; it may go on at any time, or has died.
    """

    open_stage: Callable[[], tuple[psycopg.Connection, str]]

    def __init__(self) -> None:
        super().__init__()
        self.rows, url = self.open_stage()
        self.url = url
        self.tenant_id = create_tenant("acme", "Acme").id
        self.under_way: dict[str, tuple[psycopg.Connection, list[tuple]]] = {}
        self.told: dict = {}
        self.stalled: list[Process] = []
        self.known: list = []
        for types in ((), TYPES[:1]):
            with tenant_scope(self.tenant_id):
                endpoint, _ = endpoints.create(self.tenant_id, ADDRESS, types=types)
            self.told[endpoint.id] = types, Told()

    @initialize(given=answers)
    def something_has_happened(self, given):
        for word in "abc":
            self.something_happens(word, 2, 0, True)
        self.a_process_delivers(given, 3, False)

    @rule(word=words, number=st.integers(1, 3), kind=st.integers(0, 1), commits=mostly)
    def something_happens(self, word, number, kind, commits):
        """In a transaction that holds its stream, and may commit later."""
        if word not in self.under_way:
            self.under_way[word] = psycopg.connect(self.url), []
        connection, events = self.under_way[word]
        for _ in range(number):
            event = uuid7(), self.tenant_id, TYPES[kind], uuid7(), stream(word)
            connection.execute(LOG, event)
            events.append(event)
        if commits:
            self.a_transaction_commits(word)

    @rule(word=words)
    def a_transaction_commits(self, word):
        if word in self.under_way:
            connection, events = self.under_way.pop(word)
            connection.commit()
            connection.close()
            for id, _, type, _, of in events:
                self.known.append(id)
                for types, told in self.told.values():
                    if not types or type in types:
                        told.expect(of, id)
            give_positions(1000)

    def begin(self, given, requests):
        return [
            Process(turn, self.told[turn.endpoint.id][1], itertools.cycle(given), requests)
            for turn in leased()
        ]

    @rule(given=answers, requests=st.integers(1, 8), is_after_a_wait=mostly)
    def a_process_delivers(self, given, requests, is_after_a_wait):
        if is_after_a_wait:
            self.time_passes(400)
        for process in self.begin(given, requests):
            self.record(process)

    @rule(given=answers, requests=st.integers(1, 8), is_after_a_wait=mostly)
    def a_process_delivers_and_stalls(self, given, requests, is_after_a_wait):
        if is_after_a_wait:
            self.time_passes(400)
        self.stalled += self.begin(given, requests)

    @rule(which=some)
    def a_stalled_process_records(self, which):
        if self.stalled:
            self.record(self.stalled.pop(which % len(self.stalled)))

    def record(self, process):
        if recording.record(process.turn, process.result):
            process.has_recorded()

    @rule(seconds=st.sampled_from([5, 30, 60, 400, LONG]))
    def time_passes(self, seconds):
        for table, columns in (
            ("webhook_endpoints", ("due_at", "failing_since")),
            ("webhook_set_aside", ("next_try_at", "created_at")),
        ):
            earlier = (f"{each} = {each} - make_interval(secs => {seconds})" for each in columns)
            self.rows.execute(f"UPDATE messaging.{table} SET {', '.join(earlier)}")

    @rule(which=some, first=st.booleans())
    def a_replay_is_asked_for(self, which, first):
        id, (_, told) = list(self.told.items())[0 if first else 1]
        event_id = self.known[-1 - which % len(self.known)]
        with tenant_scope(self.tenant_id):
            again.replay_from(id, event_id)
        behind = self.rows.execute(
            """SELECT event.id FROM messaging.events event, messaging.webhook_endpoints endpoint
               WHERE endpoint.id = %s AND event.position > endpoint.position""",
            [id],
        )
        told.replay({event_id for (event_id,) in behind})

    @rule(first=st.booleans())
    def a_test_is_sent(self, first):
        with tenant_scope(self.tenant_id), suppress(endpoints.Refused):
            again.send_test(list(self.told)[0 if first else 1])

    @rule(disables=st.booleans())
    def somebody_enables_or_disables(self, disables):
        with tenant_scope(self.tenant_id):
            if disables:
                endpoints.disable(list(self.told)[:1])
            else:
                endpoints.enable(list(self.told))

    @invariant()
    def no_more_is_set_aside_than_may_be(self):
        found = self.rows.execute(
            "SELECT count(*) FROM messaging.webhook_set_aside WHERE position IS NOT NULL"
            " GROUP BY endpoint_id"
        ).fetchall()
        assert all(number <= MOST_SET_ASIDE for (number,) in found)

    @invariant()
    def the_first_of_each_stream_has_a_next_try_and_no_other(self):
        wrong = self.rows.execute(
            """SELECT event_id FROM (
                   SELECT event_id, next_try_at, row_number() OVER (
                       PARTITION BY endpoint_id, stream_id ORDER BY position) AS place
                   FROM messaging.webhook_set_aside) aside
               WHERE (place = 1) <> (next_try_at IS NOT NULL)"""
        ).fetchall()
        assert wrong == []

    @invariant()
    def what_is_set_aside_lies_behind_the_cursor(self):
        wrong = self.rows.execute(
            """SELECT event_id FROM messaging.webhook_set_aside aside
               JOIN messaging.webhook_endpoints endpoint ON endpoint.id = aside.endpoint_id
               WHERE aside.position > endpoint.position"""
        ).fetchall()
        assert wrong == []

    def teardown(self):
        for word in list(self.under_way):
            self.a_transaction_commits(word)
        if sys.exc_info()[0] is None:
            self.end_well()

    def end_well(self):
        """Everything answers again: then nothing is missing."""
        self.somebody_enables_or_disables(disables=False)
        for _ in range(40):
            self.time_passes(LONG)
            for process in self.begin(["well"], 100):
                self.record(process)
        missing = {id: told.missing() for id, (_, told) in self.told.items()}
        assert missing == {id: set() for id in self.told}
        rest = "SELECT count(*) FROM messaging.webhook_set_aside"
        assert self.rows.execute(rest).fetchone() == (0,)


def test_whatever_happens_each_stream_comes_in_order_and_nothing_is_left_out(
    db_rows, database_name, monkeypatch
):
    for module in (webhook_endpoint, turns):
        monkeypatch.setattr(module, "MOST_SET_ASIDE", MOST_SET_ASIDE)
    monkeypatch.setattr(retry, "SCHEDULE", SCHEDULE)
    url = database.superuser_url(database_name)

    def open_stage() -> tuple[psycopg.Connection, str]:
        database.empty(db_rows)
        return db_rows, url

    run_state_machine_as_test(
        type("Walk", (Deliveries,), {"open_stage": staticmethod(open_stage)}), settings=WALKS
    )
