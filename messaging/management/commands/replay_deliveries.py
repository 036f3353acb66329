import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError, CommandParser

from messaging.management.moments import moment
from messaging.models import WebhookDelivery
from tenants import audit
from tenants.audit import Action
from tenants.management.noted import Noted
from tenants.scope import operator_scope

AT_ONCE = 500


class Command(Noted):
    help = (
        "Processes stored webhooks once more, for instance after a repair. What is recorded already"
        " is recognised, and old messages are not answered. Example: manage.py replay_deliveries"
        " --since 2026-11-22T08:00+01:00 --set-aside"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("ids", nargs="*", type=UUID, metavar="ID", help="deliveries by id")
        parser.add_argument(
            "--since",
            type=moment,
            metavar="T",
            help="every delivery received since then (ISO 8601)",
        )
        parser.add_argument(
            "--set-aside",
            action="store_true",
            help="of these only the ones that hold something set aside",
        )

    def handle(
        self, *args: Any, ids: list[UUID], since: datetime | None, set_aside: bool, **options: Any
    ) -> None:
        if bool(ids) == bool(since):
            raise CommandError(
                "Name deliveries by their ids, or say --since when they came; one of the two."
            )
        wanted = ids or self.found(since, set_aside)
        replayed = 0
        for start in range(0, len(wanted), AT_ONCE):
            with operator_scope():
                again = WebhookDelivery.objects.process_again(wanted[start : start + AT_ONCE])
                self.note(Action.ORDER, WebhookDelivery, audit.of_ids(WebhookDelivery, again))
            replayed += len(again)
            self.stderr.write(f"{min(start + AT_ONCE, len(wanted))} of {len(wanted)}")
        if ids and replayed < len(set(ids)):
            self.stderr.write(
                f"{len(set(ids)) - replayed} of the ids are of no delivery, or of one that still"
                " waits."
            )
        self.stdout.write(json.dumps({"replayed": replayed}))

    def found(self, since: datetime | None, set_aside: bool) -> list[UUID]:
        with operator_scope():
            rows = WebhookDelivery.objects.filter(
                received_at__gte=since, processed_at__isnull=False
            )
            rows = rows.exclude(error="") if set_aside else rows
            return list(rows.order_by("id").values_list("id", flat=True))
