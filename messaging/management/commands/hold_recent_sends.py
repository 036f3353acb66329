import json
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from messaging.inbound.leasing import DeliveryLeaser
from messaging.maintenance import failover
from messaging.management.moments import moment
from messaging.models import Message, WebhookDelivery, WorkerHeartbeat
from tenants import audit
from tenants.audit import Action
from tenants.management.noted import Noted
from tenants.scope import operator_scope, router_scope

AT_ONCE = 1000
CLOCKS_DIFFER_BY = timedelta(seconds=2)  # that of a message's id is its process's
IS_ALIVE = timedelta(seconds=30)  # since a worker's last sign of life
NO_MOMENT = (
    "This server does not know when it took over. Say --before T: any moment between the last that"
    " the old server did and the first that this one did."
)
NOT_YET = "--before is later than now: say when this server took over."
A_WORKER_RUNS = (
    "A worker runs, and may be sending what is to be held. Stop every worker, wait 30 seconds and"
    " run this again."
)


class Command(Noted):
    help = (
        "After a failover to a server that lacks the last commits, before a worker is started:"
        " records the webhooks that wait, and marks as unknown each waiting message that may have"
        " been sent already, so that nobody gets one twice. A status settles them, or an operator"
        " sends them again. Safe to repeat. Example: manage.py hold_recent_sends --dry-run"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--before",
            type=moment,
            metavar="T",
            help="when this server took over (ISO 8601); by itself the server is asked",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="count what waits, and change nothing"
        )

    def handle(self, *args: Any, before: datetime | None, dry_run: bool, **options: Any) -> None:
        before = before or self.took_over_at()
        if before > timezone.now() + CLOCKS_DIFFER_BY:
            raise CommandError(NOT_YET)
        told = self.waiting(before) if dry_run else self.hold(before)
        self.stdout.write(json.dumps({"before": before.isoformat(timespec="seconds"), **told}))

    def took_over_at(self) -> datetime:
        with router_scope():
            last = failover.took_over_at()
        if last is None:
            raise CommandError(NO_MOMENT)
        return last + CLOCKS_DIFFER_BY

    def refuse_beside_workers(self, before: datetime) -> None:
        """Raise CommandError if a worker was seen since, and just now."""
        with router_scope():
            if WorkerHeartbeat.objects.is_any_alive(before, IS_ALIVE):
                raise CommandError(A_WORKER_RUNS)

    def waiting(self, before: datetime) -> dict[str, int]:
        with operator_scope():
            return {
                "webhooks_waiting": WebhookDelivery.objects.waiting_since(before).count(),
                "messages_uncertain": len(failover.uncertain(before)),
            }

    def hold(self, before: datetime) -> dict[str, int]:
        self.refuse_beside_workers(before)
        self.record_webhooks(before)
        held = 0
        while ids := self.hold_some(before):
            held += len(ids)
            self.stderr.write(f"{held} messages marked as unknown")
        with operator_scope():
            left = WebhookDelivery.objects.waiting_since(before).count()
        if left:
            self.stderr.write(f"{left} webhooks could not be recorded yet: run this once more.")
        return {"webhooks_waiting": left, "messages_unknown": held}

    def record_webhooks(self, before: datetime) -> None:
        """Record what waits here, as a worker would: the old server may have answered it, and only
        an answer that is queued can be held.
        """
        with router_scope():
            WebhookDelivery.objects.make_due(before)
        leaser, recorded = DeliveryLeaser(), 0
        while count := leaser.process_due():
            recorded += count
            self.stderr.write(f"{recorded} webhooks recorded")

    def hold_some(self, before: datetime) -> list[Any]:
        with operator_scope():
            ids = failover.uncertain(before, at_most=AT_ONCE)
            if ids:
                failover.doubt(ids)
                self.note(Action.ORDER, Message, audit.of_ids(Message, ids))
        return ids
