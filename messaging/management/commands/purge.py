import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from messaging import sql
from messaging.models import ErasedMessage
from messaging.moments import first_id_at
from tenants.scope import operator_scope

AT_ONCE = 1000


class Command(BaseCommand):
    help = (
        "Deletes what is older than so many days: webhook bodies, and messages with their statuses and attempts. What still "
        "waits stays. A late repetition of a deleted message is recognised. Safe to interrupt. Example: manage.py purge "
        "--bodies 30 --messages 365"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--bodies", type=int, metavar="DAYS", help="delete processed webhook bodies older than this")
        parser.add_argument("--messages", type=int, metavar="DAYS", help="delete messages older than this")

    def handle(self, *args: Any, bodies: int | None, messages: int | None, **options: Any) -> None:
        if (bodies is None and messages is None) or min(bodies or 0, messages or 0) < 0:
            raise CommandError("Say what to delete: --bodies DAYS, --messages DAYS, or both; days are counted from now.")
        purged = {
            "bodies": 0 if bodies is None else self.purge("webhook bodies", bodies, purge_bodies),
            "messages": 0 if messages is None else self.purge("messages", messages, purge_messages),
        }
        self.stdout.write(json.dumps(purged))

    def purge(self, what: str, days: int, step: Callable[[Any], int]) -> int:
        before, total = first_id_at(timezone.now() - timedelta(days=days)), 0
        while count := step(before):
            total += count
            self.stderr.write(f"{total} {what} deleted")
        return total


def purge_bodies(before: Any) -> int:
    with operator_scope():
        return len(sql.run("purge_deliveries", before=before, at_most=AT_ONCE))


def purge_messages(before: Any) -> int:
    with operator_scope():
        rows = sql.run("purge_messages", before=before, at_most=AT_ONCE)
        received = [row for row in rows if row["direction"] == "inbound"]
        ErasedMessage.objects.remember((row["tenant_id"], row["channel_id"], row["external_id"]) for row in received)
    return len(rows)
