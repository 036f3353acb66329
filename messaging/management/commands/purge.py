import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from messaging.maintenance import messages_kept
from messaging.maintenance.retention import (
    purge_audit_log,
    purge_bodies,
    purge_events,
    purge_webhook_log,
)
from tenants.audit import Action
from tenants.management.noted import Noted
from tenants.models import Tenant
from tenants.models.uuid7 import first_id_at
from tenants.scope import operator_scope

AUDIT_KEPT = 90  # days, as the database has it: AppendOnlyRLS


class Command(Noted):
    help = (
        "Deletes what is older than so many days: webhook bodies, events of the log, messages with"
        " their statuses, attempts, files and the history of their threads' owners, and the log of"
        " outgoing webhooks. What still waits"
        " stays. A late repetition of a deleted message is recognised. Safe to interrupt. Example:"
        " manage.py purge --bodies 30 --events 30 --messages 365 --webhook-log 30"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--bodies",
            type=int,
            metavar="DAYS",
            help="delete processed webhook bodies older than this",
        )
        parser.add_argument(
            "--events", type=int, metavar="DAYS", help="delete events of the log older than this"
        )
        parser.add_argument(
            "--messages", type=int, metavar="DAYS", help="delete messages older than this"
        )
        parser.add_argument(
            "--webhook-log",
            type=int,
            metavar="DAYS",
            help="delete the log of outgoing webhooks older than this",
        )
        parser.add_argument(
            "--audit",
            type=int,
            metavar="DAYS",
            help=f"delete entries of the audit log older than this, at least {AUDIT_KEPT} days",
        )

    def handle(
        self,
        *args: Any,
        bodies: int | None,
        events: int | None,
        messages: int | None,
        webhook_log: int | None,
        audit: int | None,
        **options: Any,
    ) -> None:
        all_days = {
            "bodies": bodies,
            "events": events,
            "messages": messages,
            "webhook log": webhook_log,
            "audit log": audit,
        }
        given = {what: days for what, days in all_days.items() if days is not None}
        if not given or min(given.values()) < 0:
            raise CommandError(
                "Say what to delete: --bodies DAYS, --events DAYS, --messages DAYS,"
                " --webhook-log DAYS, --audit DAYS, or some of them; days are counted from now."
            )
        if audit is not None and audit < AUDIT_KEPT:
            raise CommandError(f"The audit log is kept for {AUDIT_KEPT} days at least.")
        with operator_scope():
            self.note(Action.DELETE, what=list(given))
        purged = {
            "bodies": self.purge("webhook bodies", bodies, purge_bodies),
            "events": self.purge("events", events, purge_events),
            **self.purge_messages(messages),
            "webhook_log": self.purge("webhook requests", webhook_log, purge_webhook_log),
            "audit": self.purge("audit entries", audit, purge_audit_log),
        }
        self.stdout.write(json.dumps(purged))

    def purge_messages(self, days: int | None) -> dict[str, int]:
        """Purge the messages of every tenant, whatever it has set. Returns how many rows went."""
        if days is None:
            return dict.fromkeys(messages_kept.STEPS, 0)
        with operator_scope():
            tenant_ids = list(Tenant.objects.order_by("id").values_list("id", flat=True))
        return {
            what: sum(self.purge(what, days, partial(step, id)) for id in tenant_ids)
            for what, step in messages_kept.STEPS.items()
        }

    def purge(self, what: str, days: int | None, step: Callable[[Any], int]) -> int:
        if days is None:
            return 0
        before, total = first_id_at(timezone.now() - timedelta(days=days)), 0
        while count := step(before):
            total += count
            self.stderr.write(f"{total} {what} deleted")
        return total
