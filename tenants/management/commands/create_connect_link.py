import json
from datetime import timedelta
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from tenants.audit import Action
from tenants.connect_links.making import LinkRefused, new
from tenants.connect_links.opening import address_of
from tenants.management.noted import Noted
from tenants.management.tenants import tenant_of
from tenants.members.connect_pages import link_pages
from tenants.scope import operator_scope

MOST_HOURS = 30 * 24


class Command(Noted):
    help = (
        "Makes a link with which the owner of a tenant connects one channel, without an account,"
        " and prints it, once. Afterwards the link leads back to --return-url, which gets"
        " connect=done and channel=ID, or connect=cancelled. Example: manage.py create_connect_link"
        " --tenant acme --return-url https://shop.example.com/connected"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        kinds = sorted(link_pages())
        parser.add_argument("--tenant", required=True, metavar="SLUG")
        parser.add_argument("--return-url", required=True, metavar="URL")
        parser.add_argument(
            "--kind",
            choices=kinds,
            default=kinds[0] if len(kinds) == 1 else None,
            required=len(kinds) != 1,
            help="of the channel (default: the only one that there is)",
        )
        parser.add_argument(
            "--hours", type=int, default=24, help="how long the link is good (default: 24)"
        )

    def handle(
        self, *args: Any, tenant: str, return_url: str, kind: str, hours: int, **options: Any
    ) -> None:
        if not 0 < hours <= MOST_HOURS:
            raise CommandError(f"--hours must be between 1 and {MOST_HOURS}.")
        expires_at = timezone.now() + timedelta(hours=hours)
        try:
            with operator_scope():
                by = "create_connect_link"
                link = new(tenant_of(tenant).id, kind, return_url, expires_at, by)
                link.save(force_insert=True)
                self.note_rows(Action.CREATE, link)
        except LinkRefused as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(
            json.dumps({"url": address_of(link), "expires_at": expires_at.isoformat()})
        )
