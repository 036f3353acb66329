"""Inbox, sending and statuses: walks at random through the real code, each step compared with a
model of what happened outside.

CHAOS=long takes many more and longer walks.
"""

import os
import sys
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from messaging.inbound.leasing import DeliveryLeaser
from messaging.maintenance import sweeps
from messaging.outbound.outcomes import give_up_waiting
from tests.support.poison import POISON as POISON_TRIGGER
from tests.support.whatsapp.walk.model import ANSWERS, WORDS
from tests.support.whatsapp.walk.stage import Stage

pytestmark = pytest.mark.whatsapp

IS_LONG = os.environ.get("CHAOS") == "long"
WALKS = settings(
    max_examples=300 if IS_LONG else 10,
    stateful_step_count=60 if IS_LONG else 35,
    # the long form looks for what is new, the short one keeps what is known
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
ALL = list(sweeps.SWEEPS)
CONTACTS = ("4670000001", "4670000002", "4670000003")

slugs = st.sampled_from(["acme", "globex"])
contacts = st.sampled_from(CONTACTS)
items = st.lists(
    st.tuples(contacts, st.sampled_from(["new", "new", "twice", "poison", "senderless"])),
    min_size=1,
    max_size=3,
)
# of the next POSTs, in turn
answers = st.lists(st.sampled_from(["accepted", "accepted", *ANSWERS]), min_size=3, max_size=3)
mostly = st.sampled_from([True, True, True, False])
seldom = st.sampled_from([False, False, False, True])
some = st.integers(0, 20)
reports = st.lists(
    st.tuples(some, st.lists(st.sampled_from(WORDS), min_size=1, max_size=2)),
    min_size=1,
    max_size=3,
)


class Pipeline(RuleBasedStateMachine):
    """A process that stalls leaves what it holds in a list; it may go on at any time, or has died.

    No rule has a precondition: what is drawn must not depend on clocks and threads, or Hypothesis
    calls it flaky.
    """

    open_stage: Callable[[], Stage]

    def __init__(self) -> None:
        super().__init__()
        self.stage = self.open_stage()
        self.model = self.stage.model
        self.intakes = [DeliveryLeaser(), DeliveryLeaser()]
        self.webhooks, self.taken, self.leases, self.marks, self.answered = [], [], [], [], []

    def take_in(self, is_now=True):
        if is_now:
            self.intakes[0].process_due()

    @initialize(given=answers)
    def everybody_has_written_and_some_were_answered(self, given):
        for slug in self.stage.houses:
            self.contacts_write(slug, [(contact, "new") for contact in CONTACTS], True)
        self.a_process_sends(given, False)

    @rule(slug=slugs, items=items, is_taken_in=mostly)
    def contacts_write(self, slug, items, is_taken_in):
        self.webhooks.append(self.stage.write(slug, items))
        self.take_in(is_taken_in)

    @rule(which=some, is_taken_in=mostly)
    def meta_repeats_a_webhook(self, which, is_taken_in):
        self.stage.send_webhook(self.webhooks[-1 - which % len(self.webhooks)])
        self.take_in(is_taken_in)

    @rule(reports=reports, is_referenced=mostly, is_astray=seldom, is_taken_in=mostly)
    def meta_reports(self, reports, is_referenced, is_astray, is_taken_in):
        for which, words in reports if self.model.accepted else ():
            entry = self.model.accepted[-1 - which % len(self.model.accepted)]
            self.webhooks.append(
                self.stage.report(entry, words, is_referenced=is_referenced, is_astray=is_astray)
            )
        self.take_in(is_taken_in)

    @rule(stalls=st.booleans())
    def another_intake_works(self, stalls):
        if not stalls:
            self.intakes[1].process_due()
        elif deliveries := self.intakes[1].lease():
            self.taken.append(deliveries)

    @rule(which=some)
    def a_stalled_intake_goes_on(self, which):
        if self.taken:
            self.stage.go_on(self.taken.pop(which % len(self.taken)))

    def begin(self, is_after_a_wait):
        if is_after_a_wait:
            self.stage.time_passes(is_long=False)
        return self.stage.lease()

    @rule(given=answers, is_after_a_wait=mostly)
    def a_process_sends(self, given, is_after_a_wait):
        marked = self.stage.mark(*self.begin(is_after_a_wait))
        answered = [self.stage.post(mark, given[index % 3]) for index, mark in enumerate(marked)]
        self.answered += answered
        if answered:
            self.stage.record(answered)

    @rule(given=answers, is_after_a_wait=mostly)
    def a_process_sends_and_stalls(self, given, is_after_a_wait):
        marked = self.stage.mark(*self.begin(is_after_a_wait))
        self.answered += [
            self.stage.post(mark, given[index % 3]) for index, mark in enumerate(marked)
        ]

    @rule(processes=st.integers(1, 3), marks=seldom)
    def processes_stall_before_they_send(self, processes, marks):
        """One after another: each takes over from the last."""
        self.leases += [self.begin(True) for _ in range(processes)]
        if marks:
            self.marks += self.stage.mark(*self.leases[-1])

    @rule(at_most=st.integers(1, 4))
    def stalled_processes_mark(self, at_most):
        for token, ids in self.leases[-3:]:
            self.marks += self.stage.mark(token, ids[:at_most])

    @rule(which=some, given=answers)
    def a_stalled_process_posts(self, which, given):
        if self.marks:
            self.answered.append(self.stage.post(self.marks.pop(which % len(self.marks)), given[0]))

    @rule(which=some)
    def answers_are_recorded_late_or_again(self, which):
        first = which % (len(self.answered) or 1)
        for answered in self.answered[first : first + 4]:
            self.stage.record([answered])

    @rule(orders=st.booleans())
    def answers_never_come(self, orders):
        self.stage.time_passes(is_long=True)
        self.stage.heal([give_up_waiting])
        if orders:
            self.stage.order([row.id for row in self.stage.look().replies()])

    @rule(steps=st.sampled_from([ALL, ALL, *([step] for step in ALL)]))
    def things_heal(self, steps):
        self.stage.heal(steps)

    @rule(which=some, everything=seldom)
    def an_operator_sends_again(self, which, everything):
        rows = self.model.world.replies()
        again = sorted(row.id for row in rows if row.status in ("failed", "unknown"))
        one = which % (len(again) or 1)
        self.stage.order([row.id for row in rows] if everything else again[one : one + 1])

    @rule(slug=slugs, is_active=mostly, connects=mostly)
    def an_operator_changes_a_house(self, slug, is_active, connects):
        self.stage.activate(slug, is_active)
        if connects:
            self.stage.connect(slug)

    @invariant()
    def all_is_as_it_may_be(self):
        self.stage.check()

    def teardown(self):
        if sys.exc_info()[0] is None:
            self.stage.end_well()


@pytest.fixture
def poison(db_rows):
    db_rows.execute(POISON_TRIGGER)
    yield
    db_rows.execute("DROP FUNCTION messaging.refuse_poison() CASCADE")


def test_whatever_happens_no_message_is_lost_doubled_or_shown_as_what_it_is_not(
    db_rows, poison, deliver, graph
):
    def open_stage() -> Stage:
        return Stage(db_rows, graph, deliver)

    run_state_machine_as_test(
        type("Walk", (Pipeline,), {"open_stage": staticmethod(open_stage)}), settings=WALKS
    )
