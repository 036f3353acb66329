"""What the product does in one process: the works that product.py runs."""

import os
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from channels_app import providers
from channels_app.models import Channel
from messaging.inbound.leasing import DeliveryLeaser
from messaging.maintenance.retention import purge_bodies
from messaging.models import Message, WebhookDelivery
from messaging.worker import Worker
from tenants.models import Tenant
from tenants.models.uuid7 import first_id_at
from tenants.scope import operator_scope, router_scope
from tests.benchmarks import load
from tests.benchmarks.figures import Figures, measured
from tests.benchmarks.peers.bodies import with_user_ids

POSTMASTER = int(os.environ["BENCH_POSTMASTER"])
AT_ONCE = 500  # rows of one statement
LOOKS = 50
REPLIES_PER_HOUR = 30_000  # of a tenant: no work reaches it
EMPTY = (
    "UPDATE messages SET status = 'cancelled', due_at = NULL, lease = NULL"
    " WHERE status = 'queued' AND id >= %(recent)s",
    "UPDATE webhook_deliveries SET due_at = NULL WHERE due_at IS NOT NULL AND id >= %(recent)s",
)
RECENT = first_id_at(timezone.now() - timedelta(hours=1))  # older ones are not the benchmarks' own


def tenants(count: str) -> Figures:
    """Create so many tenants with a channel each."""
    with operator_scope():
        created = [
            Tenant(
                slug=f"t{n}",
                name=f"Tenant {n}",
                auto_reply="Thanks!",
                replies_per_hour=REPLIES_PER_HOUR,
            )
            for n in range(int(count))
        ]
        Tenant.objects.bulk_create(created, batch_size=AT_ONCE)
        for n, tenant in enumerate(created):
            Channel.objects.connect(
                tenant,
                kind="whatsapp",
                external_id=str(load.FIRST_NUMBER + n),
                account_id=load.ACCOUNT,
                access_token=f"token-{n}",
                name="",
            )
    return Figures(name="tenants")


def tokens(channels: str) -> Figures:
    """Let the first channels of the large data set send, as many replies as those of `tenants`."""
    numbers = [str(load.FIRST_NUMBER + n) for n in range(int(channels))]
    with operator_scope():
        for channel in Channel.objects.filter(external_id__in=numbers).select_related("tenant"):
            Channel.objects.connect(
                channel.tenant,
                kind=channel.kind,
                external_id=channel.external_id,
                account_id=load.ACCOUNT,
                access_token=f"token-{channel.external_id}",
                name="",
            )
        Tenant.objects.update(replies_per_hour=REPLIES_PER_HOUR)
    return Figures(name="tokens")


def intake(shape: str, messages: str, channels: str) -> Figures:
    """Store webhooks, and measure how they are recorded, each with its reply queued."""
    store(SHAPES[shape](int(messages), int(channels)))
    figures, leaser = Figures(name=f"intake, {shape}"), DeliveryLeaser()
    before = replies("queued")
    with measured(figures, apps=[os.getpid()], postmaster=POSTMASTER, count=int(messages)):
        while leaser.process_due():
            pass
    complain_unless(replies("queued") - before == int(messages))
    return figures


def whole_round(messages: str, channels: str) -> Figures:
    """Store webhooks, and measure how one worker records them, sends the replies and records the
    outcomes.
    """
    store(load.spread(int(messages), int(channels)))
    figures, worker = Figures(name="whole round"), Worker(senders=64)
    before = replies("accepted")
    with measured(figures, apps=[os.getpid()], postmaster=POSTMASTER, count=int(messages)):
        worker.drain()
    complain_unless(replies("accepted") - before == int(messages))
    return figures


def statuses(messages: str) -> Figures:
    """Store the statuses of messages that a round has sent, three of each, and measure how they are
    applied.
    """
    with operator_scope():
        sent = list(
            Message.objects.filter(direction="outbound", status="accepted")
            .order_by("-id")
            .values_list("channel__external_id", "external_id")[: int(messages)]
        )
    store(
        load.status_body(*each, status) for status in ("sent", "delivered", "read") for each in sent
    )
    figures, leaser = Figures(name="statuses"), DeliveryLeaser()
    before = replies("read")
    with measured(figures, apps=[os.getpid()], postmaster=POSTMASTER, count=3 * int(messages)):
        while leaser.process_due():
            pass
    complain_unless(replies("read") - before == int(messages))
    return figures


def purge(before: str) -> Figures:
    """Purge the deliveries before a moment, and measure it. Its waits: of each portion."""
    first_kept = first_id_at(datetime.fromisoformat(before))
    with operator_scope():
        old = WebhookDelivery.objects.filter(id__lt=first_kept).count()
    figures, gone = Figures(name="purge"), 1
    with measured(figures, apps=[os.getpid()], postmaster=POSTMASTER, count=old):
        while gone:
            began = time.perf_counter()
            gone = purge_bodies(first_kept)
            figures.waits.append(1000 * (time.perf_counter() - began))
    return figures


def looks() -> Figures:
    """Measure how long a look takes at a queue in which nothing waits. Its waits: of each look."""
    figures, leaser = Figures(name="looks"), DeliveryLeaser()
    for _ in range(LOOKS):
        began = time.perf_counter()
        leaser.process_due()
        figures.waits.append(1000 * (time.perf_counter() - began))
    return figures


def replies(status: str) -> int:
    with operator_scope():
        written = Message.objects.filter(id__gte=RECENT, direction="outbound")
        return written.filter(status=status).count()


def complain_unless(everything_was_done: bool) -> None:
    if not everything_was_done:
        raise SystemExit("Not all of the work was done: the figures would mean nothing.")


def held_back(shape: str, messages: str, channels: str) -> Figures:
    """Store webhooks that are not due: whoever measures their processing lets them be."""
    store(SHAPES[shape](int(messages), int(channels)))
    with router_scope(), connection.cursor() as cursor:
        cursor.execute("UPDATE webhook_deliveries SET due_at = 'infinity' WHERE due_at IS NOT NULL")
    return Figures(name="held back")


def empty_queues() -> Figures:
    """Take everything out of both queues, so that the next work begins as this one did."""
    with router_scope(), connection.cursor() as cursor:
        for statement in EMPTY:
            cursor.execute(statement, {"recent": RECENT})
    return Figures(name="empty queues")


def store(webhooks: Iterator[bytes]) -> None:
    lane_of = providers.get("whatsapp").lane_of
    for body in webhooks:
        lane, hint = lane_of(body, "")
        WebhookDelivery.store("whatsapp", body, address="", lane=lane, route_hint=hint)


SHAPES: dict[str, Callable[[int, int], Iterator[bytes]]] = {
    "spread": load.spread,
    "with user ids": with_user_ids,
    "one tenant": lambda count, _: load.spread(count, 1),
    "crowd": lambda count, _: load.crowd(count),
    "bodies of 1,000": lambda count, _: load.large(count, 1000),
}
WORKS: dict[str, Callable[..., Figures]] = {
    "tenants": tenants,
    "tokens": tokens,
    "intake": intake,
    "round": whole_round,
    "statuses": statuses,
    "held back": held_back,
    "purge": purge,
    "looks": looks,
    "empty": empty_queues,
}
