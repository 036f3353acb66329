import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from messaging.maintenance.retention import purge_bodies, purge_files, purge_messages
from messaging.uuid7 import first_id_at


class Command(BaseCommand):
    help = (
        "Deletes what is older than so many days: webhook bodies, and messages with their statuses,"
        " attempts and files. What still waits stays. A late repetition of a deleted message is"
        " recognised. Safe to interrupt. Example: manage.py purge --bodies 30 --messages 365"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--bodies",
            type=int,
            metavar="DAYS",
            help="delete processed webhook bodies older than this",
        )
        parser.add_argument(
            "--messages", type=int, metavar="DAYS", help="delete messages older than this"
        )

    def handle(self, *args: Any, bodies: int | None, messages: int | None, **options: Any) -> None:
        if (bodies is None and messages is None) or min(bodies or 0, messages or 0) < 0:
            raise CommandError(
                "Say what to delete: --bodies DAYS, --messages DAYS, or both; days are counted from"
                " now."
            )
        purged = {
            "bodies": 0 if bodies is None else self.purge("webhook bodies", bodies, purge_bodies),
            "messages": 0 if messages is None else self.purge("messages", messages, purge_messages),
            "files": 0 if messages is None else self.purge("files", messages, purge_files),
        }
        self.stdout.write(json.dumps(purged))

    def purge(self, what: str, days: int, step: Callable[[Any], int]) -> int:
        before, total = first_id_at(timezone.now() - timedelta(days=days)), 0
        while count := step(before):
            total += count
            self.stderr.write(f"{total} {what} deleted")
        return total
