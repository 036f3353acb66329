"""What the pipeline does with a webhook, step by step, for flow.py to explain."""

from datetime import timedelta

from django.utils import timezone

from channels_app.event_log.sequencer import give_positions
from messaging.maintenance import sweeps
from messaging.maintenance.messages_kept import STEPS as KEPT_STEPS
from messaging.maintenance.nightly import STEPS as NIGHTLY_STEPS
from messaging.models import Message
from messaging.worker import Worker
from tenants.models import Tenant
from tenants.models.uuid7 import first_id_at
from tenants.scope import operator_scope
from tests.benchmarks import load
from tests.benchmarks.works import RECENT, store

YEAR = timedelta(days=364)  # only a day of the large data set is older


def door(count: int, channels: int) -> None:
    store(load.spread(count, channels))


def recorded_and_answered(count: int, channels: int) -> None:
    Worker(senders=64).drain()


def statuses(count: int, channels: int) -> None:
    with operator_scope():
        sent = Message.objects.filter(id__gte=RECENT, direction="outbound", status="accepted")
        told = list(sent.values_list("channel__external_id", "external_id")[:count])
    store(load.status_body(*each, "delivered") for each in told)
    Worker(senders=64).drain()


def sweeps_of_a_worker(count: int, channels: int) -> None:
    for sweep in sweeps.SWEEPS:
        sweeps.run_sweep(sweep)


def positions(count: int, channels: int) -> None:
    give_positions(1000)


def purges(count: int, channels: int) -> None:
    before = first_id_at(timezone.now() - YEAR)
    with operator_scope():
        largest = Tenant.objects.get(slug="t1").id
    for step in NIGHTLY_STEPS.values():
        step(before)
    for step_of_tenant in KEPT_STEPS.values():
        step_of_tenant(largest, before)


STEPS = (door, recorded_and_answered, statuses, sweeps_of_a_worker, positions, purges)
