import sys
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from messaging.management.moments import moment
from messaging.models import WorkerHeartbeat
from messaging.rehearsal.clone import NotCloned
from messaging.rehearsal.rehearsing import Order, rehearse
from messaging.replies.registry import at_path
from tenants.management.tenants import tenant_of
from tenants.scope import router_scope

DIFFERS, REFUSED = 1, 2  # exit codes
A_LIVE_SYSTEM_BEATS = timedelta(minutes=5)


class Command(BaseCommand):
    help = (
        "Plays the webhooks that a restored copy of the database holds through this code once more,"
        " in a clone of the copy, and reports what would be recorded in another way than it was."
        " Nothing is sent, and the copy stays as it is. Exits with 0 where nothing differs, with 1"
        " where something does, with 2 where it cannot be rehearsed. Example: manage.py rehearse"
        " --copy restored --since 2026-11-29"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--copy", required=True, metavar="NAME", help="the database that DATABASE_URL names"
        )
        parser.add_argument(
            "--since",
            type=moment,
            required=True,
            metavar="T",
            help="play every delivery received since then (ISO 8601), to the end of the copy",
        )
        parser.add_argument(
            "--strategy", metavar="PATH", help="the strategy that answers where none is chosen"
        )
        parser.add_argument("--tenant", metavar="SLUG", help="report this tenant's rows alone")
        parser.add_argument(
            "--most",
            type=int,
            default=20,
            metavar="N",
            help="how many differences of each kind are shown; all are counted",
        )
        parser.add_argument(
            "--texts", action="store_true", help="show what people said, and their ids, too"
        )
        parser.add_argument("--json", action="store_true", help="report as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        order = self.order_of(**options)
        try:
            report = rehearse(order, self.stderr.write)
        except NotCloned as error:
            raise CommandError(str(error), returncode=REFUSED) from None
        self.stdout.write(report.as_json() if options["json"] else report.as_text())
        if report.differs:
            sys.exit(DIFFERS)

    def order_of(
        self, *, copy: str, since: datetime, tenant: str | None, most: int, **options: Any
    ) -> Order:
        refuse_what_is_no_copy(copy)
        with router_scope():
            tenant_id = tenant_of(tenant).id if tenant else None
        path = options["strategy"] or settings.REPLY_STRATEGY
        try:
            at_path(path)
        except (ImportError, AttributeError, TypeError) as error:
            told = f"{path} is no reply strategy that can be made ({error})."
            raise CommandError(told, returncode=REFUSED) from None
        return Order(
            copy=copy,
            since=since,
            strategy=path,
            tenant_id=tenant_id,
            at_most=most,
            with_texts=options["texts"],
        )


def refuse_what_is_no_copy(name: str) -> None:
    """Refuse a database of another name, and one that a worker uses."""
    if (used := connection.settings_dict["NAME"]) != name:
        raise CommandError(
            f"DATABASE_URL names the database {used}, not {name}. Let DATABASE_URL and"
            " DATABASE_OWNER_URL name the copy.",
            returncode=REFUSED,
        )
    with router_scope():
        lately = timezone.now() - A_LIVE_SYSTEM_BEATS
        if WorkerHeartbeat.objects.filter(seen_at__gt=lately).exists():
            raise CommandError(
                f"A worker has used {name} within five minutes: it is a live system, or a copy of"
                " it from this moment. Rehearse on a copy that no process uses.",
                returncode=REFUSED,
            )
